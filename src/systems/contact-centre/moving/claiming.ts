import { sql } from 'drizzle-orm';
import type { Work } from '#platform/work.ts';
import { readCity } from '../city.ts';
import { resumeClocks, stopClocks } from '../clock-moves.ts';
import { defaultsOf } from '../defaults.ts';
import { historyActor } from '../history.ts';
import { addPhotos, type EvidencePhoto, evidenceFaultsOf } from '../photos.ts';
import { mask } from '../publication.ts';
import { statement } from '../statement.ts';
import { keepFromVisited } from './assigning.ts';
import { categoryOf, circleOf, type Effect, need, type Turn } from './turn.ts';

/** The executor says that the work is done: an attempt with its evidence, and the window in which reporters judge it. */
export async function claimDone({ work, request, input, now: at }: Turn): Promise<Effect> {
  need({ result: input.result, answer: input.answer });
  await keepFromVisited(work, request, request.crew);
  const { leaf } = await categoryOf(work, request);
  const evidence = await withPlaces(work, request.number, input.evidence ?? []);
  const wanted =
    leaf.evidence === 'before+after'
      ? (['before', 'after'] as const)
      : leaf.evidence === 'after'
        ? (['after'] as const)
        : [];
  // Missing evidence does not block a crew without light or network: it is marked, and a controller looks first.
  const faults = input.result === 'fixed' ? evidenceFaultsOf(wanted, evidence, request) : [];
  const { verificationHours, urgentVerificationHours } = defaultsOf((await readCity(work.tx)).settings);
  const calm = leaf.class === 'ordinary' || leaf.class === 'question';
  const hours = leaf.verificationHours ?? (calm ? verificationHours : urgentVerificationHours);
  const now = new Date(at);
  return {
    set: {
      result: input.result,
      claimed_at: at,
      state_before: null,
      window_until: new Date(now.getTime() + hours * 3_600_000).toISOString(),
    },
    data: { result: input.result, evidence: evidence.length, evidenceFaults: faults },
    note: input.answer,
    // Nobody is asked about evidence in doubt before a controller has passed it.
    ...(request.regime === 'statutory'
      ? { template: 'answer' }
      : faults.length
        ? { template: 'claim_in_doubt' }
        : {}),
    after: async () => {
      await work.tx.execute(sql`insert into cc_attempt
          (request, no, assignment, organisation, crew, result, answer, evidence, evidence_faults, claimed_by, claimed_at)
        select ${request.number}, coalesce((select max(no) from cc_attempt where request = ${request.number}), 0) + 1,
          (select id from cc_assignment where request = ${request.number} and role = 'main' and closed_at is null),
          ${request.organisation}, ${request.crew}, ${input.result}, ${mask(input.answer!)},
          ${JSON.stringify(evidence.map(({ file, kind }) => ({ file, kind })))}::jsonb, ${JSON.stringify(faults)}::jsonb,
          ${JSON.stringify(historyActor(work.actor))}::jsonb, ${at}::timestamptz`);
      await addPhotos(work, request.number, evidence);
      if (request.state === 'waiting_reporter') await resumeClocks(work, request.number, 'waiting_reporter');
      await stopClocks(work, request.number, ['accept', 'arrive', 'fix', 'answer']);
      await work.tx.execute(sql`update cc_reporter set missed_calls = 0
        where request = any(${circleOf(request.number)}) and withdrawn_at is null`);
    },
  };
}

/** Photos that came before the claim have told already where they were taken. */
async function withPlaces(
  work: Work,
  number: string,
  evidence: readonly EvidencePhoto[],
): Promise<EvidencePhoto[]> {
  if (evidence.length === 0) return [];
  const { rows } = await work.tx.execute<{ file: string; lat: number | null; lon: number | null }>(
    sql`select file, lat, lon from cc_photo where request = ${number} and kind in ('before', 'after')`,
  );
  const kept = new Map(rows.map((row) => [row.file, row]));
  return evidence.map((photo) => ({
    ...photo,
    lat: photo.lat ?? kept.get(photo.file)?.lat ?? null,
    lon: photo.lon ?? kept.get(photo.file)?.lon ?? null,
  }));
}

const lastAttempt = statement<{ no: number }>(
  'last_attempt',
  'select coalesce(max(no), 0)::int as no from cc_attempt where request = $1',
);

/** Number of the last attempt; 0 before the first. */
export async function attemptNo(work: Work, number: string): Promise<number> {
  const [last] = await lastAttempt(work.tx, [number]);
  return last!.no;
}

/** @param outcome of the last attempt: confirmed, vetoed, rejected, unverified. */
export async function endAttempt(work: Work, number: string, outcome: string): Promise<void> {
  await work.tx.execute(
    sql`update cc_attempt set outcome = ${outcome} where request = ${number} and no = ${await attemptNo(work, number)}`,
  );
}
