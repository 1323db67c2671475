import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fold, isMoveFrom, type MoveRow, moves, movesFrom, rowFor, states } from './states.ts';

const rows: readonly MoveRow[] = moves;

/** The table as the documentation shows it. */
function printed(): string {
  const lines = rows.map(
    ({ move, from, to, who, regime }) =>
      `| ${move}${regime ? ` (${regime})` : ''} | ${from.join(', ')} | ${to} | ${who.join(', ')} |`,
  );
  return ['| move | from | to | who |', '| --- | --- | --- | --- |', ...lines].join('\n');
}

describe('the table of moves', () => {
  it('is the one that the documentation shows', () => {
    const page = readFileSync(new URL('../../../docs/contact-centre.md', import.meta.url), 'utf8');
    const shown = page.match(/<!-- moves -->\n([\s\S]*?)\n<!-- \/moves -->/)?.[1];
    expect(shown?.trim()).toBe(printed());
  });

  it('knows each state, and every state but closed can be left', () => {
    for (const state of states)
      expect(rows.some(({ from, to }) => from.includes(state) || to === state)).toBe(true);
    expect(
      states.filter(
        (state) =>
          movesFrom(state, ['reporter', 'operator', 'dispatcher', 'controller', 'supervisor', 'system'])
            .length === 0,
      ),
    ).toEqual([]);
  });

  it.each([
    ['a claim is judged by people, never by its executor', 'claimed', ['crew', 'dispatcher'], []],
    [
      'a reporter confirms, vetoes or withdraws a claim',
      'claimed',
      ['reporter'],
      ['confirm', 'veto', 'withdraw'],
    ],
    [
      'a closed request can only be opened again',
      'closed',
      ['reporter', 'operator', 'controller', 'supervisor', 'dispatcher'],
      ['reopen'],
    ],
    [
      'a merged request can only be taken out',
      'merged',
      ['reporter', 'operator', 'dispatcher', 'supervisor'],
      ['unlink'],
    ],
    ['a moderator and an administrator move nothing', 'assigned', ['moderator', 'administrator'], []],
    ['only a supervisor takes work away from those who do it', 'in_progress', ['supervisor'], ['assign']],
    [
      'an operator refuses or transfers only what nobody works on',
      'assigned',
      ['operator'],
      ['assign', 'link', 'join_event'],
    ],
  ] as const)('%s', (_, state, by, allowed) => {
    expect(movesFrom(state, by).toSorted()).toEqual([...allowed].toSorted());
  });

  it('lets a supervisor reassign before the claim, and nobody after it', () => {
    expect(rowFor('assign', 'rework', ['supervisor'])?.permission).toBe('reassign');
    expect(isMoveFrom('assign', 'claimed')).toBe(false);
  });

  it('tells the state by folding the history, and finds a break', () => {
    expect(
      fold([
        { from: null, to: 'registered' },
        { from: 'registered', to: 'assigned' },
      ]),
    ).toBe('assigned');
    expect(() =>
      fold([
        { from: null, to: 'registered' },
        { from: 'triage', to: 'assigned' },
      ]),
    ).toThrow('history breaks');
  });
});
