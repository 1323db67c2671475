import { expect, it } from 'vitest';
import { inTurns } from './turns.ts';

it('takes from each list in turn, however long the others are', () => {
  expect(inTurns([['a', 'b', 'c'], [], ['d'], ['e', 'f']])).toEqual(['a', 'd', 'e', 'b', 'f', 'c']);
  expect(inTurns([])).toEqual([]);
});
