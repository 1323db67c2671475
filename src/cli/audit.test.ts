import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { audit } from '#platform/audit/append.ts';
import { canonical } from '#platform/audit/canonical.ts';
import {
  auditHeadsRoute,
  type HeadsDocument,
  headsDocument,
  signHead,
  signingKeyOf,
} from '#platform/audit/heads.ts';
import { inclusionFault } from '#platform/audit/inclusion.ts';
import { GrowingTree, inclusionPath, leafHash, rootByPath } from '#platform/audit/merkle.ts';
import { recordRead, viewersOf } from '#platform/audit/reads.ts';
import { chainPending, signIfDue, startSequencer } from '#platform/audit/sequencer.ts';
import { dumpLine, verifyDump } from '#platform/audit/verify.ts';
import { tellWitnessesJob } from '#platform/audit/witnesses.ts';
import { manualClock } from '#platform/clock.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { newKeyRing, openSecrets, secretsOf } from '#platform/identity/secrets.ts';
import { createPlatform } from '#platform/platform.ts';
import { systemActor } from '#platform/work.ts';
import { dumpAudit } from './audit-dump.ts';
import { prove } from './audit-prove.ts';
import { command } from './audit-verify.ts';

const platform = await testPlatform();
const secrets = secretsOf(platform.config);
const key = signingKeyOf(secrets);
const blind = (id: string) => secrets.blind('audit-subject', id);
const client = new pg.Client({ connectionString: platform.url });
await client.connect();
afterAll(() => client.end());
const directory = mkdtempSync(join(tmpdir(), 'misto-audit-'));
afterAll(() => rmSync(directory, { recursive: true }));

async function act(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1)
    await platform.work(systemActor('test'), (work) =>
      audit(work, { action: 'test:act', resource: `thing:${n}`, detail: { n, слово: 'їжак' } }),
    );
  while ((await chainPending(client, blind)) > 0);
}

async function dump(): Promise<string[]> {
  const output = new PassThrough();
  const read = text(output);
  await dumpAudit(platform.url, output);
  output.end();
  return (await read).trimEnd().split('\n');
}

async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

describe('the Merkle tree', () => {
  it('gives the roots of RFC 6962 for the known answers of Certificate Transparency', () => {
    const inputs = [
      '',
      '00',
      '10',
      '2021',
      '3031',
      '40414243',
      '5051525354555657',
      '606162636465666768696a6b6c6d6e6f',
    ];
    const tree = new GrowingTree();
    expect(tree.root()).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    for (const hex of inputs) tree.add(leafHash(Buffer.from(hex, 'hex').toString('latin1')));
    expect(tree.root()).toBe('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
  });
});

describe('a proof of inclusion', () => {
  it('leads from every leaf of trees of every size to the root, and from no other place', () => {
    const leaves = Array.from({ length: 20 }, (_, n) => leafHash(`entry ${n}`));
    for (let size = 1; size <= leaves.length; size += 1) {
      const tree = new GrowingTree();
      for (const leaf of leaves.slice(0, size)) tree.add(leaf);
      for (let index = 0; index < size; index += 1) {
        const path = inclusionPath(leaves.slice(0, size), index);
        expect(rootByPath(leaves[index]!, index, size, path)).toBe(tree.root());
        if (size > 1) {
          expect(rootByPath(leaves[index]!, (index + 1) % size, size, path)).not.toBe(tree.root());
          expect(rootByPath(leaves[index]!, index, size, path.slice(1))).not.toBe(tree.root());
        }
      }
      expect(rootByPath(leaves[0]!, size, size, [])).toBeNull();
    }
  });
});

describe('the audit log', () => {
  it('is chained, signed, and its dump stands the examination', async () => {
    await act(5);
    expect(await signIfDue(client, key, new Date('2026-11-24T10:00:00Z'))).toBe(true);
    await act(7);
    expect(await signIfDue(client, key, new Date('2026-11-24T22:04:00Z'))).toBe(false);
    expect(await signIfDue(client, key, new Date('2026-11-24T22:05:00Z'))).toBe(true);
    await act(2);
    const lines = await dump();
    expect(lines).toHaveLength(14);
    const answer = await auditHeadsRoute(platform).request('/.well-known/misto/audit-heads.json');
    const heads = (await answer.json()) as HeadsDocument;
    expect(heads.heads.map((head) => head.size)).toEqual([5, 12]);
    expect(await verifyDump(each(lines), heads)).toEqual({ ok: true, entries: 14, vouched: 12 });
  });

  it('refuses change, deletion and truncation, even to the owner', async () => {
    for (const statement of [
      `update audit_log set action = 'x'`,
      'delete from audit_log',
      'truncate audit_log',
      'delete from audit_log where false',
    ])
      await expect(platform.pool.query(statement)).rejects.toThrow('audit_log is append-only');
  });

  it('shows a changed byte, a deletion, a swap, a cut tail and a re-forged chain, and names the entry', async () => {
    const lines = await dump();
    const heads = await headsDocument(platform);
    const verdict = (changed: string[], against = heads) => verifyDump(each(changed), against);

    const byte = lines.with(6, lines[6]!.replace('їжак', 'їзак'));
    expect(await verdict(byte)).toMatchObject({ ok: false, entry: 7, why: expect.stringContaining('hash') });
    const space = lines.with(6, lines[6]!.replace('"record":', '"record": '));
    expect(await verdict(space)).toMatchObject({ ok: false, entry: 7 });
    expect(await verdict(lines.toSpliced(3, 1))).toMatchObject({ ok: false, entry: 4 });
    expect(await verdict(lines.with(3, lines[4]!).with(4, lines[3]!))).toMatchObject({ ok: false, entry: 4 });
    expect(await verdict(lines.slice(0, 10))).toMatchObject({ ok: false, entry: 11 });
    expect(await verdict([])).toMatchObject({ ok: false, entry: 1 });
    expect(await verdict(reforged(lines, 8))).toMatchObject({
      ok: false,
      entry: 6,
      why: expect.stringContaining('6–12'),
    });

    const stranger = signingKeyOf(openSecrets(newKeyRing()));
    const [first, ...rest] = heads.heads;
    const forged = { ...heads, heads: [signHead(stranger, first!), ...rest] };
    expect(await verdict(lines, forged)).toMatchObject({ ok: false, entry: null });
    const moved = { ...heads, heads: [{ ...first!, size: 4 }, ...rest] };
    expect(await verdict(lines, moved)).toMatchObject({ ok: false, entry: null });
  });

  it('is examined from the command line without a database', async () => {
    const said = vi.spyOn(console, 'log').mockImplementation(() => {});
    const files = [join(directory, 'dump.ndjson'), join(directory, 'heads.json')] as const;
    const lines = await dump();
    writeFileSync(files[0], `${lines.join('\n')}\n`);
    writeFileSync(files[1], JSON.stringify(await headsDocument(platform)));
    await command.run(files);
    expect(said.mock.calls[0]![0]).toContain('whole: 14 entries; heads vouch for the first 12');
    writeFileSync(files[0], readFileSync(files[0], 'utf8').replace('thing:3', 'thing:8'));
    await expect(command.run(files)).rejects.toThrow('entry 4 is wrong');
    said.mockRestore();
  });

  it('is filled by one sequencer of two, within a second', async () => {
    const two = [
      startSequencer(platform, { url: platform.url }),
      startSequencer(platform, { url: platform.url }),
    ];
    await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        platform.work(systemActor('test'), (work) =>
          audit(work, { action: 'test:many', resource: `n:${n}` }),
        ),
      ),
    );
    await vi.waitFor(async () => expect((await dump()).length).toBe(54), { timeout: 3_000 });
    for (const one of two) await one.stop();
    expect(await verifyDump(each(await dump()), await headsDocument(platform))).toMatchObject({ ok: true });
  });
});

describe('who read my data', () => {
  it('tells a person who, when and why, and keeps no plain id of theirs in the log', async () => {
    const person = '0197c000-0000-7000-8000-000000000001';
    const other = '0197c000-0000-7000-8000-000000000002';
    const staff = { ...systemActor('Operator of the contact centre'), kind: 'staff' as const, id: other };
    await platform.work(staff, (work) =>
      recordRead(work, [person, other], {
        resource: 'request:1',
        purpose: 'Call back',
        categories: ['phone'],
      }),
    );
    await platform.work({ ...staff, id: person }, (work) =>
      recordRead(work, [person], { resource: 'request:1', purpose: 'Own case' }),
    );
    await chainPending(client, blind);
    expect(await viewersOf(platform, person)).toMatchObject([
      {
        who: 'Operator of the contact centre',
        purpose: 'Call back',
        categories: ['phone'],
        breakGlass: false,
      },
    ]);
    const { rows } = await platform.pool.query(
      `select from audit_log where subjects::text like $1 or (record::jsonb -> 'subjects')::text like $1`,
      [`%${person}%`],
    );
    expect(rows).toHaveLength(0);
  });
});

/** What a forger with the whole database could do: change one entry and compute everything after it anew. */
function reforged(lines: readonly string[], number: number): string[] {
  let previous = '0'.repeat(64);
  return lines.map((line, index) => {
    const { record } = JSON.parse(line);
    record.previous = previous;
    if (index === number - 1) record.resource = 'thing:forged';
    const text = canonical(record);
    previous = leafHash(text);
    return dumpLine(text, previous);
  });
}

describe('an entry of the audit log', () => {
  it('is proved under a published head without the others, and a changed one is not', async () => {
    const document = await headsDocument(platform);
    const proof = JSON.parse(await prove(platform.url, 3));
    const fault = (changed: object, against = document) =>
      inclusionFault(JSON.stringify({ ...proof, ...changed }), against);
    expect(fault({})).toBeNull();
    expect(fault({ record: { ...proof.record, resource: 'thing:9' } })).toContain('does not lead');
    expect(fault({ number: 4 })).toContain('says that it is 3');
    expect(fault({ size: 999 })).toContain('no head');
    expect(fault({}, { ...document, keys: [] })).toContain('not signed');
    expect(inclusionFault('{', document)).toContain('no proof');
    await expect(prove(platform.url, 1_000_000)).rejects.toThrow(/no head covers/);
  });

  it('is vouched for by heads that go to each witness by e-mail, once', async () => {
    const config = { ...platform.config, auditWitnesses: ['archive@example.test', 'press@example.test'] };
    const { rows: heads } = await platform.pool.query('select at from audit_head order by size desc');
    const city = createPlatform({
      config,
      clock: manualClock(heads[0].at.toISOString()),
      pool: platform.pool,
      systems: [],
    });
    await tellWitnessesJob.run(city, {});
    await tellWitnessesJob.run(city, {});
    const { rows } = await platform.pool.query(
      `select lines[2] as head, count(*)::int as letters from message where template = 'audit.head@1' group by 1`,
    );
    expect(rows).toHaveLength(heads.length);
    for (const { head, letters } of rows) {
      expect(letters).toBe(2);
      expect(JSON.parse(head)).toHaveProperty('signature');
    }
  });
});
