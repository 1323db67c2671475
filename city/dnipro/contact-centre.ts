import type {
  CityData,
  LeafData as Leaf,
  QuestionData as Question,
} from '../../src/systems/contact-centre/city-data.ts';
import { articles } from './articles.ts';
import { assets } from './assets.ts';
import { buildings } from './buildings.ts';
import { branches, categories, type LeafData } from './categories.ts';
import { bounds, centre, districts, river } from './districts.ts';
import { organisations } from './organisations.ts';
import { questions } from './questions.ts';
import { rules } from './rules.ts';
import { streetAliases } from './street-aliases.ts';
import { streets } from './streets.ts';
import { templates } from './templates.ts';
import { zones } from './zones.ts';

const streetTitles = new Map(streets.map((one) => [one.id, `${one.type} ${one.name}`]));
const lead = [...buildings.entries()];

function question(code: string): Question {
  const { type, label, required, values, showIf } = questions[code]!;
  return {
    code,
    datatype: type,
    description: label,
    ...(required ? { required } : {}),
    ...(values
      ? {
          values: values.map((value) => ({
            key: value.key,
            name: value.names,
            ...(value.raisesTo ? { raisesTo: value.raisesTo } : {}),
          })),
        }
      : {}),
    ...(showIf ? { showIf: { question: showIf.question, in: [showIf.equals] } } : {}),
  };
}

function leaf(one: LeafData): Leaf {
  return {
    kind: 'leaf',
    code: one.code,
    parent: one.branch,
    number: one.number,
    name: one.names,
    ...(one.description ? { description: one.description } : {}),
    keywords: one.keywords,
    class: one.class,
    needs: one.precision === 'none' && !one.needs ? [] : (one.needs ?? ['place']),
    visibility: one.visibility ?? 'public',
    precision: one.precision ?? 'exact',
    evidence: one.evidence ?? 'none',
    access: one.needs?.includes('flat') ?? false,
    ...(one.radius ? { duplicateRadius: one.radius } : {}),
    ...(one.group ? { clusterGroup: one.group } : {}),
    ...(one.windowHours ? { verificationHours: one.windowHours } : {}),
    ...(one.fixDays ? { terms: { fix: { amount: one.fixDays, unit: 'days' as const } } } : {}),
    ...(one.notice ? { notice: one.notice } : {}),
    ...(one.stopper ? { stopper: one.stopper } : {}),
    ...(one.competence ? { competence: one.competence } : {}),
    ...(one.regime ? { regime: one.regime } : {}),
    type: one.type ?? 'realtime',
    questions: (one.questions ?? []).map(question),
  };
}

/** Dnipro in the shape in which the contact centre takes a city in. */
export const contactCentreData: CityData = {
  city: {
    centre,
    bounds,
    jurisdiction: 'dniprorada.gov.ua',
    name: { uk: 'Дніпро', en: 'Dnipro' },
    otherNames: ['Дніпропетровськ', 'Днепр', 'Днепропетровск', 'Dnepr'],
    phone: '1545',
    emergencyPhones: [
      { number: '112', title: { uk: 'загроза життю чи здоров’ю', en: 'danger to life or health' } },
      { number: '104', title: { uk: 'запах газу', en: 'smell of gas' } },
      { number: '101', title: { uk: 'пожежа', en: 'fire' } },
      { number: '103', title: { uk: 'швидка допомога', en: 'ambulance' } },
    ],
    zipcode: '49000',
  },
  organisations: organisations.map((one) => ({
    id: one.code,
    name: one.names,
    kind: one.code === 'contact-centre' ? 'council' : one.code === 'osbb-sonechko' ? 'owner' : 'executor',
    phone: one.dutyPhone,
    dutyPhone: one.dutyPhone,
  })),
  units: organisations.flatMap((one) =>
    one.units.flatMap((unit) => [
      {
        id: unit.code,
        organisation: one.code,
        name: unit.names,
        kind: unit.code.endsWith('-main') ? ('duty_desk' as const) : ('unit' as const),
        phone: one.dutyPhone,
      },
      ...unit.crews.map((crew, index) => ({
        id: `crew-${crew}`,
        organisation: one.code,
        // The duty desk's own crews need no more than a number.
        name: unit.code.endsWith('-main')
          ? { uk: `Бригада ${index + 1}`, en: `Crew ${index + 1}` }
          : {
              uk: `Бригада ${index + 1}, ${unit.names.uk.toLowerCase()}`,
              en: `Crew ${index + 1}, ${unit.names.en.toLowerCase()}`,
            },
        kind: 'crew' as const,
      })),
    ]),
  ),
  districts: districts.map((one) => ({
    code: one.code,
    name: one.name,
    rings: [{ ring: one.ring, hole: false }],
  })),
  buildings: buildings.map((one, index) => ({
    id: one.id,
    street: streetTitles.get(one.street)!,
    house: one.house,
    district: one.district,
    zipcode: `490${String(index % 90).padStart(2, '0')}`,
    lat: one.point[1],
    lon: one.point[0],
    owner: one.owner,
    flats: one.floors * 12,
    // Eight neighbouring houses share a boiler house, five a feeder.
    networkZones: [`boiler-${Math.floor(index / 8) + 1}`, `feeder-${Math.floor(index / 5) + 1}`],
  })),
  assets: assets.map(({ names, point: [lon, lat], ...one }) => ({ ...one, name: names, lat, lon })),
  zones: zones.map(({ code, names, ring }) => ({ code, name: names, rings: [{ ring, hole: false }] })),
  streetAliases: streetAliases.map(({ street, name, until }) => ({
    street: streetTitles.get(street)!,
    name,
    until,
  })),
  contracts: lead
    .filter(([index, one]) => one.floors >= 9 && index % 2 === 0)
    .map(([index, one]) => ({
      id: `contract-${index + 1}`,
      number: `Л-${String(index + 1).padStart(4, '0')}/25`,
      organisation: 'lift',
      branch: 'lifts',
      building: one.id,
      from: '2025-01-01',
      to: '2027-12-31',
    })),
  categories: [
    ...branches.map((one) => ({
      kind: 'branch' as const,
      code: one.code,
      parent: null,
      number: one.number,
      name: one.names,
    })),
    ...categories.map(leaf),
  ],
  templates,
  rules: [
    {
      id: 'R-00',
      name: { uk: 'Ліфт за договором', en: 'Lift under a contract' },
      when: { branches: ['lifts'], contract: true },
      to: 'contractor',
    },
    {
      id: 'R-06',
      name: { uk: 'Об’єкт – його балансоутримувачу', en: 'An object to whoever keeps it' },
      when: { branches: ['lighting'], keeperKnown: true },
      to: 'keeper',
    },
    {
      id: 'R-07',
      name: { uk: 'Світло в парку – зеленбуду', en: 'Lamps of the park' },
      when: { branches: ['lighting'], zones: ['shevchenko-park'] },
      to: { organisation: 'zelenbud' },
    },
    ...rules.map((one) => {
      const whole = one.when.branches && !one.when.districts && !one.when.owner;
      return {
        id: one.code,
        name: one.note,
        when: {
          ...(one.when.branches ? { branches: one.when.branches } : {}),
          ...(one.when.categories ? { categories: one.when.categories } : {}),
          ...(one.when.districts ? { districts: one.when.districts } : {}),
          ...(one.when.owner ? { owners: [one.when.owner] } : {}),
        },
        to: { organisation: one.to },
        ...(one.unit ? { unit: one.unit } : {}),
        ...(whole ? { default: true as const } : {}),
      };
    }),
  ],
  articles,
  ground: { waters: [river], streets: streets.map(({ type, name, line }) => ({ type, name, line })) },
};
