import { type Language, messages } from '#platform/i18n/index.ts';
import type { Regime, RequestClass, RuleConditions, RuleData, TermData } from './city-data.ts';
import { conditionOrder, type Names, type Tested } from './routing.ts';

/** A rule as a person reads it: each condition in words, and to whom it sends. */
export interface RuleInWords {
  readonly conditions: readonly string[];
  readonly to: string;
  /** Co-executors and terms of its own. */
  readonly more: readonly string[];
}

type Whom = Exclude<RuleData['to'], object>;

/** A rule in words; what is not found among the names is told by its code. */
export function ruleInWords(rule: RuleData, names: Names, language: Language): RuleInWords {
  const t = text(language);
  const organisation = (id: string) => names.organisations?.get(id)?.name[language] ?? id;
  const unit = rule.unit
    ? (names.units?.find(({ id }) => id === rule.unit)?.name[language] ?? rule.unit)
    : null;
  const to = typeof rule.to === 'object' ? organisation(rule.to.organisation) : t.toWhom[rule.to];
  const conditions = conditionOrder
    .filter((condition) => rule.when[condition] !== undefined)
    .map(
      (condition) =>
        `${t.conditions[condition]}: ${wantedInWords(condition, rule.when[condition], names, language)}`,
    );
  const terms = Object.entries(rule.terms ?? {}).map(
    ([kind, term]) => `${t.clocks[kind] ?? kind}: ${termInWords(term, language)}`,
  );
  return {
    conditions,
    to: unit ? `${to} (${unit})` : to,
    more: [
      ...(rule.coExecutors?.length ? [`${t.with}: ${rule.coExecutors.map(organisation).join(', ')}`] : []),
      ...(terms.length ? [`${t.terms}: ${terms.join(', ')}`] : []),
    ],
  };
}

/** A condition as it was tried: what the rule wanted, what was known, in words. */
export interface TestedInWords {
  readonly condition: string;
  readonly wanted: string;
  /** Null: unknown. */
  readonly value: string | null;
}

export function testedInWords(tested: Tested, names: Names, language: Language): TestedInWords {
  const t = text(language);
  if (tested.condition === 'to')
    return {
      condition: t.target,
      wanted: t.toWhom[tested.wanted as Whom],
      value:
        tested.value === null
          ? null
          : valueInWords(
              tested.wanted === 'contractor' ? 'contract' : 'owners',
              tested.value,
              names,
              language,
            ),
    };
  const condition = tested.condition as keyof RuleConditions;
  return {
    condition: t.conditions[condition],
    wanted: wantedInWords(condition, tested.wanted, names, language),
    value: tested.value === null ? null : valueInWords(condition, tested.value, names, language),
  };
}

/** 24 години, 7 днів … */
export function termInWords(term: TermData, language: Language): string {
  return `${term.amount} ${text(language).units[term.unit]}`;
}

function wantedInWords(
  condition: keyof RuleConditions,
  wanted: unknown,
  names: Names,
  language: Language,
): string {
  const t = text(language);
  if (condition === 'hours') {
    const [from, to] = wanted as [string, string];
    return t.between(from, to);
  }
  if (condition === 'ownerKnown' || condition === 'keeperKnown' || condition === 'contract') return t.any;
  if (condition === 'dayOff') return wanted ? t.yes : t.no;
  if (!Array.isArray(wanted)) {
    // A long list is kept with a decision by its length alone.
    const { oneOf } = wanted as { oneOf?: number };
    return oneOf === undefined ? String(wanted) : t.oneOf(oneOf);
  }
  const words = wanted.map((one) => nameOf(condition, one, names, language));
  return words.length > 8
    ? `${words.slice(0, 8).join(', ')} ${t.andMore(words.length - 8)}`
    : words.join(', ');
}

function valueInWords(
  condition: keyof RuleConditions,
  value: unknown,
  names: Names,
  language: Language,
): string {
  const t = text(language);
  if (condition === 'contract') {
    const { organisation, number } = value as { organisation: string; number: string };
    return t.contract(number, names.organisations?.get(organisation)?.name[language] ?? organisation);
  }
  if (condition === 'dayOff') return value ? t.yes : t.no;
  if (Array.isArray(value)) return value.map((one) => nameOf(condition, one, names, language)).join(', ');
  const isKnown = condition === 'ownerKnown' || condition === 'keeperKnown';
  return nameOf(isKnown ? 'owners' : condition, value, names, language);
}

function nameOf(condition: keyof RuleConditions, value: unknown, names: Names, language: Language): string {
  const t = text(language);
  const code = String(value);
  switch (condition) {
    case 'branches':
      return names.branches?.get(code)?.name[language] ?? code;
    case 'categories':
      return names.leaves?.get(code)?.leaf.name[language] ?? code;
    case 'districts':
      return names.districts?.find((one) => one.code === code)?.name[language] ?? code;
    case 'zones':
      return names.zones?.find((one) => one.code === code)?.name[language] ?? code;
    case 'buildings':
      return names.buildings?.get(code) ?? code;
    case 'assets':
      return names.assets?.get(code)?.[language] ?? code;
    case 'owners':
      return names.organisations?.get(code)?.name[language] ?? code;
    case 'weekdays':
      return t.weekdays[Number(code) - 1] ?? code;
    case 'classes':
      return t.classes[code as RequestClass] ?? code;
    case 'regimes':
      return t.regimes[code as Regime] ?? code;
    case 'sources':
      return t.sources[code] ?? code;
    default:
      return code;
  }
}

/** The words of conditions, classes, clocks …, for forms as well. */
export const ruleWords = (language: Language) => text(language);

const text = messages(
  {
    toWhom: {
      owner: 'балансоутримувач будинку',
      keeper: 'балансоутримувач об’єкта',
      contractor: 'підприємство за договором',
    } as Readonly<Record<Whom, string>>,
    target: 'кому передати',
    with: 'співвиконавці',
    terms: 'власні строки',
    any: 'є',
    yes: 'так',
    no: 'ні',
    oneOf: (count: number) => `один із ${count}`,
    andMore: (count: number) => `та ще ${count}`,
    between: (from: string, to: string) => `з ${from} до ${to}`,
    contract: (number: string, organisation: string) => `${number}, ${organisation}`,
    conditions: {
      categories: 'категорія',
      branches: 'розділ',
      classes: 'терміновість',
      regimes: 'порядок розгляду',
      sources: 'канал',
      districts: 'район',
      zones: 'зона',
      buildings: 'будинок',
      assets: 'об’єкт',
      keeperKnown: 'балансоутримувач об’єкта відомий',
      ownerKnown: 'балансоутримувач будинку відомий',
      owners: 'балансоутримувач будинку',
      contract: 'чинний договір для цього місця',
      hours: 'година',
      weekdays: 'день тижня',
      dayOff: 'вихідний або свято',
    } as Readonly<Record<keyof RuleConditions, string>>,
    weekdays: [
      'понеділок',
      'вівторок',
      'середа',
      'четвер',
      'п’ятниця',
      'субота',
      'неділя',
    ] as readonly string[],
    classes: {
      urgent: 'невідкладна',
      emergency: 'аварійна',
      ordinary: 'звичайна',
      question: 'запитання',
    } as Readonly<Record<RequestClass, string>>,
    regimes: { service: 'комунальна проблема', statutory: 'звернення за законом' } as Readonly<
      Record<Regime, string>
    >,
    sources: {
      phone: 'телефон',
      web: 'сайт',
      open311: 'застосунки (Open311)',
      email: 'електронна пошта',
      messenger: 'месенджер',
      paper: 'папір',
      '1545': 'імпорт з 1545',
    } as Readonly<Record<string, string>>,
    clocks: {
      accept: 'прийняти',
      arrive: 'прибути',
      fix: 'усунути',
      answer: 'відповісти',
      statutory: 'строк за законом',
    } as Readonly<Record<string, string>>,
    units: {
      minutes: 'хв',
      hours: 'год',
      days: 'дн.',
      working_days: 'роб. дн.',
      months: 'міс.',
    } as Readonly<Record<TermData['unit'], string>>,
  },
  {
    en: {
      toWhom: {
        owner: 'whoever keeps the building',
        keeper: 'whoever keeps the object',
        contractor: 'the enterprise under contract',
      },
      target: 'who gets it',
      with: 'together with',
      terms: 'terms of its own',
      any: 'there is one',
      yes: 'yes',
      no: 'no',
      oneOf: (count) => `one of ${count}`,
      andMore: (count) => `and ${count} more`,
      between: (from, to) => `from ${from} to ${to}`,
      contract: (number, organisation) => `${number}, ${organisation}`,
      conditions: {
        categories: 'category',
        branches: 'branch',
        classes: 'urgency',
        regimes: 'procedure',
        sources: 'channel',
        districts: 'district',
        zones: 'area',
        buildings: 'building',
        assets: 'object',
        keeperKnown: 'the keeper of the object is known',
        ownerKnown: 'the keeper of the building is known',
        owners: 'keeper of the building',
        contract: 'a valid contract for the place',
        hours: 'hour',
        weekdays: 'weekday',
        dayOff: 'a day off',
      },
      weekdays: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
      classes: { urgent: 'immediate', emergency: 'emergency', ordinary: 'ordinary', question: 'question' },
      regimes: { service: 'a communal problem', statutory: 'an appeal under the law' },
      sources: {
        phone: 'telephone',
        web: 'site',
        open311: 'apps (Open311)',
        email: 'e-mail',
        messenger: 'messenger',
        paper: 'paper',
        '1545': 'import from 1545',
      },
      clocks: {
        accept: 'accept',
        arrive: 'arrive',
        fix: 'fix',
        answer: 'answer',
        statutory: 'by law',
      },
      units: {
        minutes: 'min',
        hours: 'h',
        days: 'days',
        working_days: 'working days',
        months: 'months',
      },
    },
  },
);
