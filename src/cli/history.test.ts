// Keeps: the histories are hash-chained, and a command checks a dump against the published daily head (contact-centre.md §3, invariant 1).
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { headsDocument, signingKeyOf } from '#platform/audit/heads.ts';
import { chainPending, signIfDue } from '#platform/audit/sequencer.ts';
import { manualClock } from '#platform/clock.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { secretsOf } from '#platform/identity/secrets.ts';
import { anonymous, systemActor } from '#platform/work.ts';
import { loadCityData } from '#systems/contact-centre/city.ts';
import { entryHash } from '#systems/contact-centre/history.ts';
import { type HistoryLine, sealDays } from '#systems/contact-centre/history-days.ts';
import { act } from '#systems/contact-centre/moves.ts';
import { inPost } from '#systems/contact-centre/posts.ts';
import { registerRequest } from '#systems/contact-centre/requests.ts';
import { contactCentreData } from '../../city/dnipro/index.ts';
import { dumpAudit } from './audit-dump.ts';
import { dumpHistory } from './history-dump.ts';
import { command } from './history-verify.ts';

const clock = manualClock('2026-11-24T10:00:00Z');
const platform = await testPlatform({ clock });
const secrets = secretsOf(platform.config);
const client = new pg.Client({ connectionString: platform.url });
await client.connect();
afterAll(() => client.end());
const directory = mkdtempSync(join(tmpdir(), 'misto-history-'));
afterAll(() => rmSync(directory, { recursive: true }));
const file = (name: string) => join(directory, name);
const day = 86_400_000;
let history: HistoryLine[] = [];

async function linesOf(dump: (url: string, to: PassThrough) => Promise<void>): Promise<string[]> {
  const output = new PassThrough();
  const read = text(output);
  await dump(platform.url, output);
  output.end();
  return (await read).trimEnd().split('\n');
}

beforeAll(async () => {
  await platform.work(systemActor('city'), (work) => loadCityData(work, contactCentreData));
  for (const key of ['one', 'two']) {
    const { number } = await platform.work(anonymous, (work) =>
      registerRequest(work, {
        source: 'web',
        intakeKey: key,
        category: 'heat-weak',
        text: 'Ледь теплі',
        answers: [{ code: 'scope', values: ['flat'] }],
        place: { building: contactCentreData.buildings[0]!.id, flat: '5' },
        reporter: { channel: 'web', language: 'uk' },
      }),
    );
    clock.advance(2 * day);
    await platform.work(inPost('dispatcher', 'teplo'), (work) => act(work, number, 'accept'));
  }
  // The day of now is not over and not sealed. Two processes at once seal each day once.
  await Promise.all([sealDays(platform), sealDays(platform)]);
  while ((await chainPending(client, (id) => secrets.blind('audit-subject', id))) > 0);
  await signIfDue(client, signingKeyOf(secrets), clock.now());
  history = (await linesOf(dumpHistory)).map((line) => JSON.parse(line));
  writeFileSync(file('log'), (await linesOf(dumpAudit)).join('\n'));
  writeFileSync(file('heads'), JSON.stringify(await headsDocument(platform)));
});

const examine = async (entries: readonly HistoryLine[]) => {
  writeFileSync(file('history'), entries.map((one) => JSON.stringify(one)).join('\n'));
  await command.run([file('history'), file('log'), file('heads')]);
};
/** Written again by somebody who knows how: every later hash of the request is right. */
function forged(change: (one: HistoryLine) => HistoryLine, of: string): HistoryLine[] {
  let prev: string | null = null;
  return history.map((one) => {
    if (one.request !== of) return one;
    const { hash: _, ...entry } = change({ ...one, prev });
    prev = entryHash(entry);
    return { ...entry, hash: prev };
  });
}

it('finds the histories whole, and says how many days the signed log vouches for', async () => {
  const said = vi.spyOn(console, 'log').mockImplementation(() => {});
  await examine(history);
  expect(said).toHaveBeenCalledWith('whole: 6 entries of 2 requests; the audit log vouches for 4 days');
  said.mockRestore();
  const { rows } = await client.query(
    "select to_char(day, 'DD') as day, entries from cc_history_day order by 1",
  );
  expect(rows).toEqual([
    { day: '24', entries: 2 },
    { day: '25', entries: 0 },
    { day: '26', entries: 3 },
    { day: '27', entries: 0 },
  ]);
});

it('names what was changed, taken out or slipped in', async () => {
  const [first] = history;
  const changed = history.map((one) => (one === history[1] ? { ...one, note: 'інше' } : one));
  await expect(examine(changed)).rejects.toThrow(`request ${history[1]!.request}, entry 2 is wrong`);
  // Of the second request: its next entry stands on the same day, wherever its number has its place there.
  const gone = history.find(({ request, seq }) => request !== first!.request && seq === 1);
  await expect(examine(history.filter((one) => one !== gone))).rejects.toThrow('is missing');
  await expect(examine(history.toReversed())).rejects.toThrow('is wrong');
  await expect(examine(history.slice(0, 2))).rejects.toThrow(
    '2026-11-26 is wrong: it was sealed with 3 entries and has none',
  );
  await expect(examine(history.filter(({ request }) => request !== first!.request))).rejects.toThrow(
    '2026-11-26 is wrong: it was sealed with 3 entries and has 2',
  );
});

it('finds what was written again with right hashes, since the log has the day', async () => {
  const { request } = history[0]!;
  await expect(
    examine(forged((one) => (one.seq === 2 ? { ...one, note: 'інше' } : one), request)),
  ).rejects.toThrow('2026-11-24 is wrong: its entries are not those that were sealed');
});
