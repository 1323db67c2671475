import { expect, it } from 'vitest';
import type { ManualClock } from '#platform/clock.ts';
import { demoNotApplicable, demoUnitOfGroup } from '../../../../city/dnipro/obligations.ts';
import { officer, testPortal } from '../api/ckan/testing.ts';
import { readBoard } from './board.ts';
import { demoObligations } from './demo.ts';

const portal = await testPortal();
const { platform } = portal;
const clock = platform.clock as ManualClock;

it('in the demo city somebody answers for every obligation, and what does not concern it is signed', async () => {
  for (const name of new Set(Object.values(demoUnitOfGroup)))
    await portal.call('organization_create', { name }, officer);
  await demoObligations(platform, clock);
  await demoObligations(platform, clock);
  const { cells } = await readBoard(platform.db, clock.now());
  expect(cells).toHaveLength(74);
  expect(cells.filter((cell) => cell.unit === null)).toEqual([]);
  expect(cells.filter((cell) => cell.state === 'not applicable').map((cell) => cell.obligation.code)).toEqual(
    Object.keys(demoNotApplicable),
  );
});
