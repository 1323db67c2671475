import type { Act } from './permissions.ts';

/** Where a dataset stands (стан набору). */
export type DatasetState = 'draft' | 'review' | 'published' | 'archived' | 'withdrawn';

export type MoveName = 'submit' | 'publish' | 'approve' | 'return' | 'archive' | 'restore' | 'withdraw';

export interface Move {
  readonly name: MoveName;
  readonly from: readonly DatasetState[];
  readonly to: DatasetState;
  /** Held in the organisation of the dataset. */
  readonly needs: Act;
  /** Words for the author or the public go with it. */
  readonly reason?: 'required' | 'optional';
}

/** Every way from one state to another; there is no other. `publish` past review is open where the organisation publishes directly. */
export const moves: readonly Move[] = [
  { name: 'submit', from: ['draft'], to: 'review', needs: 'write' },
  { name: 'publish', from: ['draft'], to: 'published', needs: 'write' },
  { name: 'approve', from: ['review'], to: 'published', needs: 'publish' },
  { name: 'return', from: ['review'], to: 'draft', needs: 'publish', reason: 'required' },
  { name: 'archive', from: ['published'], to: 'archived', needs: 'publish' },
  { name: 'restore', from: ['archived', 'withdrawn'], to: 'published', needs: 'publish' },
  {
    name: 'withdraw',
    from: ['draft', 'review', 'published', 'archived'],
    to: 'withdrawn',
    needs: 'write',
    reason: 'optional',
  },
];

export function moveOf(name: MoveName): Move {
  return moves.find((move) => move.name === name)!;
}

/** What CKAN's clients call the state. */
export function wireState(state: DatasetState): 'draft' | 'active' | 'deleted' {
  if (state === 'withdrawn') return 'deleted';
  return state === 'published' || state === 'archived' ? 'active' : 'draft';
}

/** Served to everybody, unless it is private. */
export const servedStates: readonly DatasetState[] = ['published', 'archived'];
