import { sql } from 'drizzle-orm';
import { describeCity, type Phone } from '#platform/city.ts';
import { isNetwork } from '#platform/http/network.ts';
import type { CityDefaults, CitySettings, ClockKind, RequestClass, Terms } from '../city-data.ts';
import { classTerms } from '../clocks.ts';
import { cityDefaults, defaultsOf } from '../defaults.ts';
import { intakeLimits } from '../intake-limits.ts';
import { factsOf } from '../phones.ts';
import { flatText, isPhone, present, reader } from './fields.ts';
import type { DataKind } from './kind.ts';
import { flatTerms, readTerms } from './terms.ts';
import { keptApart } from './versions.ts';

/** The one thing of its kind. */
export const settingsId = 'city';

const classes: readonly RequestClass[] = ['urgent', 'emergency', 'ordinary', 'question'];
const clocks: readonly ClockKind[] = ['accept', 'arrive', 'fix', 'answer'];

const source = sql`select ${settingsId}::text as id, body || '{"id":"city"}'::jsonb as body, ''::text as sort from cc_settings`;

const phoneLines = (phones: readonly Phone[]): string =>
  phones.map(({ number, title }) => [number, title.uk, title.en].join(' | ')).join('\n');

function readPhones(read: ReturnType<typeof reader>): readonly Phone[] {
  return read
    .text('emergencyPhones')
    .split('\n')
    .filter((line) => line.trim())
    .map((line) => {
      const [number = '', uk = '', en = ''] = line.split('|').map((part) => part.trim());
      if (!isPhone(number) || !uk || !en) read.fault('emergencyPhones', read.t.phoneLines);
      return { number, title: { uk, en } };
    });
}

/** The city's name, telephone and centre, whether an author may publish rules, and the terms of each urgency. */
export const settings: DataKind = {
  name: 'settings',
  key: 'id',
  source,
  flat(body) {
    const one = body as unknown as CitySettings;
    const [southWest, northEast] = one.bounds;
    const limits = { ...intakeLimits, ...one.intakeLimits };
    return {
      id: settingsId,
      ...flatText('name', one.name),
      phone: one.phone,
      emergencyPhones: phoneLines(one.emergencyPhones ?? []),
      jurisdiction: one.jurisdiction,
      ...(one.zipcode ? { zipcode: one.zipcode } : {}),
      centre: one.centre.join(' '),
      southWest: southWest.join(' '),
      northEast: northEast.join(' '),
      authorMayPublish: one.authorMayPublish ? 'yes' : 'no',
      anonymousPerHour: String(limits.anonymousPerHour),
      contactPerDay: String(limits.contactPerDay),
      ...(limits.sharedAddresses.length ? { sharedAddresses: limits.sharedAddresses.join(', ') } : {}),
      ...Object.fromEntries(Object.entries(defaultsOf(one)).map(([name, value]) => [name, String(value)])),
      ...Object.assign(
        {},
        ...classes.map((kind) => flatTerms(`${kind}-`, (one.classTerms ?? classTerms)[kind], clocks)),
      ),
    };
  },
  body(flat, language) {
    const read = reader(flat, language);
    const position = (field: string): [number, number] => {
      const parts = read
        .text(field)
        .split(/[\s,;]+/)
        .map(Number);
      if (parts.length !== 2 || !parts.every(Number.isFinite)) read.fault(field, read.t.twoLines);
      return [parts[0] ?? Number.NaN, parts[1] ?? Number.NaN];
    };
    const terms: Partial<Record<RequestClass, Terms>> = {};
    for (const kind of classes) terms[kind] = readTerms(read, `${kind}-`, clocks) ?? {};
    const body = present({
      id: settingsId,
      name: read.both('name'),
      phone: read.text('phone'),
      emergencyPhones: readPhones(read),
      jurisdiction: read.text('jurisdiction'),
      zipcode: read.text('zipcode'),
      centre: position('centre'),
      bounds: [position('southWest'), position('northEast')],
      authorMayPublish: read.text('authorMayPublish') === 'yes',
      classTerms: terms,
      defaults: present({
        requestKeptMonths: read.whole('requestKeptMonths', 1, 120),
        callKeptMonths: read.whole('callKeptMonths', 1, 120),
        draftDays: read.whole('draftDays', 1, 60),
        checkPercent: read.whole('checkPercent', 0, 100),
        checkDays: read.whole('checkDays', 1, 90),
        verificationHours: read.whole('verificationHours', 1, 2_160),
        urgentVerificationHours: read.whole('urgentVerificationHours', 1, 2_160),
        quietFrom: read.whole('quietFrom', 0, 23),
        quietUntil: read.whole('quietUntil', 0, 23),
      }),
      intakeLimits: present({
        anonymousPerHour: read.whole('anonymousPerHour', 1, 100_000),
        contactPerDay: read.whole('contactPerDay', 1, 100_000),
        sharedAddresses: read.list('sharedAddresses'),
      }),
    });
    return { body, faults: read.faults };
  },
  faults(body, { language }) {
    const one = body as unknown as CitySettings;
    const { faults, fault, t } = reader({}, language);
    if (!isPhone(one.phone ?? '')) fault('phone', t.phone);
    if (!one.jurisdiction) fault('jurisdiction', t.fill);
    const [southWest, northEast] = one.bounds;
    if (southWest[0] >= northEast[0] || southWest[1] >= northEast[1]) fault('northEast', t.outside);
    else if (
      one.centre[0] < southWest[0] ||
      one.centre[0] > northEast[0] ||
      one.centre[1] < southWest[1] ||
      one.centre[1] > northEast[1]
    )
      fault('centre', t.outside);
    for (const name of Object.keys(cityDefaults) as (keyof CityDefaults)[])
      if (one.defaults?.[name] === undefined) fault(name, t.fill);
    const strange = one.intakeLimits?.sharedAddresses?.find((entry) => !isNetwork(entry));
    if (strange) fault('sharedAddresses', t.network(strange));
    for (const kind of classes) {
      const terms = one.classTerms?.[kind];
      const main = kind === 'question' ? 'answer' : 'fix';
      if (terms && !terms[main]) fault(`${kind}-term-${main}`, t.fill);
    }
    return faults;
  },
  ...keptApart('settings', source, async (work, bodies) => {
    for (const { id: _, ...body } of bodies) {
      await work.tx.execute(sql`insert into cc_settings (body) values (${JSON.stringify(body)}::jsonb)
        on conflict (single) do update set body = excluded.body`);
      await describeCity(work, factsOf(body as unknown as CitySettings));
    }
  }),
};
