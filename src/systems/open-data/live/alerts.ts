import { sql } from 'drizzle-orm';
import { holdersOf } from '#platform/access/holders.ts';
import { emit } from '#platform/events/outbox.ts';
import type { LiveDataset } from '#platform/live-data.ts';
import { defineTemplate, notify } from '#platform/notify/index.ts';
import type { Work } from '#platform/work.ts';
import { roleName } from '../permissions.ts';
import { type LiveFault, sayTrouble, type TroubledState } from './faults.ts';

const troubled = defineTemplate<{
  title: { uk: string; en: string };
  state: TroubledState;
  fault: LiveFault | null;
}>('open-data.live-troubled', 1, {
  uk: ({ title, state, fault }) => ({
    subject: `Живі дані «${title.uk}» не оновлено`,
    lines: [...sayTrouble('uk', state, fault), 'Оприлюдненою лишається попередня версія.'],
    href: '/open-data/desk/live',
  }),
  en: ({ title, state, fault }) => ({
    subject: `Live data “${title.en}” were not updated`,
    lines: [...sayTrouble('en', state, fault), 'The version before stays published.'],
    href: '/open-data/desk/live',
  }),
});

/** Tells the officers of the city and of the unit that a reading did not end well; each of them once for each reading. */
export async function alertOfficers(
  work: Work,
  live: LiveDataset,
  what: { readonly run: string; readonly state: TroubledState; readonly fault: LiveFault | null },
): Promise<void> {
  await emit(work, 'open-data.live.troubled', {
    key: live.key,
    state: what.state,
    kind: what.fault?.kind ?? null,
  });
  const { rows } = await work.tx.execute<{ officer: string | null }>(
    sql`select officer from od_organisation where unit = ${live.unit}`,
  );
  const officers = await holdersOf(work.tx, roleName('officer'), {}, work.clock.now());
  const people = new Set([...officers, ...rows.flatMap(({ officer }) => officer ?? [])]);
  for (const person of people)
    await notify(work, {
      to: { person },
      event: `open-data.live:${what.run}`,
      template: troubled,
      variables: { title: live.passport.title, state: what.state, fault: what.fault },
      weight: 'service',
    });
}
