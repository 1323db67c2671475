import type { Closing, State } from '../states.ts';

/** The words in which a state goes out as an update: finer than open and closed, understood by existing clients. */
export const updateStatuses = [
  'open',
  'for_triage',
  'investigating',
  'in_progress',
  'action_scheduled',
  'fixed',
  'closed',
  'no_further_action',
  'not_councils_responsibility',
  'cancelled',
] as const;
export type UpdateStatus = (typeof updateStatuses)[number];

const whileOpen: Readonly<Record<Exclude<State, 'closed' | 'merged' | 'in_event'>, UpdateStatus>> = {
  registered: 'open',
  assigned: 'open',
  triage: 'for_triage',
  accepted: 'investigating',
  waiting_reporter: 'investigating',
  in_progress: 'in_progress',
  claimed: 'in_progress',
  planned: 'action_scheduled',
  rework: 'open',
};

/**
 * What an update says of a state.
 *
 * @param before the state it came from: being merged or joined to an event changes nothing for the reader.
 */
export function updateStatus(
  state: State,
  closing: Closing | null,
  result: string | null,
  before: State | null = null,
): UpdateStatus {
  if (state === 'merged' || state === 'in_event')
    return before && before !== 'merged' && before !== 'in_event' && before !== 'closed'
      ? whileOpen[before]
      : 'open';
  if (state !== 'closed') return whileOpen[state];
  if (closing === 'transferred') return 'not_councils_responsibility';
  if (closing === 'withdrawn') return 'cancelled';
  if (closing === 'refused' || (result !== null && result !== 'fixed')) return 'no_further_action';
  return closing === 'confirmed' ? 'fixed' : 'closed';
}
