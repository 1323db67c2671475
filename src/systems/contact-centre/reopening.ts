import { Conflict, Invalid } from '#platform/errors.ts';
import type { Work } from '#platform/work.ts';
import type { CountedIntake } from './intake-limits.ts';
import { addVoice, lockJoinable } from './joining.ts';
import { act } from './moves.ts';
import type { NewReporter } from './requests.ts';
import type { Closing } from './states.ts';

/** Closings after which a neighbour may say that it is not fixed: somebody had claimed that it is. */
export const reopenable: readonly Closing[] = ['confirmed', 'unverified'];

/**
 * Adds a person who found the same problem not fixed to a request that was closed lately, and opens it again; one that was
 * opened meanwhile is joined.
 *
 * @param comment what is still wrong; masked.
 * @throws NotFound; Invalid `comment`; Conflict `closed` when nobody had claimed it, or neighbours are not shown it any more;
 *   Refusal `intake-limit`.
 */
export async function reopenNearby(
  work: Work,
  number: string,
  reporter: NewReporter,
  comment: string,
  counted?: CountedIntake,
): Promise<{ followToken: string }> {
  if (comment.trim().length < 2) throw new Invalid([{ field: 'comment', message: 'is needed' }]);
  const { state, closing, nearby } = await lockJoinable(work, number);
  if (state !== 'closed') return addVoice(work, number, reporter, counted);
  if (!nearby || !reopenable.some((one) => one === closing))
    throw new Conflict('closed', 'it cannot be opened again; send a new one');
  const { followToken } = await addVoice(work, number, reporter, counted);
  await act(work, number, 'reopen', { reporterToken: followToken, comment });
  return { followToken };
}
