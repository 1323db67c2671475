import type { ManualClock } from '#platform/clock.ts';
import { personaActor } from '#platform/identity/personas.ts';
import type { Platform } from '#platform/system.ts';
import { demoNotApplicable, demoUnitOfGroup } from '../../../../city/dnipro/obligations.ts';
import { demoOfficer } from '../tokens.ts';
import { assign, signNotApplicable } from './assignments.ts';
import { readBoard } from './board.ts';

/** Gives every obligation of the demo city that nobody answers for to a unit, and signs what does not concern the city. */
export async function demoObligations(platform: Platform, clock: ManualClock): Promise<void> {
  const officer = await personaActor(platform, demoOfficer);
  const { cells, units } = await readBoard(platform.db, clock.now());
  await platform.work(
    officer,
    async (work) => {
      for (const { obligation, unit } of cells) {
        const own = units.find((one) => one.name === demoUnitOfGroup[obligation.group.uk]);
        if (unit || !own) continue;
        await assign(work, obligation.code, [own.id]);
        const reason = demoNotApplicable[obligation.code];
        if (reason) await signNotApplicable(work, { code: obligation.code, organisation: own.id }, reason);
      }
    },
    { clock },
  );
}
