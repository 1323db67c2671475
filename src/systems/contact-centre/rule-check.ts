import type { FieldFault } from '#platform/errors.ts';
import { type Language, messages } from '#platform/i18n/index.ts';
import type { City } from './city.ts';
import type { RuleData } from './city-data.ts';

/** What a rule is checked against besides the city's data. */
export interface RuleSurroundings {
  /** Ids of the other rules of the draft. */
  readonly others: ReadonlySet<string>;
  /** Of the buildings that the rule names, those that the city knows. */
  readonly buildings: ReadonlySet<string>;
  /** The same of things. */
  readonly assets: ReadonlySet<string>;
}

/** Everything wrong with a rule, by field, in words for whoever edits it. */
export function ruleFaults(
  rule: RuleData,
  city: City,
  around: RuleSurroundings,
  language: Language,
): FieldFault[] {
  const t = text(language);
  const faults: FieldFault[] = [];
  const fault = (field: string, message: string) => faults.push({ field, message });
  if (!/^[A-Za-z0-9-]{1,30}$/.test(rule.id)) fault('id', t.id);
  else if (around.others.has(rule.id)) fault('id', t.taken(rule.id));
  if (!rule.name.uk) fault('name-uk', t.name);
  if (!rule.name.en) fault('name-en', t.name);
  const { when } = rule;
  const all = (
    field: string,
    codes: readonly string[] | undefined,
    isKnown: (code: string) => boolean,
    say: (c: string) => string,
  ) => {
    const unknown = (codes ?? []).filter((code) => !isKnown(code));
    if (unknown.length) fault(field, say(unknown.join(', ')));
  };
  all('branches', when.branches, (code) => city.branches.has(code), t.branch);
  all('categories', when.categories, (code) => city.leaves.has(code), t.category);
  all(
    'districts',
    when.districts,
    (code) => city.districts.some((district) => district.code === code),
    t.district,
  );
  all('zones', when.zones, (code) => city.zones.some((zone) => zone.code === code), t.zone);
  all('buildings', when.buildings, (id) => around.buildings.has(id), t.building);
  all('assets', when.assets, (id) => around.assets.has(id), t.asset);
  all('owners', when.owners, (id) => city.organisations.has(id), t.organisation);
  all('coExecutors', rule.coExecutors, (id) => city.organisations.has(id), t.organisation);
  if (when.hours) {
    const [from, to] = when.hours;
    const isTime = (time: string) => /^([01]\d|2[0-3]):[0-5]\d$/.test(time);
    if (!isTime(from)) fault('hours-from', t.time);
    if (!isTime(to)) fault('hours-to', t.time);
    else if (from === to) fault('hours-to', t.sameTime);
  }
  if (typeof rule.to === 'object') {
    const { organisation } = rule.to;
    if (!organisation) fault('organisation', t.chooseOrganisation);
    else if (!city.organisations.has(organisation)) fault('organisation', t.organisation(organisation));
  }
  if (rule.unit) {
    const unit = city.units.find(({ id }) => id === rule.unit);
    if (!unit) fault('unit', t.unit(rule.unit));
    else if (typeof rule.to !== 'object' || unit.organisation !== rule.to.organisation)
      fault('unit', t.foreignUnit);
  }
  for (const [kind, term] of Object.entries(rule.terms ?? {}))
    if (!Number.isInteger(term.amount) || term.amount < 1 || term.amount > 1_000)
      fault(`term-${kind}`, t.amount);
  return faults;
}

const text = messages(
  {
    id: 'Код правила: латинські літери, цифри й дефіс, до 30 знаків, наприклад R-12',
    taken: (id: string) => `Правило з кодом ${id} уже є в цій чернетці`,
    name: 'Назвіть правило обома мовами',
    branch: (codes: string) => `Немає такого розділу: ${codes}`,
    category: (codes: string) => `Немає такої категорії: ${codes}`,
    district: (codes: string) => `Немає такого району: ${codes}`,
    zone: (codes: string) => `Немає такої зони: ${codes}`,
    building: (ids: string) => `Немає такого будинку: ${ids}`,
    asset: (ids: string) => `Немає такого об’єкта: ${ids}`,
    organisation: (id: string) => `Немає такої організації: ${id}`,
    chooseOrganisation: 'Оберіть організацію, якій передавати заявку',
    unit: (id: string) => `Немає такого підрозділу: ${id}`,
    foreignUnit: 'Підрозділ належить іншій організації, ніж та, якій передають заявку',
    time: 'Вкажіть час як 08:00',
    sameTime: 'Початок і кінець збігаються: такого часу не буває',
    amount: 'Строк: ціле число від 1 до 1000',
  },
  {
    en: {
      id: 'A rule’s code has Latin letters, digits and hyphens, up to 30, such as R-12',
      taken: (id) => `The draft already has a rule ${id}`,
      name: 'Name the rule in both languages',
      branch: (codes) => `There is no such branch: ${codes}`,
      category: (codes) => `There is no such category: ${codes}`,
      district: (codes) => `There is no such district: ${codes}`,
      zone: (codes) => `There is no such area: ${codes}`,
      building: (ids) => `There is no such building: ${ids}`,
      asset: (ids) => `There is no such object: ${ids}`,
      organisation: (id) => `There is no such organisation: ${id}`,
      chooseOrganisation: 'Choose the organisation that gets the request',
      unit: (id) => `There is no such unit: ${id}`,
      foreignUnit: 'The unit belongs to another organisation than the one that gets the request',
      time: 'Give the time as 08:00',
      sameTime: 'Beginning and end are the same: no hour is between them',
      amount: 'A term is a whole number from 1 to 1000',
    },
  },
);
