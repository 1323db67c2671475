import { sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import { Forbidden, NotFound } from '#platform/errors.ts';
import type { Actor } from '#platform/work.ts';
import { type DayPart, type DeskRow, deskRequest } from '../../../lists/index.ts';
import { permission } from '../../../permissions.ts';
import { instant } from '../../reads.ts';

/** A claim as the one who verifies it sees it. */
export interface Claim {
  readonly row: DeskRow;
  readonly attempt: number;
  readonly result: string;
  readonly answer: string;
  readonly evidenceFaults: readonly string[];
  readonly passedAt: Date | null;
  readonly claimedAt: Date;
  readonly photos: readonly {
    readonly id: string;
    readonly kind: string;
    readonly width: number;
    readonly height: number;
  }[];
}

/**
 * The last claim of a request.
 *
 * @throws NotFound when the actor may not know of it or nothing was claimed; Forbidden for the actor's own organisation.
 */
export async function claimOf(reader: Reader, actor: Actor, number: string): Promise<Claim> {
  const row = await deskRequest(reader, actor, number);
  const { rows } = await reader.execute<Record<string, unknown>>(sql`
    select no, result, answer, evidence, evidence_faults, passed_at, claimed_at from cc_attempt
    where request = ${number} order by no desc limit 1`);
  const last = rows[0];
  if (!row || !last) throw new NotFound('request');
  if (actor.organisation && actor.organisation === row.organisation)
    throw new Forbidden(`${permission('call_back')}: never of one's own organisation`);
  const photos = await reader.execute<Record<string, unknown>>(sql`
    select id, kind, width, height from cc_photo where request = ${number} and kind in ('report', 'before', 'after')
    order by kind = 'after', kind = 'before', at, id limit 30`);
  return {
    row,
    attempt: Number(last.no),
    result: String(last.result),
    answer: String(last.answer),
    evidenceFaults: last.evidence_faults as string[],
    passedAt: instant(last.passed_at),
    claimedAt: instant(last.claimed_at)!,
    photos: photos.rows.map((photo) => ({
      id: String(photo.id),
      kind: String(photo.kind),
      width: Number(photo.width ?? 4),
      height: Number(photo.height ?? 3),
    })),
  };
}

/** In which parts of the day the person was called in vain about this claim. */
export async function triedParts(reader: Reader, reporter: string, attempt: number): Promise<DayPart[]> {
  const { rows } = await reader.execute<{ day_part: DayPart }>(sql`
    select distinct day_part from cc_verification
    where reporter = ${reporter} and attempt = ${attempt} and verdict = 'missed' and day_part is not null`);
  return rows.map((row) => row.day_part);
}
