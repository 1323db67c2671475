import { type Language, messages, type Text } from '#platform/i18n/index.ts';
import type { LeafData, Regime, RequestClass, RuleConditions, RuleData, Terms } from './city-data.ts';

/** What is known of a request when it is routed. Null is unknown, and what is unknown matches nothing. */
export interface Facts {
  readonly category: string;
  /** Codes of the branch and all branches above it. */
  readonly branches: readonly string[];
  readonly district: string | null;
  /** Areas of the city's own that hold the point. */
  readonly zones: readonly string[] | null;
  readonly building: string | null;
  readonly owner: string | null;
  /** The thing that it is about, and who keeps it. */
  readonly asset: string | null;
  readonly keeper: string | null;
  /** Who has a contract for a branch of the category at the building, or for the thing, that day. */
  readonly contractor: {
    readonly organisation: string;
    readonly number: string;
    readonly from: string;
  } | null;
  readonly class: RequestClass;
  readonly regime: Regime;
  readonly source: string;
  /** HH:MM in the city. */
  readonly localTime: string;
  /** 1 Monday … 7 Sunday. */
  readonly weekday: number;
  readonly dayOff: boolean;
}

/** A condition of a rule as it was tried. */
export interface Tested {
  readonly rule: string;
  /** Name of the condition; `to` when the rule sends to an owner, keeper or contractor who is unknown. */
  readonly condition: string;
  readonly wanted: unknown;
  /** Null: unknown. */
  readonly value: unknown;
  readonly holds: boolean;
}

/** Where a request goes and why; kept with it for ever. Without a rule it waits in triage. */
export interface Decision {
  readonly rule: string | null;
  /** Version of the rule set. */
  readonly version: number;
  readonly organisation: string | null;
  readonly unit: string | null;
  readonly coExecutors: readonly string[];
  /** Terms of the rule, where it has its own. */
  readonly terms: Terms | null;
  /** Every condition of the rule that matched, and of each rule tried before it the first that failed. */
  readonly tested: readonly Tested[];
  /** An emergency past the limits of intake: kept, and looked at by an operator before anybody is sent. */
  readonly overLimit?: true;
  /** The place is known by words alone: an operator finds it before anybody is sent. */
  readonly unknownPlace?: true;
}

/** Finds the first rule whose conditions all hold; rules marked default are tried after all others. */
export function route(
  ruleSet: { readonly version: number; readonly rules: readonly RuleData[] },
  facts: Facts,
): Decision {
  const tested: Tested[] = [];
  for (const rule of inOrder(ruleSet.rules)) {
    const tries = tryRule(rule, facts);
    const failed = tries.find(({ holds }) => !holds);
    if (failed) {
      tested.push(failed);
      continue;
    }
    const organisation = targetOf(rule, facts)!;
    return {
      rule: rule.id,
      version: ruleSet.version,
      organisation,
      unit: rule.unit ?? null,
      coExecutors: (rule.coExecutors ?? []).filter((one) => one !== organisation),
      terms: rule.terms ?? null,
      tested: [...tested, ...tries],
    };
  }
  return {
    rule: null,
    version: ruleSet.version,
    organisation: null,
    unit: null,
    coExecutors: [],
    terms: null,
    tested,
  };
}

/** Rules in the order in which they are tried. */
export function inOrder(rules: readonly RuleData[]): RuleData[] {
  return [...rules.filter((rule) => !rule.default), ...rules.filter((rule) => rule.default)];
}

/** Something is to be done at a place of which only words are known: no rule is asked, an operator looks first. */
export function isKnownByWords(
  leaf: Pick<LeafData, 'needs'>,
  place: { readonly building: string | null; readonly lat: number | null },
): boolean {
  return (leaf.needs ?? ['place']).length > 0 && place.building === null && place.lat === null;
}

/** Whether the rule alone would take the request, whatever stands before it. */
export function matches(rule: RuleData, facts: Facts): boolean {
  return (
    targetOf(rule, facts) !== null &&
    conditionsOf(rule.when).every((condition) => {
      const value = factFor(condition, facts);
      return value !== null && holds(condition, rule.when, value, facts);
    })
  );
}

type Condition = keyof RuleConditions;

/** In the order in which they are told to people. */
export const conditionOrder: readonly Condition[] = [
  'categories',
  'branches',
  'classes',
  'regimes',
  'sources',
  'districts',
  'zones',
  'buildings',
  'assets',
  'keeperKnown',
  'ownerKnown',
  'owners',
  'contract',
  'hours',
  'weekdays',
  'dayOff',
];

const conditionsOf = (when: RuleConditions) =>
  conditionOrder.filter((condition) => when[condition] !== undefined);

function tryRule(rule: RuleData, facts: Facts): Tested[] {
  const tries = conditionsOf(rule.when).map((condition): Tested => {
    const value = factFor(condition, facts);
    return {
      rule: rule.id,
      condition,
      wanted: brief(rule.when[condition]),
      value,
      holds: value !== null && holds(condition, rule.when, value, facts),
    };
  });
  if (typeof rule.to === 'string') {
    const value = rule.to === 'contractor' ? facts.contractor : facts[rule.to];
    tries.push({ rule: rule.id, condition: 'to', wanted: rule.to, value, holds: value !== null });
  }
  return tries;
}

/** A zone may list thousands of buildings; rule and version find them again. */
function brief(wanted: unknown): unknown {
  return Array.isArray(wanted) && wanted.length > 20 ? { oneOf: wanted.length } : wanted;
}

function targetOf(rule: RuleData, facts: Facts): string | null {
  if (rule.to === 'owner' || rule.to === 'keeper') return facts[rule.to];
  if (rule.to === 'contractor') return facts.contractor?.organisation ?? null;
  return rule.to.organisation;
}

/** The fact that the condition is about; null when it is unknown. */
function factFor(condition: Condition, facts: Facts): unknown {
  switch (condition) {
    case 'categories':
      return facts.category;
    case 'branches':
      return facts.branches.length ? facts.branches : null;
    case 'districts':
      return facts.district;
    case 'zones':
      return facts.zones;
    case 'buildings':
      return facts.building;
    case 'assets':
      return facts.asset;
    case 'keeperKnown':
      return facts.keeper;
    case 'owners':
    case 'ownerKnown':
      return facts.owner;
    case 'contract':
      return facts.contractor;
    case 'hours':
      return facts.localTime;
    case 'weekdays':
      return facts.weekday;
    case 'dayOff':
      return facts.dayOff;
    case 'classes':
      return facts.class;
    case 'regimes':
      return facts.regime;
    case 'sources':
      return facts.source;
  }
}

function holds(condition: Condition, when: RuleConditions, value: unknown, facts: Facts): boolean {
  switch (condition) {
    case 'branches':
      return when.branches!.some((branch) => facts.branches.includes(branch));
    case 'zones':
      return when.zones!.some((zone) => facts.zones!.includes(zone));
    case 'hours': {
      const [from, to] = when.hours!;
      const time = facts.localTime;
      return from > to ? time >= from || time < to : time >= from && time < to;
    }
    case 'dayOff':
      return when.dayOff === facts.dayOff;
    case 'ownerKnown':
    case 'keeperKnown':
    case 'contract':
      return true;
    default:
      return (when[condition] as readonly unknown[]).includes(value);
  }
}

/** Where the names of what a decision speaks of are found; the city's data fits. What is not found is told by its code. */
export interface Names {
  readonly organisations?: ReadonlyMap<string, { readonly name: Text }>;
  readonly units?: readonly { readonly id: string; readonly name: Text }[];
  readonly branches?: ReadonlyMap<string, { readonly name: Text }>;
  readonly leaves?: ReadonlyMap<string, { readonly leaf: { readonly name: Text } }>;
  readonly districts?: readonly { readonly code: string; readonly name: Text }[];
  readonly zones?: readonly { readonly code: string; readonly name: Text }[];
  /** Addresses by the id of the building. */
  readonly buildings?: ReadonlyMap<string, string>;
  /** Things by their id, with the number: «Опора освітлення 214-7». */
  readonly assets?: ReadonlyMap<string, Text>;
}

/**
 * A decision as a person says it: «КП Тепло, тому що: категорія «Немає опалення»; договір 44 від 01.10.2025; правило R-12,
 * версія 4». What was unknown and kept an earlier rule from matching is named.
 */
export function wordsOf(decision: Decision, names: Names, language: Language): string {
  const t = words(language);
  const organisation = (id: string) => names.organisations?.get(id)?.name[language] ?? id;
  const unknown = [
    ...new Set(
      decision.tested
        .filter((one) => !one.holds && one.value === null)
        .map((one) => t.unknownFacts[factOf(one)] ?? one.condition),
    ),
  ];
  const unknownWords = unknown.length ? [t.unknown(unknown.join(', '))] : [];
  if (decision.overLimit) return t.overLimit;
  if (decision.unknownPlace) return t.unknownPlace;
  if (decision.rule === null || decision.organisation === null)
    return [t.nobody(decision.version), ...unknownWords].join('; ');
  const unit = names.units?.find((one) => one.id === decision.unit)?.name[language] ?? decision.unit;
  const reasons = decision.tested
    .filter((one) => one.rule === decision.rule)
    .map((one) => reasonOf(one, names, language));
  const co = decision.coExecutors.length ? [t.with(decision.coExecutors.map(organisation).join(', '))] : [];
  const parts = [...new Set(reasons), ...co, t.rule(decision.rule, decision.version), ...unknownWords];
  return `${organisation(decision.organisation)}${unit ? ` (${unit})` : ''}, ${t.because}: ${parts.join('; ')}`;
}

function factOf({ condition, wanted }: Tested): string {
  if (condition !== 'to') return condition;
  if (wanted === 'keeper') return 'keeperKnown';
  return wanted === 'owner' ? 'owners' : 'contract';
}

/** Of several codes that are known the one that was wanted. */
function codeOf({ wanted, value }: Tested): string {
  const list = Array.isArray(wanted) ? (wanted as unknown[]) : null;
  return (value as readonly string[]).find((code) => list?.includes(code) ?? true)!;
}

function reasonOf(tested: Tested, names: Names, language: Language): string {
  const t = words(language);
  const one = String(tested.value);
  switch (factOf(tested)) {
    case 'categories':
      return t.category(names.leaves?.get(one)?.leaf.name[language] ?? one);
    case 'branches': {
      const code = codeOf(tested);
      return t.branch(names.branches?.get(code)?.name[language] ?? code);
    }
    case 'districts':
      return t.district(names.districts?.find(({ code }) => code === one)?.name[language] ?? one);
    case 'zones': {
      const code = codeOf(tested);
      return t.zone(names.zones?.find((zone) => zone.code === code)?.name[language] ?? code);
    }
    case 'buildings':
      return t.building(names.buildings?.get(one) ?? one);
    case 'assets':
      return t.asset(names.assets?.get(one)?.[language] ?? one);
    case 'keeperKnown':
      return t.keeper(names.organisations?.get(one)?.name[language] ?? one);
    case 'owners':
    case 'ownerKnown':
      return t.owner(names.organisations?.get(one)?.name[language] ?? one);
    case 'contract': {
      const { number, from } = tested.value as NonNullable<Facts['contractor']>;
      return t.contract(number, from.split('-').reverse().join('.'));
    }
    case 'hours':
      return t.hours(one, ...(tested.wanted as [string, string]));
    case 'weekdays':
      return t.weekdays[Number(one) - 1] ?? one;
    case 'dayOff':
      return tested.value ? t.dayOff : t.workday;
    case 'classes':
      return t.class(t.classes[one as RequestClass] ?? one);
    case 'regimes':
      return t.regimes[one as Regime] ?? one;
    default:
      return t.source(one);
  }
}

const words = messages(
  {
    because: 'тому що',
    rule: (id: string, version: number) => `правило ${id}, версія ${version}`,
    nobody: (version: number) => `Жодне правило не підійшло (версія ${version}), виконавця обирає оператор`,
    overLimit: 'З цієї мережі чи контакту надійшло забагато заявок, аварійну спершу перевіряє оператор',
    unknownPlace: 'Адресу не знайдено в реєстрі міста: місце уточнить оператор і обере виконавця',
    with: (organisations: string) => `співвиконавці: ${organisations}`,
    unknown: (facts: string) => `невідомо: ${facts}`,
    category: (name: string) => `категорія «${name}»`,
    branch: (name: string) => `розділ «${name}»`,
    district: (name: string) => `район: ${name}`,
    zone: (name: string) => `зона: ${name}`,
    building: (address: string) => `будинок: ${address}`,
    asset: (name: string) => `об’єкт: ${name}`,
    keeper: (name: string) => `балансоутримувач об’єкта: ${name}`,
    owner: (name: string) => `балансоутримувач будинку: ${name}`,
    contract: (number: string, from: string) => `договір ${number} від ${from}`,
    hours: (time: string, from: string, to: string) => `час ${time}, між ${from} і ${to}`,
    weekdays: [
      'понеділок',
      'вівторок',
      'середа',
      'четвер',
      'п’ятниця',
      'субота',
      'неділя',
    ] as readonly string[],
    dayOff: 'вихідний або святковий день',
    workday: 'робочий день',
    class: (name: string) => `терміновість: ${name}`,
    classes: {
      urgent: 'невідкладна',
      emergency: 'аварійна',
      ordinary: 'звичайна',
      question: 'запитання',
    } as Readonly<Record<string, string>>,
    regimes: { service: 'комунальна проблема', statutory: 'звернення за законом' } as Readonly<
      Record<string, string>
    >,
    source: (name: string) => `канал: ${name}`,
    unknownFacts: {
      branches: 'розділ категорії',
      districts: 'район',
      zones: 'зона (немає точки на мапі)',
      buildings: 'будинок',
      assets: 'об’єкт',
      keeperKnown: 'балансоутримувач об’єкта',
      owners: 'балансоутримувач будинку',
      ownerKnown: 'балансоутримувач будинку',
      contract: 'чинний договір для цього місця',
    } as Readonly<Record<string, string>>,
  },
  {
    en: {
      because: 'because',
      rule: (id, version) => `rule ${id}, version ${version}`,
      nobody: (version) => `No rule matched (version ${version}), an operator chooses who does it`,
      overLimit:
        'Too many reports came from this network or contact: an operator looks at the emergency first',
      unknownPlace:
        'The address is not in the register of the city: an operator finds the place and chooses who does it',
      with: (organisations) => `together with: ${organisations}`,
      unknown: (facts) => `unknown: ${facts}`,
      category: (name) => `category “${name}”`,
      branch: (name) => `branch “${name}”`,
      district: (name) => `district: ${name}`,
      zone: (name) => `area: ${name}`,
      building: (address) => `building: ${address}`,
      asset: (name) => `object: ${name}`,
      keeper: (name) => `the object is kept by ${name}`,
      owner: (name) => `the building is kept by ${name}`,
      contract: (number, from) => `contract ${number} of ${from}`,
      hours: (time, from, to) => `time ${time}, between ${from} and ${to}`,
      weekdays: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
      dayOff: 'a day off',
      workday: 'a working day',
      class: (name) => `urgency: ${name}`,
      classes: { urgent: 'immediate', emergency: 'emergency', ordinary: 'ordinary', question: 'question' },
      regimes: { service: 'a communal problem', statutory: 'an appeal under the law' },
      source: (name) => `channel: ${name}`,
      unknownFacts: {
        branches: 'branch of the category',
        districts: 'district',
        zones: 'area (no point on the map)',
        buildings: 'building',
        assets: 'object',
        keeperKnown: 'who keeps the object',
        owners: 'who keeps the building',
        ownerKnown: 'who keeps the building',
        contract: 'a valid contract for the place',
      },
    },
  },
);
