// Keeps: dates that were stored never move silently; counting them anew is an act on record that names whom it concerns
// (platform.md §6.2, contact-centre.md §3, invariant 8).
import { beforeAll, describe, expect, it } from 'vitest';
import { manualClock } from '#platform/clock.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { anonymous, systemActor } from '#platform/work.ts';
import { contactCentreData } from '../../../city/dnipro/index.ts';
import { loadCityData } from './city.ts';
import { saveData } from './city-editing/edit.ts';
import { dataKinds } from './city-editing/index.ts';
import { inPost } from './posts.ts';
import { previewRecount, recountTerms } from './recount.ts';
import { registerRequest } from './requests.ts';
import { extendTerm } from './supervising.ts';

// A Friday: an ordinary request is to be accepted by the end of Monday.
const clock = manualClock('2026-11-20T10:00:00Z');
const platform = await testPlatform({ clock });
const administrator = inPost('administrator');
beforeAll(() => platform.work(systemActor('city'), (work) => loadCityData(work, contactCentreData)));

let key = 0;
async function report(): Promise<string> {
  const { number } = await platform.work(anonymous, (work) =>
    registerRequest(work, {
      source: 'web',
      intakeKey: `recount-${key++}`,
      category: 'road-pothole',
      text: `Яма ${key}`,
      answers: [{ code: 'danger', values: ['no'] }],
      place: { building: contactCentreData.buildings[key]!.id },
      reporter: { channel: 'web', language: 'uk', phone: '+380670000001' },
    }),
  );
  return number;
}
const close = (on: string, active = 'yes', known: number | null = null) =>
  platform.work(administrator, (work) =>
    saveData(
      work,
      dataKinds.day,
      {
        flat: {
          code: `closed-${on}`,
          kind: 'closed',
          on,
          'name-uk': 'Зачинено',
          'name-en': 'Closed',
          works: 'no',
          active,
        },
        known,
      },
      'uk',
    ),
  );
const preview = () => previewRecount(platform.db, clock.now());
const recount = async (note = 'Рішення виконкому № 7, тел. 067 123 45 67') => {
  const { digest } = await preview();
  return platform.work(administrator, (work) => recountTerms(work, digest, note));
};
const dueOf = async (number: string, kind = 'accept') =>
  (
    await platform.pool.query('select due, explanation from cc_clock where request = $1 and kind = $2', [
      number,
      kind,
    ])
  ).rows[0];
const endOf = async (number: string, kind?: string) => (await dueOf(number, kind)).due.toISOString();
const monday = '2026-11-23T21:59:59.999Z';
const tuesday = '2026-11-24T21:59:59.999Z';

describe('terms that run when the calendar changes', () => {
  it('stay until an act counts them anew, which appends why, tells each reporter and names all on record', async () => {
    const numbers = [await report(), await report()].sort();
    expect((await preview()).clocks).toEqual([]);
    await close('2026-11-23');
    expect(await endOf(numbers[0]!)).toBe(monday);
    const { clocks } = await preview();
    expect(clocks.map(({ number, kind, before, after }) => [number, kind, before, after])).toEqual(
      numbers.map((number) => [number, 'accept', new Date(monday), new Date(tuesday)]),
    );
    expect(await recount()).toBe(2);

    const { due, explanation } = await dueOf(numbers[0]!);
    expect(due).toEqual(new Date(tuesday));
    expect(explanation.steps).toContainEqual(expect.objectContaining({ kind: 'skipped', reason: 'closed' }));
    const { rows: intervals } = await platform.pool.query(
      `select why, due_before, due_after, actor->>'kind' as actor, note from cc_clock_interval where request = $1`,
      [numbers[0]],
    );
    expect(intervals).toEqual([
      {
        why: 'calendar',
        due_before: new Date(monday),
        due_after: new Date(tuesday),
        actor: 'staff',
        note: 'Рішення виконкому № 7, тел. [приховано]',
      },
    ]);
    const { rows: told } = await platform.pool.query(
      `select request, template from cc_message where template = 'recount' order by request`,
    );
    expect(told).toEqual(numbers.map((request) => ({ request, template: 'recount' })));
    const { rows: shown } = await platform.pool.query('select next_due from cc_request where number = $1', [
      numbers[0],
    ]);
    expect(shown).toEqual([{ next_due: new Date(tuesday) }]);
    const { rows: entries } = await platform.pool.query(
      `select entry->'detail'->'moved' as moved from audit_pending where entry->>'resource' = 'terms:calendar'`,
    );
    expect(entries).toEqual([
      { moved: numbers.map((request) => ({ request, clock: 'accept', from: monday, to: tuesday })) },
    ]);
    expect((await preview()).clocks).toEqual([]);
  });

  it('come back when the day is worked after all', async () => {
    const number = await report();
    expect(await endOf(number)).toBe(tuesday);
    await close('2026-11-23', 'no', 1);
    await recount();
    expect(await endOf(number)).toBe(monday);
  });

  it('are left where a person extended them to a day, where they have passed, and where they would have', async () => {
    const extended = await report();
    const passed = await report();
    await platform.work(inPost('supervisor'), (work) =>
      extendTerm(work, extended, { kind: 'accept', until: '2026-12-01', reason: 'Черга', note: 'Зачекайте' }),
    );
    clock.set('2026-11-24T10:00:00Z');
    await close('2026-11-25');
    const wouldHave = await report();
    expect(await endOf(wouldHave)).toBe('2026-11-26T21:59:59.999Z');
    clock.set('2026-11-26T10:00:00Z');
    await close('2026-11-25', 'no', 1);
    const listed = (await preview()).clocks.map(({ number }) => number);
    for (const number of [extended, passed, wouldHave]) expect(listed).not.toContain(number);
  });

  it('are moved as they were previewed, with a word of why, by who keeps the calendar, or not at all', async () => {
    const number = await report();
    await close('2026-11-27');
    const { digest, clocks } = await preview();
    expect(clocks.map((clock) => clock.number)).toContain(number);
    await close('2026-12-01');
    await expect(
      platform.work(administrator, (work) => recountTerms(work, digest, 'Рішення № 8')),
    ).rejects.toMatchObject({ code: 'stale' });
    await expect(recount(' ')).rejects.toMatchObject({ faults: [{ field: 'note' }] });
    await expect(
      platform.work(inPost('supervisor'), (work) => recountTerms(work, digest, 'Рішення № 8')),
    ).rejects.toMatchObject({ status: 403 });
    const { rows } = await platform.pool.query('select 1 from cc_clock_interval where request = $1', [
      number,
    ]);
    expect(rows).toEqual([]);
  });
});
