import { beforeAll, expect, test } from 'vitest';
import { dayIn, legalCalendar } from '#platform/calendar/index.ts';
import type { ManualClock } from '#platform/clock.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { anonymous, systemActor } from '#platform/work.ts';
import { contactCentreData } from '../../../city/dnipro/index.ts';
import { readCalendar } from './calendar-days.ts';
import { loadCityData, readCity } from './city.ts';
import { saveData } from './city-editing/edit.ts';
import { applyImport, previewImport, takeFile } from './city-editing/import.ts';
import { dataKinds } from './city-editing/index.ts';
import type { Flat } from './city-editing/kind.ts';
import { permission } from './permissions.ts';
import { registerRequest } from './requests.ts';
import { staff } from './seeding.ts';

const platform = await testPlatform();
const clock = platform.clock as ManualClock;
const administrator = staff([permission('data_write')]);
beforeAll(() => platform.work(systemActor('city'), (work) => loadCityData(work, contactCentreData)));

const save = (flat: Flat, known: number | null = null) =>
  platform.work(administrator, (work) => saveData(work, dataKinds.day, { flat, known }, 'uk'));
const faultsOf = (flat: Flat) =>
  save(flat).then(
    () => [],
    (error: { faults: readonly { field: string }[] }) => error.faults.map(({ field }) => field),
  );
let key = 0;
/** When an ordinary request of Friday, 20 November 2026 has to be accepted, and by which calendar. */
async function acceptBy(): Promise<{ due: string; calendar: string; number: string }> {
  clock.set('2026-11-20T10:00:00Z');
  const { number } = await platform.work(anonymous, (work) =>
    registerRequest(work, {
      source: 'web',
      intakeKey: `calendar-${key++}`,
      category: 'road-pothole',
      text: 'Яма',
      answers: [{ code: 'danger', values: ['no'] }],
      place: { building: contactCentreData.buildings[0]!.id },
      reporter: { channel: 'web', language: 'uk' },
    }),
  );
  return { ...(await clockOf(number)), number };
}
async function clockOf(number: string): Promise<{ due: string; calendar: string }> {
  const { rows } = await platform.pool.query(
    `select due, explanation->>'calendar' as calendar from cc_clock where request = $1 and kind = 'accept'`,
    [number],
  );
  return { due: rows[0].due.toISOString(), calendar: rows[0].calendar };
}

test('the calendar begins with what the law says', async () => {
  const calendar = await readCalendar(platform.db);
  const sorted = (holidays: typeof calendar.holidays) =>
    holidays
      .map((one) => JSON.stringify([one.on, one.title.uk, one.title.en, one.worksUnderMartialLaw]))
      .sort();
  expect(sorted(calendar.holidays)).toEqual(sorted(legalCalendar.holidays));
  expect(calendar.martialLaw).toEqual(legalCalendar.martialLaw);
  expect(calendar.exceptions).toEqual([]);
  expect((await readCalendar(platform.db)).version).toBe(calendar.version);
});

test('a day that the city closes moves the terms of requests from then on, and of none before', async () => {
  const before = await acceptBy();
  expect(before.due).toBe('2026-11-23T21:59:59.999Z');
  await save({
    code: 'flood',
    kind: 'closed',
    on: '23.11.2026',
    'name-uk': 'Повінь',
    'name-en': 'Flood',
    works: 'no',
    source: 'Рішення № 1',
    active: 'yes',
  });
  const after = await acceptBy();
  expect(after.due).toBe('2026-11-24T21:59:59.999Z');
  expect(after.calendar).not.toBe(before.calendar);
  expect(await clockOf(before.number)).toEqual({ due: before.due, calendar: before.calendar });
});

test('when martial law ends, holidays are days off again', async () => {
  const holidays = ['2027-01-01', '2026-12-25'];
  const workedOn = async () => {
    const { calendar } = await readCity(platform.db);
    return holidays.map((day) => dayIn(calendar, day).working);
  };
  expect(await workedOn()).toEqual([true, true]);
  await save(
    {
      code: 'martial-law-2022',
      kind: 'martialLaw',
      on: '2022-02-24',
      to: '2026-12-31',
      'name-uk': 'Воєнний стан',
      'name-en': 'Martial law',
      works: 'no',
      active: 'yes',
    },
    1,
  );
  expect(await workedOn()).toEqual([false, true]);
});

test('a day that makes no sense is refused with the field named', async () => {
  const day = { code: 'x', 'name-uk': 'Х', 'name-en': 'X', works: 'no', active: 'yes' };
  expect(await faultsOf({ ...day, kind: 'dayOff', on: '12-28' })).toEqual(['on']);
  expect(await faultsOf({ ...day, kind: 'dayOff', on: '31.02.2027' })).toEqual(['on']);
  expect(
    await faultsOf({ ...day, kind: 'holiday', on: '2027-05-04', works: 'yes', fromYear: '2027' }),
  ).toEqual(['works', 'fromYear']);
  expect(await faultsOf({ ...day, kind: 'martialLaw', on: '2027-05-04', to: '2027-05-01' })).toEqual(['to']);
  expect(
    await faultsOf({ ...day, kind: 'holiday', on: 'easter+49', untilYear: '2020', fromYear: '2021' }),
  ).toEqual(['untilYear']);
});

test('moved days come in a file, each as a version, and a second run adds nothing', async () => {
  const file = `Код;Вид;Коли;Назва uk;Назва en
mv-2027-03-06;working;06.03.2027;Перенесено;Moved
mv-2027-03-09;dayOff;09.03.2027;Перенесено;Moved
broken;dayOff;колись;Ні;No
`;
  const mapping = { code: 0, kind: 1, on: 2, 'name-uk': 3, 'name-en': 4 };
  const run = async () => {
    const id = await platform.work(administrator, (work) =>
      takeFile(work, { kind: 'day', name: 'days.csv', bytes: () => new Blob([file]).stream() }, 'uk'),
    );
    await platform.work(administrator, (work) => previewImport(work, id, mapping, 'uk'));
    return platform.work(administrator, (work) => applyImport(work, id, 'uk'));
  };
  await run();
  const { exceptions } = (await readCity(platform.db)).calendar;
  expect(exceptions.map(({ date, kind }) => [date, kind])).toEqual(
    expect.arrayContaining([
      ['2027-03-06', 'working'],
      ['2027-03-09', 'dayOff'],
    ]),
  );
  await run();
  const { rows } = await platform.pool.query(
    `select accepted, rejected, known from cc_import order by made_at`,
  );
  expect(rows).toEqual([
    { accepted: 2, rejected: 1, known: 0 },
    { accepted: 0, rejected: 1, known: 2 },
  ]);
  expect(await dataKinds.day.versions(platform.db, 'mv-2027-03-06')).toHaveLength(1);
});
