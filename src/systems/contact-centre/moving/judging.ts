import { sql } from 'drizzle-orm';
import { Conflict, Invalid } from '#platform/errors.ts';
import { emit } from '#platform/events/outbox.ts';
import type { Work } from '#platform/work.ts';
import { restartFix } from '../clock-moves.ts';
import { historyActor } from '../history.ts';
import { addPhotos } from '../photos.ts';
import { mask } from '../publication.ts';
import { anotherUnitAfter } from './assigning.ts';
import { attemptNo, endAttempt } from './claiming.ts';
import { circleOf, closed, type Effect, need, type Row, type Turn } from './turn.ts';

/** A reporter's yes closes the request when nobody is left who has not said yes, or when the window is over. */
export async function judgeYes(turn: Turn): Promise<Effect> {
  const { work, request, input, by } = turn;
  const judge = await judgeOf(turn);
  if (judge) await keepVerdict(turn, judge, 'yes');
  const { rows } = await work.tx.execute<{ yes: number; open: number }>(sql`select
      count(*) filter (where verdict = 'yes' and verdict_attempt = ${await attemptNo(work, request.number)})::int as yes,
      count(*) filter (where verdict is distinct from 'yes' or verdict_attempt <> ${await attemptNo(work, request.number)})::int as open
    from cc_reporter where request = any(${circleOf(request.number)}) and withdrawn_at is null`);
  const { yes, open } = rows[0]!;
  if (by.includes('system') && yes === 0)
    throw new Conflict('no-verdict', 'nobody has confirmed; the request can only lapse');
  const grade = input.grade ?? null;
  if (open > 0 && !by.includes('system'))
    return { to: 'claimed', as: 'verdict', data: { verdict: 'yes', grade } };
  return {
    ...closed(request, work),
    data: { verdict: 'yes', grade, voices: yes },
    after: () => endAttempt(work, request.number, 'confirmed'),
  };
}

/** A reporter’s no brings the work back, whoever else has said yes. */
export async function judgeNo(turn: Turn): Promise<Effect> {
  const { work, request, input } = turn;
  const photos = input.photos ?? [];
  if (photos.length === 0) need({ comment: input.comment });
  const judge = await judgeOf(turn);
  if (judge) await keepVerdict(turn, judge, input.partly ? 'partly' : 'no');
  await addPhotos(
    work,
    request.number,
    photos.map((photo) => ({ ...photo, kind: 'veto' })),
    judge,
  );
  return backToWork(work, request, 'vetoed', input.comment ?? '');
}

/** Whose verdict it is: the reporter's own, or the one whom a controller has called. */
async function judgeOf({ work, request, input, by, reporter }: Turn): Promise<string | null> {
  if (reporter) return reporter.id;
  if (!by.includes('controller')) return null;
  need({ callRecord: input.callRecord });
  const { rows } = await work.tx.execute<{
    id: string;
  }>(sql`select id from cc_reporter where request = any(${circleOf(request.number)}) and withdrawn_at is null
    and (${input.reporter ?? null}::uuid is null or id = ${input.reporter ?? null}::uuid) order by request <> ${request.number}, lead desc, joined_at limit 1`);
  if (!rows[0]) throw new Invalid([{ field: 'reporter', message: 'choose who was called' }]);
  return rows[0].id;
}

async function keepVerdict(
  { work, request, input, now, reporter }: Turn,
  judge: string,
  verdict: 'yes' | 'no' | 'partly',
): Promise<void> {
  if (input.grade !== undefined && !(Number.isInteger(input.grade) && input.grade >= 1 && input.grade <= 5))
    throw new Invalid([{ field: 'grade', message: '1–5' }]);
  const attempt = await attemptNo(work, request.number);
  const method = input.method ?? (reporter ? (input.reporterToken ? 'link' : 'cabinet') : 'call');
  await work.tx.execute(sql`insert into cc_verification (request, attempt, reporter, method, verdict, grade, comment, by_actor, call_record, at)
    values (${request.number}, ${attempt}, ${judge}, ${method}, ${verdict}, ${input.grade ?? null}, ${input.comment ? mask(input.comment) : null},
      ${JSON.stringify(historyActor(work.actor))}::jsonb, ${input.callRecord ?? null}, ${now}::timestamptz)`);
  await work.tx.execute(sql`update cc_reporter set verdict = ${verdict}, verdict_attempt = ${attempt}, verdict_at = ${now}::timestamptz,
    grade = coalesce(${input.grade ?? null}, grade) where id = ${judge}`);
}

/** One more rework; @param outcome of the attempt before, null where none is judged. */
export async function backToWork(
  work: Work,
  request: Row,
  outcome: string | null,
  comment: string,
): Promise<Effect> {
  const reworks = request.rework_count + 1;
  return {
    set: { rework_count: reworks, result: null, claimed_at: null, window_until: null },
    data: { comment: mask(comment), reworks },
    ...(comment ? { note: mask(comment) } : {}),
    after: async () => {
      if (outcome) await endAttempt(work, request.number, outcome);
      await restartFix(work, request.number);
      if (reworks >= anotherUnitAfter)
        await emit(work, 'contact-centre.request.third_rework', {
          number: request.number,
          organisation: request.organisation,
          reworks,
        });
    },
  };
}
