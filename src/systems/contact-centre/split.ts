import { sql } from 'drizzle-orm';
import { audit } from '#platform/audit/append.ts';
import type { Reader } from '#platform/database/pool.ts';
import { Conflict, Invalid } from '#platform/errors.ts';
import { emit } from '#platform/events/outbox.ts';
import type { Actor, Work } from '#platform/work.ts';
import { holdToVerify } from './calls.ts';
import { entryHash, type HistoryEntry, historyActor } from './history.ts';
import { newNumber } from './number.ts';
import { permission } from './permissions.ts';
import { mask } from './publication.ts';
import { sha256 } from './requests.ts';
import { scopeWhere } from './scope.ts';
import { announce, type Held } from './tell.ts';

/** One who joined, said no, and may have another problem than the rest. */
export interface Dissenter {
  readonly number: string;
  readonly reporter: string;
  /** Masked words of the veto. */
  readonly comment: string | null;
  readonly verdict: 'no' | 'partly';
  readonly at: Date;
  /** How many people the request has in all. */
  readonly people: number;
}

/**
 * Vetoes of people who joined, or came with a request merged into it, while the request is being reworked for them:
 * a controller may split each off. Oldest first, never of the controller's own organisation.
 */
export async function dissenters(
  reader: Reader,
  actor: Actor,
  limit = 50,
  number: string | null = null,
): Promise<Dissenter[]> {
  const { rows } = await reader.execute<Record<string, unknown>>(sql`
    select r.number, v.reporter, v.comment, v.verdict, v.at,
      (select count(*)::int from cc_reporter o where o.withdrawn_at is null
        and o.request = any(array(select r.number union all select d.number from cc_request d where d.master = r.number))) as people
    from cc_request r
      join lateral (select no, outcome from cc_attempt where request = r.number order by no desc limit 1) a on a.outcome = 'vetoed'
      join cc_verification v on v.request = r.number and v.attempt = a.no and v.verdict in ('no', 'partly')
      join cc_reporter p on p.id = v.reporter and p.withdrawn_at is null and (p.request <> r.number or not p.lead)
    where r.state = 'rework' and r.regime = 'service' and not r.sandbox
      and (${number}::text is null or r.number = ${number})
      and (${actor.organisation}::text is null or r.organisation is distinct from ${actor.organisation})
      and ${scopeWhere(actor, permission('split_off'))}
    order by v.at, r.number limit ${limit}`);
  return rows.map((row) => ({
    number: String(row.number),
    reporter: String(row.reporter),
    comment: (row.comment ?? null) as string | null,
    verdict: row.verdict as Dissenter['verdict'],
    at: new Date(String(row.at)),
    people: Number(row.people),
  }));
}

/**
 * Gives one who joined and said no an own request in rework, with the same executor and the same term; whoever is left
 * goes on judging the claim. The reason is told to all of them.
 *
 * @param reason public words; masked.
 * @returns the number of the request that was split off.
 * @throws NotFound, Forbidden, Invalid, Conflict `nothing-to-split` when that person's veto does not hold the request up.
 */
export async function splitOff(
  work: Work,
  number: string,
  input: { readonly reporter: string; readonly reason: string },
): Promise<string> {
  const held = await holdToVerify(work, number, 'split_off');
  if (!input.reason.trim()) throw new Invalid([{ field: 'reason', message: 'is needed' }]);
  const saying = await dissenters(work.tx, work.actor, 200, number);
  const one = saying.find(({ reporter }) => reporter === input.reporter);
  if (!one) throw new Conflict('nothing-to-split', 'this person’s veto does not hold the request up');
  const reason = mask(input.reason);
  const own = await ownRequest(work, held, one, reason);
  const left = await work.tx.execute(sql`select 1 from cc_verification v
    join cc_reporter p on p.id = v.reporter and p.withdrawn_at is null
    where v.request = ${number} and v.verdict in ('no', 'partly') and v.reporter <> ${one.reporter}
      and v.attempt = (select max(no) from cc_attempt where request = ${number}) limit 1`);
  if (left.rows.length === 0) await backToClaim(work, number);
  await announce(work, held, {
    move: 'split',
    data: { splitOff: own, reason },
    note: reason,
    template: 'split',
    event: 'request.split',
    to: left.rows.length === 0 ? 'claimed' : 'rework',
  });
  await audit(work, { action: permission('split_off'), resource: `request:${number}`, detail: { own } });
  return own;
}

/** What was merged keeps its number; who joined gets one. */
async function ownRequest(work: Work, master: Held, one: Dissenter, reason: string): Promise<string> {
  const { rows } = await work.tx.execute<{ request: string }>(
    sql`select request from cc_reporter where id = ${one.reporter}`,
  );
  const came = rows[0]!.request;
  const number = came === master.number ? await copyOf(work, master, one) : came;
  const { rows: before } = await work.tx.execute<{ version: number; history_head: string; state: string }>(
    sql`select version, history_head, state from cc_request where number = ${number} for update`,
  );
  const now = work.clock.now().toISOString();
  const merged = came !== master.number;
  const entry: HistoryEntry = {
    request: number,
    seq: merged ? before[0]!.version + 1 : 1,
    at: now,
    move: 'split',
    from: merged ? 'merged' : null,
    to: 'rework',
    actor: historyActor(work.actor),
    data: { splitFrom: master.number, reason },
    note: reason,
    prev: merged ? before[0]!.history_head : null,
  };
  const hash = entryHash(entry);
  await work.tx.execute(sql`insert into cc_history
      (request, seq, at, move, from_state, to_state, actor, data, public_note, prev, hash)
    values (${number}, ${entry.seq}, ${now}::timestamptz, 'split', ${entry.from}, 'rework',
      ${JSON.stringify(entry.actor)}::jsonb, ${JSON.stringify(entry.data)}::jsonb, ${reason}, ${entry.prev}, ${hash})`);
  await work.tx.execute(sql`update cc_request r set state = 'rework', master = null, version = ${entry.seq},
      history_head = ${hash}, updated_at = ${now}::timestamptz, public_note = ${reason}, organisation = m.organisation,
      unit = m.unit, crew = null, rework_count = m.rework_count, next_due = m.next_due, fix_due = m.fix_due,
      nearby_until = 'infinity'
    from cc_request m where m.number = ${master.number} and r.number = ${number}`);
  await work.tx.execute(sql`insert into cc_assignment (request, organisation, unit, role, decision, opened_at)
    select ${number}, organisation, unit, 'main', ${JSON.stringify({ splitFrom: master.number })}::jsonb, ${now}::timestamptz
    from cc_request where number = ${master.number} and organisation is not null`);
  await work.tx.execute(sql`insert into cc_clock (request, kind, started_at, due, warn_at, explanation)
    select ${number}, kind, started_at, due, warn_at, explanation from cc_clock
    where request = ${master.number} and kind in ('fix', 'answer')
    on conflict (request, kind) do update set due = excluded.due, warn_at = excluded.warn_at, stopped_at = null, paused_at = null`);
  await work.tx.execute(sql`insert into cc_message (request, seq, reporter, template, at)
    select ${number}, ${entry.seq}, id, 'split', ${now}::timestamptz from cc_reporter
    where request = ${number} and withdrawn_at is null and notify`);
  await emit(
    work,
    'contact-centre.request.split',
    { number, organisation: master.organisation, splitFrom: master.number },
    `request:${number}`,
  );
  return number;
}

/** A request of the same place and kind, in the words of the veto; its only reporter is the one who said no. */
async function copyOf(work: Work, master: Held, one: Dissenter): Promise<string> {
  const now = work.clock.now();
  const patch = {
    source: 'split',
    intake_key: `${master.number}:${one.reporter}`,
    payload_hash: sha256(one.reporter),
    text: one.comment ?? '',
    public_text: one.comment,
    state: 'rework',
    history_head: '',
    version: 1,
    return_count: 0,
    reporters: 1,
    follows: master.number,
    client: null,
    pause: null,
    created_at: now.toISOString(),
  };
  for (;;) {
    const number = newNumber(now);
    // What people wrote themselves, and the flat, belong to the one who wrote it.
    const { rows } = await work.tx.execute(sql`insert into cc_request
      select (jsonb_populate_record(null::cc_request,
        to_jsonb(r) - 'flat' - 'key' - 'sealed' || ${JSON.stringify({ ...patch, number })}::jsonb
          || case when r.publication = 'hidden' then '{"public_text": null}'::jsonb else '{}'::jsonb end)).*
      from cc_request r where r.number = ${master.number} on conflict (number) do nothing returning number`);
    if (rows.length === 0) continue;
    await work.tx.execute(
      sql`update cc_reporter set request = ${number}, lead = true where id = ${one.reporter}`,
    );
    await work.tx.execute(
      sql`update cc_link set request = ${number} where reporter = ${one.reporter} and kind = 'follow'`,
    );
    await work.tx.execute(sql`update cc_request set reporters = (select count(*) from cc_reporter
      where request = ${master.number} and withdrawn_at is null) where number = ${master.number}`);
    return number;
  }
}

/** The claim stands again for the others, with what is left of their time or two days more. */
async function backToClaim(work: Work, number: string): Promise<void> {
  const now = work.clock.now().toISOString();
  await work.tx.execute(sql`update cc_attempt set outcome = null
    where request = ${number} and no = (select max(no) from cc_attempt where request = ${number})`);
  await work.tx.execute(sql`update cc_clock set stopped_at = ${now}::timestamptz, paused_at = null
    where request = ${number} and stopped_at is null`);
  await work.tx.execute(sql`update cc_request r set state = 'claimed', pause = null, result = a.result, claimed_at = a.claimed_at,
      window_until = ${now}::timestamptz + interval '48 hours', rework_count = greatest(rework_count - 1, 0), next_due = null
    from (select result, claimed_at from cc_attempt where request = ${number} order by no desc limit 1) a
    where r.number = ${number}`);
}
