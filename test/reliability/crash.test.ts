// Keeps: nothing acknowledged is lost over kill -9 of the server, of PostgreSQL, of both; nothing is doubled; histories and the audit
// chain verify afterwards; files that are being loaded are served whole or not at all (contact-centre.md §8, platform.md §1.2,
// open-data.md 4.5).
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { describe, expect, it } from 'vitest';
import type { HeadsDocument } from '#platform/audit/heads.ts';
import { verifyDump } from '#platform/audit/verify.ts';
import { auditLines } from '../../src/cli/audit-dump.ts';
import { entryHash, type HistoryEntry } from '../../src/systems/contact-centre/history.ts';
import { connect, freshCity, makeKeys, post, report, until } from './city.ts';
import { publisherOn } from './publisher.ts';

const city = freshCity();
let server = await city.start();
/** What each sent id was answered, over all rounds. */
const acknowledged = new Map<string, string>();
let sent = 0;
/** Reports taken in before the kill, and again after it. */
const enough = 40;
const publisher = await publisherOn(() => server.origin);

describe.each([
  { killed: 'the server', node: true, postgres: false },
  { killed: 'PostgreSQL', node: false, postgres: true },
  { killed: 'both', node: true, postgres: true },
])('kill -9 of $killed under intake load', ({ killed, node, postgres }) => {
  it('loses no acknowledged report, and a repeat with the same id gets the first answer', async () => {
    const admin = await connect(city.url());
    const keys = await makeKeys(admin, 40);
    await admin.end();
    let loading = true;
    const clients = Array.from({ length: 8 }, async (_, client) => {
      for (let n = 0; loading; n++) {
        const id = `${killed.replace(/\W/g, '')}-${client}-${n}`;
        const body = report(keys[(n * 8 + client) % keys.length]!, id);
        sent += 1;
        let number = await post(server.origin, body);
        // Whoever got no answer cannot know whether the report was taken: the same id asks again.
        for (; number === null; number = await post(server.origin, body)) await sleep(50);
        acknowledged.set(id, number);
      }
    });
    const publishing = publisher.until(() => !loading);
    // Killed under load, however quick the machine is: at any moment once enough were taken in, and on until as many more were.
    const taken = acknowledged.size;
    await until(async () => acknowledged.size >= taken + enough, 60_000);
    await sleep(Math.random() * 300);
    const postmaster = city.postmaster();
    if (node) server.process.kill('SIGKILL');
    if (postgres) process.kill(postmaster, 'SIGKILL');
    if (node) server = await city.start();
    const atKill = acknowledged.size;
    await until(async () => acknowledged.size >= atKill + enough, 60_000);
    loading = false;
    await Promise.all([...clients, publishing]);

    for (const [id, number] of [...acknowledged]
      .filter(([id]) => id.startsWith(killed.replace(/\W/g, '')))
      .slice(-20)) {
      const [, client, n] = id.split('-');
      const key = keys[(Number(n) * 8 + Number(client)) % keys.length]!;
      expect(await post(server.origin, report(key, id))).toBe(number);
    }
  }, 180_000);
});

describe('after the crashes', () => {
  it('each acknowledged id is one request under its number, and there is no other request', async () => {
    const { rows } = await ask<{ id: string; number: string }>(
      `select split_part(intake_key, ':', 2) as id, number from cc_request`,
    );
    expect(sent).toBeGreaterThanOrEqual(6 * enough);
    expect(rows.length).toBe(sent);
    expect(new Map(rows.map(({ id, number }) => [id, number]))).toEqual(acknowledged);
  });

  it('each request has one reporter, one receipt, one event, and its state is the fold of its history', async () => {
    const { rows: odd } = await ask(
      `select number, people, receipts, events from cc_request,
         lateral (select count(*)::int as people from cc_reporter where request = number),
         lateral (select count(*)::int as receipts from cc_message where request = number),
         lateral (select count(*)::int as events from (select topic from event_log union all select topic from outbox) as told
                   where topic = 'request:' || number)
       where (people, receipts, events) <> (1, 1, 1) limit 5`,
    );
    expect(odd).toEqual([]);
    const { rows } = await ask<HistoryRow>(
      `select h.request, h.seq, h.at, h.move, h.from_state, h.to_state, h.actor, h.data, h.public_note, h.prev, h.hash,
              r.state, r.history_head, r.version
         from cc_history h join cc_request r on r.number = h.request order by h.request, h.seq`,
    );
    let before: HistoryRow | undefined;
    for (const row of rows) {
      const follows = before?.request === row.request ? before : undefined;
      expect(row.seq).toBe((follows?.seq ?? 0) + 1);
      expect(row.prev).toBe(follows?.hash ?? null);
      expect(row.from_state).toBe(follows?.to_state ?? null);
      expect(entryHash(entryOf(row))).toBe(row.hash);
      if (row.seq === row.version) expect([row.to_state, row.hash]).toEqual([row.state, row.history_head]);
      before = row;
    }
  });

  it('readers have seen whole versions of a file only, never an older one again, and the last file that was taken is served', async () => {
    expect(publisher.odd).toEqual([]);
    expect(publisher.state.looks).toBeGreaterThan(10);
    await until(async () => ['indexed', 'failed'].includes(await publisher.loadState()), 60_000);
    expect(await publisher.look()).toBeGreaterThanOrEqual(publisher.state.acknowledged);
    const { rows } = await ask(
      `select state, fault from od_load where resource = '${publisher.id}' and (ended_at is null
         or state not in ('indexed', 'failed') or (state = 'failed' and fault ->> 'kind' not in ('overtaken', 'interrupted')))`,
    );
    expect(rows).toEqual([]);
  });

  it('the event log is gapless and the audit chain verifies offline, with one entry for each request', async () => {
    await until(
      async () => (await ask('select 1 from audit_pending union all select 1 from outbox')).rows.length === 0,
      10_000,
    );
    const { rows: log } = await ask<{ n: number; last: number }>(
      'select count(*)::int as n, max(number)::int as last from event_log',
    );
    expect(log[0]!.n).toBe(log[0]!.last);
    const heads = (await (
      await fetch(`${server.origin}/.well-known/misto/audit-heads.json`)
    ).json()) as HeadsDocument;
    expect(heads.heads.length).toBeGreaterThan(0);
    expect(await verifyDump(auditLines(city.url()), heads)).toMatchObject({ ok: true });
    const { rows } = await ask<{ n: number; different: number }>(
      `select count(*)::int as n, count(distinct resource)::int as different from audit_log
        where action = 'contact-centre:register'`,
    );
    expect(rows[0]).toEqual({ n: sent, different: sent });
  });
});

async function ask<T extends pg.QueryResultRow>(text: string): Promise<pg.QueryResult<T>> {
  const client = await connect(city.url());
  try {
    return await client.query<T>(text);
  } finally {
    await client.end();
  }
}

interface HistoryRow {
  request: string;
  seq: number;
  at: Date;
  move: HistoryEntry['move'];
  from_state: HistoryEntry['from'];
  to_state: HistoryEntry['to'];
  actor: HistoryEntry['actor'];
  data: HistoryEntry['data'];
  public_note: string | null;
  prev: string | null;
  hash: string;
  state: string;
  history_head: string;
  version: number;
}

function entryOf(row: HistoryRow): HistoryEntry {
  return {
    request: row.request,
    seq: row.seq,
    at: row.at.toISOString(),
    move: row.move,
    from: row.from_state,
    to: row.to_state,
    actor: row.actor,
    data: row.data,
    note: row.public_note,
    prev: row.prev,
  };
}
