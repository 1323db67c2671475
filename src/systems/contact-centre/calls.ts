import { sql } from 'drizzle-orm';
import { audit } from '#platform/audit/append.ts';
import { Conflict, Forbidden, Invalid } from '#platform/errors.ts';
import type { Work } from '#platform/work.ts';
import { isDrawn } from './checks.ts';
import { readCity } from './city.ts';
import { defaultsOf } from './defaults.ts';
import { historyActor } from './history.ts';
import { type DayPart, dayPartOf } from './lists/index.ts';
import { act, type Moved } from './moves.ts';
import { permission } from './permissions.ts';
import { mask } from './publication.ts';
import { announce, type Held, holdFor, tell } from './tell.ts';

/** A call that nobody answered. */
export interface MissedCall {
  readonly reporter: string;
  /** Id of the call at the telephone exchange. */
  readonly callRecord?: string;
}

/**
 * Records that a reporter was not reached. Tries in the same part of the day count once, however often they are made.
 *
 * @throws NotFound, Forbidden (also for the claims of one's own organisation), Conflict `nothing-to-ask`, Invalid `reporter`.
 */
export async function missCall(
  work: Work,
  number: string,
  call: MissedCall,
): Promise<{ counted: boolean; part: DayPart }> {
  const held = await holdToVerify(work, number, 'call_back');
  const attempt = await askedAttempt(work, held);
  await mustBeOf(work, number, call.reporter);
  const now = work.clock.now();
  const part = dayPartOf(now);
  const { rows } = await work.tx.execute(sql`insert into cc_verification
      (request, attempt, reporter, method, verdict, by_actor, day_part, call_record, is_check, at)
    values (${number}, ${attempt}, ${call.reporter}, 'call', 'missed', ${JSON.stringify(historyActor(work.actor))}::jsonb,
      ${part}, ${call.callRecord ?? null}, ${held.state === 'closed'}, ${now.toISOString()}::timestamptz)
    on conflict do nothing returning id`);
  if (rows.length === 0) return { counted: false, part };
  if (held.state === 'claimed')
    await work.tx.execute(
      sql`update cc_reporter set missed_calls = missed_calls + 1 where id = ${call.reporter}`,
    );
  await audit(work, {
    action: permission('call_back'),
    resource: `request:${number}`,
    detail: { missed: part },
  });
  await tell(work, held, 'note', { missedCall: part, attempt }, 'request.call_missed');
  return { counted: true, part };
}

export interface CheckCall {
  readonly reporter: string;
  readonly verdict: 'yes' | 'no' | 'partly';
  readonly callRecord: string;
  /** Needed when it is not done: the executor gets these words, masked. */
  readonly comment?: string;
}

/**
 * Records the check call about a claim that was confirmed by link. A no opens the request again.
 *
 * @throws NotFound, Forbidden, Conflict `nothing-to-ask` when it was not drawn or has been checked, Invalid.
 */
export async function recordCheck(work: Work, number: string, call: CheckCall): Promise<Moved | null> {
  const held = await holdToVerify(work, number, 'call_back');
  if (held.state !== 'closed') throw new Conflict('nothing-to-ask', 'only what was closed is checked');
  const attempt = await askedAttempt(work, held);
  await mustBeOf(work, number, call.reporter);
  const missing = [
    ...(call.callRecord.trim() ? [] : ['callRecord']),
    ...(call.verdict !== 'yes' && !call.comment?.trim() ? ['comment'] : []),
  ];
  if (missing.length) throw new Invalid(missing.map((field) => ({ field, message: 'is needed' })));
  await work.tx.execute(sql`insert into cc_verification
      (request, attempt, reporter, method, verdict, comment, by_actor, call_record, is_check, at)
    values (${number}, ${attempt}, ${call.reporter}, 'call', ${call.verdict}, ${call.comment ? mask(call.comment) : null},
      ${JSON.stringify(historyActor(work.actor))}::jsonb, ${call.callRecord}, true, ${work.clock.now().toISOString()}::timestamptz)`);
  await audit(work, {
    action: permission('call_back'),
    resource: `request:${number}`,
    detail: { check: call.verdict, attempt },
  });
  if (call.verdict !== 'yes') return act(work, number, 'reopen', { comment: call.comment!, method: 'call' });
  await tell(work, held, 'note', { checkCall: 'yes', attempt }, 'request.checked');
  return null;
}

/**
 * Lets a claim whose evidence is missing or was taken elsewhere go on to the residents: they are asked now, and have the
 * whole of their time to answer.
 *
 * @throws NotFound, Forbidden, Conflict `nothing-to-pass` when no evidence is in doubt or it was passed already.
 */
export async function passEvidence(work: Work, number: string): Promise<void> {
  const held = await holdToVerify(work, number, 'reject');
  const now = work.clock.now().toISOString();
  const { rows } = await work.tx.execute(sql`update cc_attempt set passed_at = ${now}::timestamptz
    where request = ${number} and no = (select max(no) from cc_attempt where request = ${number})
      and evidence_faults <> '[]' and passed_at is null and ${held.state} = 'claimed' returning no`);
  if (rows.length === 0) throw new Conflict('nothing-to-pass', 'no evidence waits for a controller');
  await work.tx.execute(sql`update cc_request set window_until = ${now}::timestamptz + (window_until - claimed_at)
    where number = ${number}`);
  await audit(work, {
    action: permission('reject'),
    resource: `request:${number}`,
    detail: { evidence: 'passed' },
  });
  await announce(work, held, {
    move: 'note',
    data: { evidencePassed: true },
    note: null,
    template: 'claim',
    event: 'request.evidence_passed',
  });
}

/** Locks what a controller verifies: never of the organisation in whose post he or she stands. */
export async function holdToVerify(work: Work, number: string, act: string): Promise<Held> {
  const held = await holdFor(work, number, act);
  if (work.actor.organisation !== null && work.actor.organisation === held.organisation)
    throw new Forbidden(`${permission(act)}: never of one's own organisation`);
  return held;
}

/** The claim about which people may be called now. */
async function askedAttempt(work: Work, held: Held): Promise<number> {
  const { rows } = await work.tx.execute<{
    no: number;
    closing: string | null;
    checked: boolean;
    linked: boolean;
  }>(sql`
    select a.no, r.closing,
      exists (select 1 from cc_verification v where v.request = r.number and v.attempt = a.no and v.is_check
        and v.verdict <> 'missed') as checked,
      exists (select 1 from cc_verification v where v.request = r.number and v.attempt = a.no and v.method = 'link'
        and v.verdict = 'yes') as linked
    from cc_request r join lateral (select max(no) as no from cc_attempt where request = r.number) a on true
    where r.number = ${held.number}`);
  const { checkPercent } = defaultsOf((await readCity(work.tx)).settings);
  const found = rows[0];
  const askable =
    held.state === 'claimed' ||
    (found?.closing === 'confirmed' &&
      found.linked &&
      !found.checked &&
      isDrawn(held.number, Number(found.no), checkPercent));
  if (!found?.no || !askable) throw new Conflict('nothing-to-ask', 'there is nothing to ask about now');
  return Number(found.no);
}

async function mustBeOf(work: Work, number: string, reporter: string): Promise<void> {
  const known = /^[0-9a-f-]{36}$/i.test(reporter);
  const { rows } = known
    ? await work.tx.execute(sql`select 1 from cc_reporter where id = ${reporter} and withdrawn_at is null
        and request = any(array(select ${number}::text union all select number from cc_request where master = ${number}))`)
    : { rows: [] };
  if (rows.length === 0) throw new Invalid([{ field: 'reporter', message: 'choose who was called' }]);
}
