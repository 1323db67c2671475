import { z } from 'zod';
import type { CityData, RuleData } from './city-data.ts';
import { moves } from './states.ts';

const code = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,59}$/);
const words = z.string().regex(/\S/);
const text = z.strictObject({ uk: words, en: words });
const day = z.iso.date();
const longitude = z.number().min(-180).max(180);
const latitude = z.number().min(-90).max(90);
const position = z.tuple([longitude, latitude]);
const ring = z.array(position).min(4);
const phone = z.string().regex(/^[\d\s()+-]{3,20}$/);
const requestClass = z.enum(['urgent', 'emergency', 'ordinary', 'question']);
const regime = z.enum(['service', 'statutory']);

const term = z.strictObject({
  amount: z.int().min(1).max(10_000),
  unit: z.enum(['minutes', 'hours', 'days', 'working_days', 'months']),
  end: z.enum(['stay', 'next']).optional(),
  reference: z.string().optional(),
});
const terms = z.strictObject({
  accept: term.optional(),
  arrive: term.optional(),
  fix: term.optional(),
  answer: term.optional(),
  statutory: term.optional(),
});

const question = z.strictObject({
  code,
  datatype: z.enum([
    'string',
    'number',
    'datetime',
    'text',
    'singlevaluelist',
    'multivaluelist',
    'information',
  ]),
  required: z.boolean().optional(),
  description: text,
  hint: text.optional(),
  values: z
    .array(z.strictObject({ key: code, name: text, raisesTo: requestClass.optional() }))
    .min(1)
    .optional(),
  showIf: z.strictObject({ question: code, in: z.array(code).min(1) }).optional(),
});

const category = {
  code,
  parent: code.nullable(),
  number: z.string().regex(/^\d\d(\.\d\d)*$/),
  name: text,
  description: text.optional(),
};

/** The shape of each part of a city's data, as files bring it. */
export const citySchemas = {
  city: z.strictObject({
    centre: position,
    bounds: z.tuple([position, position]),
    jurisdiction: words,
    name: text,
    otherNames: z.array(words).optional(),
    phone,
    emergencyPhones: z.array(z.strictObject({ number: phone, title: text })).optional(),
    zipcode: z.string().optional(),
    authorMayPublish: z.boolean().optional(),
    classTerms: z.record(requestClass, terms).optional(),
    defaults: z
      .strictObject({
        requestKeptMonths: z.int().min(1).optional(),
        callKeptMonths: z.int().min(1).optional(),
        draftDays: z.int().min(1).optional(),
        checkPercent: z.int().min(0).max(100).optional(),
        checkDays: z.int().min(1).optional(),
        verificationHours: z.int().min(1).optional(),
        urgentVerificationHours: z.int().min(1).optional(),
        quietFrom: z.int().min(0).max(23).optional(),
        quietUntil: z.int().min(0).max(23).optional(),
      })
      .optional(),
    intakeLimits: z
      .strictObject({
        anonymousPerHour: z.int().min(1).optional(),
        contactPerDay: z.int().min(1).optional(),
        sharedAddresses: z.array(words).optional(),
      })
      .optional(),
  }),
  organisations: z.array(
    z.strictObject({
      id: code,
      name: text,
      kind: z.enum(['executor', 'owner', 'council', 'other']),
      phone: phone.optional(),
      dutyPhone: phone.optional(),
      edrpou: z
        .string()
        .regex(/^\d{8}$/)
        .optional(),
      url: z.url().optional(),
    }),
  ),
  units: z.array(
    z.strictObject({
      id: code,
      organisation: code,
      name: text,
      kind: z.enum(['unit', 'duty_desk', 'crew']),
      phone: phone.optional(),
    }),
  ),
  zones: z.array(
    z.strictObject({
      code,
      name: text,
      rings: z.array(z.strictObject({ ring, hole: z.boolean() })).min(1),
    }),
  ),
  assets: z.array(
    z.strictObject({
      id: code,
      number: words,
      name: text,
      branch: code,
      keeper: code.optional(),
      lat: latitude,
      lon: longitude,
    }),
  ),
  districts: z.array(
    z.strictObject({
      code,
      name: text,
      rings: z.array(z.strictObject({ ring, hole: z.boolean() })).min(1),
    }),
  ),
  buildings: z.array(
    z.strictObject({
      id: code,
      street: words,
      house: words,
      district: code,
      zipcode: z.string().optional(),
      lat: latitude,
      lon: longitude,
      owner: code.optional(),
      flats: z.int().min(0).optional(),
      networkZones: z.array(words).optional(),
    }),
  ),
  streetAliases: z.array(z.strictObject({ street: words, name: words, until: z.int().nullable() })),
  contracts: z.array(
    z
      .strictObject({
        id: code,
        number: words,
        organisation: code,
        branch: code,
        building: code.optional(),
        asset: code.optional(),
        from: day,
        to: day.optional(),
      })
      .refine(({ building, asset }) => (building === undefined) !== (asset === undefined), {
        message: 'a contract covers a building or an asset, one of the two',
      }),
  ),
  categories: z.array(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('branch'), ...category }),
      z.strictObject({
        kind: z.literal('leaf'),
        ...category,
        keywords: z.array(words),
        class: requestClass,
        regime: regime.optional(),
        competence: text.optional(),
        needs: z.array(z.enum(['place', 'building', 'asset', 'flat'])).optional(),
        visibility: z.enum(['public', 'moderated', 'private']).optional(),
        precision: z.enum(['exact', 'building', 'street', 'none']).optional(),
        evidence: z.enum(['none', 'after', 'before+after']).optional(),
        access: z.boolean().optional(),
        duplicateRadius: z.number().min(0).optional(),
        clusterGroup: code.optional(),
        verificationHours: z.int().min(1).optional(),
        terms: terms.optional(),
        notice: text.optional(),
        stopper: text.optional(),
        type: z.enum(['realtime', 'batch', 'blackbox']).optional(),
        questions: z.array(question).optional(),
        successor: code.optional(),
      }),
    ]),
  ),
  rules: z.array(
    z.strictObject({
      id: code,
      name: text,
      when: z.strictObject({
        branches: z.array(code).optional(),
        categories: z.array(code).optional(),
        districts: z.array(code).optional(),
        zones: z.array(code).optional(),
        buildings: z.array(code).optional(),
        assets: z.array(code).optional(),
        keeperKnown: z.literal(true).optional(),
        owners: z.array(code).optional(),
        ownerKnown: z.literal(true).optional(),
        contract: z.literal(true).optional(),
        hours: z.tuple([z.iso.time({ precision: -1 }), z.iso.time({ precision: -1 })]).optional(),
        weekdays: z.array(z.int().min(1).max(7)).optional(),
        dayOff: z.boolean().optional(),
        classes: z.array(requestClass).optional(),
        regimes: z.array(regime).optional(),
        sources: z.array(words).optional(),
      }),
      to: z.union([z.strictObject({ organisation: code }), z.enum(['owner', 'keeper', 'contractor'])]),
      unit: code.optional(),
      coExecutors: z.array(code).optional(),
      terms: terms.optional(),
      default: z.literal(true).optional(),
    }),
  ),
  articles: z.array(
    z.strictObject({
      code,
      branch: code,
      title: text,
      body: text,
      script: z.array(text),
      tags: z.array(words),
    }),
  ),
  templates: z.array(
    z.strictObject({
      code,
      move: z.enum(moves.map(({ move }) => move)),
      for: code.optional(),
      name: text,
      text,
    }),
  ),
  ground: z.strictObject({
    waters: z.array(ring),
    streets: z.array(z.strictObject({ type: z.string(), name: words, line: z.array(position).min(2) })),
  }),
} satisfies Record<keyof CityData, z.ZodType>;

/** The first thing that a part of the data names and another part does not have; null when all hangs together. */
export function danglingReference(
  data: CityData,
): { readonly part: keyof CityData; readonly what: string } | null {
  const organisations = new Set(data.organisations.map(({ id }) => id));
  const units = new Set(data.units.map(({ id }) => id));
  const districts = new Set(data.districts.map((one) => one.code));
  const buildings = new Set(data.buildings.map(({ id }) => id));
  const assets = new Set(data.assets?.map(({ id }) => id));
  const zones = new Set(data.zones?.map((one) => one.code));
  const categories = new Set(data.categories.map((one) => one.code));
  const branches = new Set(data.categories.filter(({ kind }) => kind === 'branch').map((one) => one.code));
  const missing = (
    part: keyof CityData,
    whose: string,
    what: string,
    known: ReadonlySet<string>,
    names: readonly (string | null | undefined)[],
  ) => {
    const name = names.find((one) => one != null && !known.has(one));
    return name === undefined
      ? null
      : { part, what: `${whose} names the ${what} ${name}, which is not there` };
  };
  const [southWest, northEast] = data.city.bounds;
  if (southWest[0] >= northEast[0] || southWest[1] >= northEast[1])
    return { part: 'city', what: 'bounds are the south-west and the north-east corner, longitude first' };
  return (
    firstOf(data.units, (one) =>
      missing('units', one.id, 'organisation', organisations, [one.organisation]),
    ) ??
    firstOf(
      data.buildings,
      (one) =>
        missing('buildings', one.id, 'district', districts, [one.district]) ??
        missing('buildings', one.id, 'organisation', organisations, [one.owner]),
    ) ??
    firstOf(
      data.assets ?? [],
      (one) =>
        missing('assets', one.id, 'branch', branches, [one.branch]) ??
        missing('assets', one.id, 'organisation', organisations, [one.keeper]),
    ) ??
    firstOf(
      data.contracts,
      (one) =>
        missing('contracts', one.id, 'organisation', organisations, [one.organisation]) ??
        missing('contracts', one.id, 'branch', branches, [one.branch]) ??
        missing('contracts', one.id, 'building', buildings, [one.building]) ??
        missing('contracts', one.id, 'asset', assets, [one.asset]),
    ) ??
    firstOf(
      data.categories,
      (one) =>
        missing('categories', one.code, 'branch', branches, [one.parent]) ??
        missing('categories', one.code, 'category', categories, [one.kind === 'leaf' ? one.successor : null]),
    ) ??
    firstOf(data.rules, ({ id, when, to, unit, coExecutors = [] }: RuleData) => {
      const executors = [typeof to === 'object' ? to.organisation : null, ...coExecutors];
      return (
        missing('rules', id, 'organisation', organisations, [...executors, ...(when.owners ?? [])]) ??
        missing('rules', id, 'unit', units, [unit]) ??
        missing('rules', id, 'branch', branches, when.branches ?? []) ??
        missing('rules', id, 'category', categories, when.categories ?? []) ??
        missing('rules', id, 'district', districts, when.districts ?? []) ??
        missing('rules', id, 'zone', zones, when.zones ?? []) ??
        missing('rules', id, 'building', buildings, when.buildings ?? []) ??
        missing('rules', id, 'asset', assets, when.assets ?? [])
      );
    }) ??
    firstOf(data.articles ?? [], (one) => missing('articles', one.code, 'branch', branches, [one.branch])) ??
    firstOf(data.templates ?? [], (one) => missing('templates', one.code, 'category', categories, [one.for]))
  );
}

function firstOf<One, Found>(all: readonly One[], find: (one: One) => Found | null): Found | null {
  for (const one of all) {
    const found = find(one);
    if (found) return found;
  }
  return null;
}
