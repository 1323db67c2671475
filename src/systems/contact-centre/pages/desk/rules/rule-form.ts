import type { FieldFault } from '#platform/errors.ts';
import type {
  ClockKind,
  Regime,
  RequestClass,
  RuleConditions,
  RuleData,
  TermData,
  Terms,
} from '../../../city-data.ts';

/** A rule as the fields of its form. */
export interface RuleForm {
  readonly values: Readonly<Record<string, string>>;
  readonly lists: Readonly<Record<string, readonly string[]>>;
}

export const clockKinds: readonly ClockKind[] = ['accept', 'arrive', 'fix', 'answer'];
export const termUnits: readonly TermData['unit'][] = ['minutes', 'hours', 'days', 'working_days', 'months'];

export const emptyRule: RuleForm = { values: {}, lists: {} };

const listed = [
  'branches',
  'categories',
  'districts',
  'zones',
  'owners',
  'classes',
  'regimes',
  'sources',
] as const satisfies readonly (keyof RuleConditions)[];

/** The fields of a stored rule. */
export function formOf(rule: RuleData): RuleForm {
  const { when } = rule;
  const values: Record<string, string> = {
    id: rule.id,
    'name-uk': rule.name.uk,
    'name-en': rule.name.en,
    to: typeof rule.to === 'string' ? rule.to : 'organisation',
  };
  if (typeof rule.to === 'object') values.organisation = rule.to.organisation;
  if (rule.unit) values.unit = rule.unit;
  if (rule.default) values.default = 'yes';
  if (when.buildings) values.buildings = when.buildings.join('\n');
  if (when.assets) values.assets = when.assets.join('\n');
  if (when.contract) values.contract = 'yes';
  if (when.ownerKnown) values.ownerKnown = 'yes';
  if (when.keeperKnown) values.keeperKnown = 'yes';
  if (when.hours) [values['hours-from'], values['hours-to']] = when.hours;
  if (when.dayOff !== undefined) values.dayOff = when.dayOff ? 'yes' : 'no';
  for (const [kind, term] of Object.entries(rule.terms ?? {})) {
    values[`term-${kind}`] = String(term.amount);
    values[`unit-${kind}`] = term.unit;
  }
  const lists: Record<string, readonly string[]> = {
    weekdays: (when.weekdays ?? []).map(String),
    coExecutors: rule.coExecutors ?? [],
    contract: when.contract ? ['yes'] : [],
    ownerKnown: when.ownerKnown ? ['yes'] : [],
    keeperKnown: when.keeperKnown ? ['yes'] : [],
  };
  for (const name of listed) lists[name] = when[name] ?? [];
  return { values, lists };
}

/**
 * The rule that a form describes; what the domain has to say about it comes later.
 *
 * @param both words for hours of which only one was given.
 */
export function ruleOf(form: RuleForm, both: string): { rule: RuleData; faults: FieldFault[] } {
  const faults: FieldFault[] = [];
  const one = (name: string) => form.values[name] ?? '';
  const many = (name: string) => [...new Set(form.lists[name] ?? [])].filter(Boolean);
  const when: { -readonly [K in keyof RuleConditions]: RuleConditions[K] } = {};
  if (many('branches').length) when.branches = many('branches');
  if (many('categories').length) when.categories = many('categories');
  if (many('districts').length) when.districts = many('districts');
  if (many('zones').length) when.zones = many('zones');
  if (many('owners').length) when.owners = many('owners');
  if (many('classes').length) when.classes = many('classes') as RequestClass[];
  if (many('regimes').length) when.regimes = many('regimes') as Regime[];
  if (many('sources').length) when.sources = many('sources');
  const ids = (name: string) => [
    ...new Set(
      one(name)
        .split(/[\s,;]+/)
        .filter(Boolean),
    ),
  ];
  if (ids('buildings').length) when.buildings = ids('buildings');
  if (ids('assets').length) when.assets = ids('assets');
  if (one('keeperKnown') === 'yes') when.keeperKnown = true;
  if (one('ownerKnown') === 'yes') when.ownerKnown = true;
  if (one('contract') === 'yes') when.contract = true;
  if (one('hours-from') && one('hours-to')) when.hours = [one('hours-from'), one('hours-to')];
  else if (one('hours-from') || one('hours-to'))
    faults.push({ field: one('hours-from') ? 'hours-to' : 'hours-from', message: both });
  const weekdays = many('weekdays')
    .map(Number)
    .filter((day) => day >= 1 && day <= 7);
  if (weekdays.length) when.weekdays = weekdays.sort((a, b) => a - b);
  if (one('dayOff')) when.dayOff = one('dayOff') === 'yes';
  const terms: { -readonly [K in ClockKind]?: TermData } = {};
  for (const kind of clockKinds)
    if (one(`term-${kind}`))
      terms[kind] = {
        amount: Number(one(`term-${kind}`).replace(',', '.')),
        unit: termUnits.find((unit) => unit === one(`unit-${kind}`)) ?? 'hours',
      };
  const to = one('to');
  return {
    faults,
    rule: {
      id: one('id'),
      name: { uk: one('name-uk'), en: one('name-en') },
      when,
      to:
        to === 'owner' || to === 'keeper' || to === 'contractor' ? to : { organisation: one('organisation') },
      ...(one('unit') ? { unit: one('unit') } : {}),
      ...(many('coExecutors').length ? { coExecutors: many('coExecutors') } : {}),
      ...(Object.keys(terms).length ? { terms: terms as Terms } : {}),
      ...(one('default') === 'yes' ? { default: true as const } : {}),
    },
  };
}
