import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { audit } from '#platform/audit/append.ts';
import { chainPending } from '#platform/audit/sequencer.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { createPerson } from '#platform/identity/persons.ts';
import { openSecrets, secretsOf } from '#platform/identity/secrets.ts';
import { approveErasure, askErasure, prepareErasure } from '#platform/personal-data/erasure.ts';
import { systemActor } from '#platform/work.ts';
import { type Command, positional, UsageError } from './command.ts';
import { eraseFrom } from './erase-again.ts';
import { certificates } from './erasure-certificates.ts';
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
    expect(command.usage).toMatch(/^[A-Z| [\]-]*$/);
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

describe('misto erase-again', () => {
  it('does the erasures of the certificates again, and none at all when a line is no certificate of this city', async () => {
    const one = { ...systemActor('one'), id: '0197c000-0000-7000-8000-00000000000a' };
    const two = { ...systemActor('two'), id: '0197c000-0000-7000-8000-00000000000b' };
    const person = await platform.work(one, (work) =>
      createPerson(work, secretsOf(platform.config), { name: 'Олена' }),
    );
    const erasure = await platform.work(one, async (work) => {
      const id = await askErasure(work, person, '');
      await prepareErasure(work, id, 'asked');
      return id;
    });
    await platform.work(two, (work) => approveErasure(work, platform, erasure));
    const file = join(directory, 'certificates.ndjson');
    const lines = await certificates(platform.url);
    // As in a backup from before.
    await platform.pool.query(`update person set name = 'x', erased_at = null where id = $1`, [person]);
    await platform.pool.query('delete from erasure');
    writeFileSync(file, `${lines[0]}\n{"format":"misto-erasure-1"}\n`);
    await expect(eraseFrom(file, platform.config, platform.url)).rejects.toThrow(/line 2/);
    writeFileSync(file, `${lines[0]}\n\n`);
    expect(await eraseFrom(file, platform.config, platform.url)).toBe(1);
    const { rows } = await platform.pool.query('select name from person where id = $1', [person]);
    expect(rows).toEqual([{ name: null }]);
    expect(await eraseFrom(file, platform.config, platform.url)).toBe(0);
  });
});
