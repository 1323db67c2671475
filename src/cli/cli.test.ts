import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { audit } from '#platform/audit/append.ts';
import { chainPending } from '#platform/audit/sequencer.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { openSecrets } from '#platform/identity/secrets.ts';
import { systemActor } from '#platform/work.ts';
import { type Command, positional, UsageError } from './command.ts';
import { command as keys } from './keys.ts';
import { proveAuditChain } from './restore.ts';

const directory = mkdtempSync(join(tmpdir(), 'misto-cli-'));
afterAll(() => rmSync(directory, { recursive: true }));
const platform = await testPlatform();

const files = import.meta.glob<Command>(['./*.ts', '!./command.ts', '!./*.test.ts'], {
  import: 'command',
  eager: true,
});

describe('the commands', () => {
  it.each(Object.entries(files))('%s says in one line what it does', (_, command) => {
    expect(command.summary).toMatch(/^[a-z].*[^.]$/);
    expect(command.usage).toMatch(/^[A-Z| -]*$/);
  });

  it('say which argument is missing or too many', () => {
    expect(() => positional(['a'], 'FILE', 'DIRECTORY')).toThrow(new UsageError('DIRECTORY is missing'));
    expect(() => positional(['a', 'b'], 'FILE')).toThrow(new UsageError('b is one argument too many'));
    expect(positional(['a'], 'FILE')).toEqual(['a']);
  });
});

describe('misto keys', () => {
  it('makes a ring that works, for its owner’s eyes only, and never overwrites one', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    const file = join(directory, 'keys.json');
    await keys.run([file]);
    const ring = readFileSync(file, 'utf8');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const place = { table: 't', column: 'c', row: 'r' };
    const secrets = openSecrets(JSON.parse(ring));
    expect(secrets.decrypt(secrets.encrypt('слово', place), place)).toBe('слово');
    await expect(keys.run([file])).rejects.toThrow(/exists already/);
    expect(readFileSync(file, 'utf8')).toBe(ring);
    log.mockRestore();
  });
});

describe('misto restore', () => {
  it('names the first audit entry that is not what was written', async () => {
    for (const n of [1, 2, 3])
      await platform.work(systemActor('test'), (work) =>
        audit(work, { action: 'test:act', resource: `thing:${n}` }),
      );
    const client = new pg.Client({ connectionString: platform.url });
    await client.connect();
    await chainPending(client, (id) => id);
    await proveAuditChain(platform.url);
    await client.query(`alter table audit_log disable trigger all;
      update audit_log set record = replace(record, 'thing:2', 'thing:9') where number = 2`);
    await client.end();
    await expect(proveAuditChain(platform.url)).rejects.toThrow(/^the audit log is wrong at entry 2: /);
  });
});
