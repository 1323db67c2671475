import { type SQL, sql } from 'drizzle-orm';

/** Letters of which each asks a reporter whether the work is done. */
const asking = sql`('claim', 'ask_again', 'answer')`;
/** A letter that has waited so long is not sent any more. */
const givenUp = sql`interval '7 days'`;

/** A reporter who said nothing has so long to answer the second time of asking. */
const timeToAnswer = sql`interval '12 hours'`;

/**
 * What became of the letters that ask one reporter about the last claim, as a lateral row: how many were `asked` for, how
 * many were `delivered` (laid into the cabinet's inbox, or taken by the mail server), how many are `under_way`, and when
 * the last was owed. Only what was delivered counts as asking.
 *
 * Stands beside `r` (cc_request, claimed), `p` (a reporter of its circle) and `a` (its last attempt, with `claimed_at`).
 */
export function asksOf(now: Date): SQL {
  const at = sql`${now.toISOString()}::timestamptz`;
  return sql`lateral (
    select count(*)::int as asked,
      count(*) filter (where m.outcome = 'told' and (p.person is not null or d.sent))::int as delivered,
      count(*) filter (where m.done_at is null or (p.person is null and d.moving))::int as under_way,
      max(m.at) as last_at
    from cc_message m left join lateral (
      select bool_or(state = 'sent') as sent,
        bool_or(state in ('queued', 'sending') and (channel = 'post' or due_at > ${at} - ${givenUp})) as moving
      from delivery where message_id = m.message
    ) d on true
    where m.reporter = p.id and m.request = r.number and m.template in ${asking} and m.at >= a.claimed_at)`;
}

/** Whether anybody was really asked about the attempt `a` (cc_attempt): by a letter that went out before the next claim, or by telephone. */
export const wasAsked: SQL = sql`(exists (select from cc_message m where m.request = a.request and m.outcome = 'told'
    and m.template in ${asking} and m.at >= a.claimed_at and m.at < coalesce(
      (select n.claimed_at from cc_attempt n where n.request = a.request and n.no = a.no + 1), 'infinity'))
  or exists (select from cc_verification v where v.request = a.request and v.attempt = a.no and v.verdict <> 'missed'))`;

/** Whether letters reach the reporter `p`: by the account, or at a proved address. */
export const lettersReach: SQL = sql`(p.notify and (p.person is not null or (p.confirmed and p.email_blind is not null)))`;

/**
 * Whether nothing more can be done to have a word of the reporter `p`: asked twice by letters that were delivered, missed
 * three calls, or reached in no way. An appeal is asked about once, by its written answer, which must have gone out.
 */
export function exhausted(now: Date): SQL {
  const at = sql`${now.toISOString()}::timestamptz`;
  return sql`case when r.regime = 'statutory' then q.asked >= 1 and q.under_way = 0
    else p.missed_calls >= 3 or (q.delivered >= 2 and q.last_at <= ${at} - ${timeToAnswer})
      or (p.phone_blind is null and (not ${lettersReach} or (q.asked >= 2 and q.under_way = 0 and q.delivered < 2))) end`;
}

/** Whether residents may be asked about the attempt: evidence in doubt is passed by a controller first. */
export const mayBeAsked: SQL = sql`(evidence_faults = '[]' or passed_at is not null)`;
