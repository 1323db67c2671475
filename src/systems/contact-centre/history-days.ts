import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { audit } from '#platform/audit/append.ts';
import type { Json } from '#platform/audit/canonical.ts';
import { localDate } from '#platform/calendar/index.ts';
import type { JobDefinition, Platform } from '#platform/system.ts';
import { systemActor } from '#platform/work.ts';
import { entryHash, type HistoryEntry } from './history.ts';

/** The act under which a day of the histories stands in the audit log. */
export const sealedDay = 'contact-centre:history-day';

/** What the histories of one day in Kyiv came to: the digest of the hashes of its entries, by time, request and place. */
export interface HistoryDay {
  readonly day: string;
  readonly entries: number;
  readonly digest: string;
  /** Number of the audit entry that says so. */
  readonly number: number;
}

/** Each night: the days that are over go into the audit log, and with its signed heads out of the house. */
export const historyDaysJob: JobDefinition = {
  name: 'contact-centre.history-days',
  schedule: '30 2 * * *',
  run: sealDays,
};

/** Seals every day that is over and was not sealed yet, days without an entry too; each once, however many processes try. */
export async function sealDays(platform: Pick<Platform, 'db' | 'work' | 'clock'>): Promise<void> {
  const today = localDate(platform.clock.now());
  const { rows } = await platform.db.execute<{ day: string }>(sql`
    select to_char(d, 'YYYY-MM-DD') as day from generate_series(
      (select coalesce((select max(day) + 1 from cc_history_day), (min(at) at time zone 'Europe/Kyiv')::date) from cc_history),
      ${today}::date - 1, interval '1 day') d`);
  for (const { day } of rows)
    await platform.work(systemActor('history'), async (work) => {
      const made = await work.tx.execute<{ entries: number; digest: string }>(sql`
        insert into cc_history_day (day, entries, digest, at)
        select ${day}::date, count(*)::int, encode(sha256(convert_to(coalesce(string_agg(hash, '' order by at, request, seq), ''), 'UTF8')), 'hex'),
          ${work.clock.now().toISOString()}::timestamptz
        from cc_history where at >= ${day}::timestamp at time zone 'Europe/Kyiv'
          and at < (${day}::date + 1)::timestamp at time zone 'Europe/Kyiv'
        on conflict do nothing returning entries, digest`);
      const sealed = made.rows[0];
      if (!sealed) return;
      await audit(work, {
        action: sealedDay,
        resource: `history:${day}`,
        detail: { entries: sealed.entries, digest: sealed.digest },
      });
    });
}

/** The day that a line of the audit log's dump seals; null for every other entry. */
export function dayOf(line: string): HistoryDay | null {
  if (!line.includes(sealedDay)) return null;
  const { record } = JSON.parse(line) as { record: Record<string, Json> };
  const detail = record.detail as { entries?: number; digest?: string } | undefined;
  const actor = record.actor as { kind?: string } | undefined;
  if (record.action !== sealedDay || actor?.kind !== 'system') return null;
  return {
    day: String(record.resource).slice('history:'.length),
    entries: Number(detail?.entries),
    digest: String(detail?.digest),
    number: Number(record.number),
  };
}

/** One line of a dump of the histories. */
export interface HistoryLine extends HistoryEntry {
  readonly hash: string;
}

/** What an examination of a dump of the histories found. */
export type HistoryVerdict =
  | { readonly ok: true; readonly entries: number; readonly requests: number; readonly days: number }
  | { readonly ok: false; readonly where: string; readonly why: string };

/**
 * Examines a dump of the histories: every entry's hash, that each follows the one before it in its request, and that each
 * sealed day has exactly the entries that the audit log vouches for. Needs no database and nothing secret.
 *
 * @param lines the dump, ordered by time, request and place.
 * @param days what a verified dump of the audit log says.
 */
export async function verifyHistory(
  lines: AsyncIterable<string>,
  days: readonly HistoryDay[],
): Promise<HistoryVerdict> {
  const sealed = new Map(days.map((one) => [one.day, one]));
  const open = new Map(sealed);
  const last = new Map<string, { seq: number; hash: string; to: string }>();
  let entries = 0;
  let day = '';
  let count = 0;
  let digest = createHash('sha256');
  let order = '';
  const close = (): HistoryVerdict | null => {
    const said = sealed.get(day);
    const found = digest.digest('hex');
    if (!said || (said.entries === count && said.digest === found)) {
      open.delete(day);
      return null;
    }
    return wrong(
      day,
      said.entries === count
        ? 'its entries are not those that were sealed'
        : `it was sealed with ${said.entries} entries and has ${count}`,
    );
  };
  for await (const line of lines) {
    if (line === '') continue;
    let entry: HistoryLine;
    try {
      entry = JSON.parse(line) as HistoryLine;
    } catch {
      return wrong(`line ${entries + 1}`, 'it is not a JSON entry');
    }
    const { hash, ...said } = entry;
    const where = `request ${entry.request}, entry ${entry.seq}`;
    const key = `${entry.at} ${entry.request} ${String(entry.seq).padStart(9, '0')}`;
    if (key <= order) return wrong(where, 'it stands in the wrong place');
    order = key;
    if (entryHash(said) !== hash) return wrong(where, 'its content does not give its hash');
    const before = last.get(entry.request);
    if (entry.seq !== (before?.seq ?? 0) + 1) return wrong(where, 'an entry before it is missing');
    if ((entry.prev ?? null) !== (before?.hash ?? null) || (entry.from ?? null) !== (before?.to ?? null))
      return wrong(where, 'it does not follow the entry before it');
    last.set(entry.request, { seq: entry.seq, hash, to: entry.to });
    const its = localDate(new Date(entry.at));
    if (its !== day) {
      const fault = day ? close() : null;
      if (fault) return fault;
      [day, count, digest] = [its, 0, createHash('sha256')];
    }
    digest.update(hash);
    count += 1;
    entries += 1;
  }
  const fault = day ? close() : null;
  if (fault) return fault;
  // Of days that the dump has no entry of, none must have been sealed with any.
  for (const one of open.values())
    if (one.entries > 0) return wrong(one.day, `it was sealed with ${one.entries} entries and has none`);
  return { ok: true, entries, requests: last.size, days: sealed.size };
}

const wrong = (where: string, why: string): HistoryVerdict => ({ ok: false, where, why });
