import type { Tone } from '#ui/index.ts';
import type { CellState } from '../../obligations/board.ts';

/** How grave a state of an obligation is. */
export const stateTones: Readonly<Record<CellState, Tone>> = {
  published: 'good',
  stale: 'warning',
  broken: 'danger',
  missing: 'danger',
  'not applicable': 'neutral',
};
