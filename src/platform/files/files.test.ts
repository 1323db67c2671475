import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { type ManualClock, manualClock } from '../clock.ts';
import { testPlatform } from '../database/testing.ts';
import type { System } from '../system.ts';
import { systemActor } from '../work.ts';
import { folderStore } from './folder.ts';
import { filesOf, findFile, keepAgain, keepFile, openFile, readFile } from './index.ts';
import { forgetOrphans, removeFiles } from './orphans.ts';
import { eraseFilesOf, filesOfPerson } from './rights.ts';

/** A system that uses the files whose ids stand in a table of its own. */
const user: System = {
  name: 'user',
  title: { uk: '', en: '' },
  summary: { uk: '', en: '' },
  fileReferences: ['select file from in_use'],
};
const platform = await testPlatform({ systems: [user], clock: manualClock('2026-11-24T10:00:00Z') });
await platform.pool.query('create table in_use (file text)');
const clock = platform.clock as ManualClock;
const files = filesOf(platform.config);
const folder = join(platform.config.dataDirectory, 'files');
const actor = systemActor('test');
const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const content = (text: string) => Buffer.from(text);
const keep = (text: string, name = 'a.txt') =>
  platform.work(actor, (work) => keepFile(work, files, { content: content(text), type: 'text/plain', name }));
const shardOf = (text: string) => join(folder, hash(text).slice(0, 2));

describe('a file', () => {
  it('is read back as it was stored, with its hash, size and name', async () => {
    const id = await keep('слово', '..\\шлях/до/звіт\u202e.txt');
    expect(await findFile(platform.db, id)).toMatchObject({
      sha256: hash('слово'),
      bytes: 10,
      name: 'звіт.txt',
      scan: 'not scanned',
    });
    expect((await readFile(platform.db, files, id)).toString()).toBe('слово');
    await expect(findFile(platform.db, `${id}'`)).rejects.toThrow('not found');
  });

  it('is read from any place without what lies before', async () => {
    await keep('0123456789');
    const pieces: Uint8Array[] = [];
    for await (const piece of await files.openPart(hash('0123456789'), 4, 6)) pieces.push(piece);
    expect(Buffer.concat(pieces).toString()).toBe('456');
    await expect(files.openPart(hash('немає'), 0, 1)).rejects.toThrow('does not hold');
  });

  it('is refused while it streams once it is too long, and leaves nothing behind', async () => {
    let drawn = 0;
    const endless = async function* () {
      for (; drawn < 1_000; drawn += 1) yield Buffer.alloc(1024);
    };
    await expect(files.put(endless(), 4096)).rejects.toMatchObject({ status: 413, code: 'file-too-large' });
    expect(drawn).toBe(4);
    expect(readdirSync(join(folder, 'incoming'))).toEqual([]);
  });

  it('is not visible when its transaction fails, and no file that was kept is lost by it', async () => {
    await platform
      .work(actor, async (work) => {
        await keepFile(work, files, { content: content('rolled back'), type: 'text/plain', name: 'x' });
        throw new Error('the process ends here');
      })
      .catch(() => {});
    const { rows } = await platform.pool.query('select from file where sha256 = $1', [hash('rolled back')]);
    expect(rows).toEqual([]);
    expect(await files.has(hash('rolled back'))).toBe(true);
    const id = await keep('rolled back');
    expect((await readFile(platform.db, files, id)).toString()).toBe('rolled back');
  });

  it('that a disk has changed is never handed out as a whole, and is mended by the next who brings it', async () => {
    const id = await keep('unbroken');
    writeFileSync(join(shardOf('unbroken'), hash('unbroken')), 'broken!!');
    const { content } = await openFile(platform.db, files, id);
    const read: Uint8Array[] = [];
    const reading = async () => {
      for await (const piece of content) read.push(piece);
    };
    await expect(reading()).rejects.toThrow('other bytes');
    expect(read).toEqual([]);
    await keep('unbroken');
    expect((await readFile(platform.db, files, id)).toString()).toBe('unbroken');
  });

  it('of the same content is stored once by two processes, and each keeps its own row', async () => {
    const another = folderStore(folder);
    const both = await Promise.all(
      [files, another, files, another].map((store) =>
        platform.work(actor, (work) =>
          keepFile(work, store, { content: content('twice'), type: 'text/plain', name: 'x' }),
        ),
      ),
    );
    expect(new Set(both).size).toBe(4);
    expect(readdirSync(shardOf('twice')).filter((name) => name === hash('twice'))).toHaveLength(1);
    expect(readdirSync(join(folder, 'incoming'))).toEqual([]);
  });
});

describe('what nobody refers to', () => {
  /** The disk's clock is not the platform's: what was stored now is made to be as old as the row. */
  const age = (text: string) => utimesSync(join(shardOf(text), hash(text)), clock.now(), clock.now());

  it('goes after seven days with its variants, and not before; what is referred to stays', async () => {
    const used = await keep('used');
    await platform.pool.query('insert into in_use values ($1)', [used]);
    const orphan = await platform.work(actor, (work) =>
      keepFile(work, files, {
        content: content('orphan'),
        type: 'text/plain',
        name: 'x',
        variants: { small: { content: content('or'), type: 'text/plain' } },
      }),
    );
    for (const text of ['used', 'orphan', 'or']) age(text);
    clock.advance(6 * 86_400_000);
    await forgetOrphans(platform);
    expect((await readFile(platform.db, files, orphan, 'small')).toString()).toBe('or');
    clock.advance(86_400_001);
    await forgetOrphans(platform);
    await expect(findFile(platform.db, orphan)).rejects.toThrow('not found');
    expect(await files.has(hash('orphan'))).toBe(false);
    expect(await files.has(hash('or'))).toBe(false);
    expect((await readFile(platform.db, files, used)).toString()).toBe('used');
  });

  it('is kept as long as another row has the same content, also one that commits just now', async () => {
    const first = await keep('shared');
    age('shared');
    clock.advance(8 * 86_400_000);
    let removal: Promise<void> | undefined;
    const second = await platform.work(actor, async (work) => {
      const id = await keepFile(work, files, {
        content: content('shared'),
        type: 'text/plain',
        name: 'x',
      });
      age('shared');
      clock.advance(8 * 86_400_000);
      // The round waits for this transaction at the content's lock.
      removal = forgetOrphans(platform);
      await work.tx.execute(sql`select pg_sleep(0.3)`);
      return id;
    });
    await removal;
    await expect(findFile(platform.db, first)).rejects.toThrow('not found');
    expect((await readFile(platform.db, files, second)).toString()).toBe('shared');
  });

  it('and half-written leftovers of a killed process go a day later', async () => {
    const leftover = join(folder, 'incoming', 'half');
    writeFileSync(leftover, 'ha');
    await files.tidy(new Date(Date.now() + 3_600_000));
    expect(readdirSync(join(folder, 'incoming'))).toEqual(['half']);
    await files.tidy(new Date(Date.now() + 25 * 3_600_000));
    expect(readdirSync(join(folder, 'incoming'))).toEqual([]);
  });

  it('can be removed at once, which asks for its bytes to go after the commit', async () => {
    const id = await keep('to erase');
    await platform.work(actor, (work) => removeFiles(work, [id]));
    await expect(findFile(platform.db, id)).rejects.toThrow('not found');
    const { rows } = await platform.pool.query(
      `select payload->'data'->>'sha256' as sha from outbox where payload->>'job' = 'platform.forget-content'`,
    );
    expect(rows).toEqual([{ sha: hash('to erase') }]);
  });
});

describe('the files of a person', () => {
  it('are listed for them, and at erasure go, except those that a system must keep, which lose their owner', async () => {
    const person = '0197c000-0000-7000-8000-00000000000c';
    const own = { ...systemActor(''), kind: 'person' as const, id: person };
    const [loose, used] = await platform.work(own, async (work) => [
      await keepFile(work, files, { content: content('loose'), type: 'text/plain', name: 'own.txt' }),
      await keepFile(work, files, { content: content('needed'), type: 'text/plain', name: 'act.txt' }),
    ]);
    await platform.pool.query('insert into in_use values ($1)', [used]);
    expect(await filesOfPerson(platform.db, person)).toMatchObject([
      { id: loose, name: 'own.txt', bytes: 5 },
      { id: used, name: 'act.txt' },
    ]);
    await platform.work(actor, (work) => eraseFilesOf(work, person, platform.systems));
    expect(await filesOfPerson(platform.db, person)).toEqual([]);
    await expect(findFile(platform.db, loose!)).rejects.toThrow('not found');
    expect(await findFile(platform.db, used!)).toMatchObject({ owner: null });
  });

  it('share no row with a copy of the same content', async () => {
    const first = await platform.work(actor, (work) =>
      keepFile(work, files, {
        content: content('scene'),
        type: 'text/plain',
        name: 'x',
        variants: { small: { content: content('sc'), type: 'text/plain' } },
      }),
    );
    const second = await platform.work(actor, (work) => keepAgain(work, first));
    await platform.work(actor, (work) => removeFiles(work, [first]));
    expect((await readFile(platform.db, files, second, 'small')).toString()).toBe('sc');
  });
});

it('A store on a new folder is empty and says so', async () => {
  const empty = folderStore(join(mkdtempSync(join(tmpdir(), 'misto-store-')), 'files'));
  const found: string[] = [];
  for await (const one of empty.storedBefore(new Date())) found.push(one);
  expect(found).toEqual([]);
  await expect(empty.open(hash('x'))).rejects.toThrow('does not hold');
});
