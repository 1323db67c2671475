import type { ComponentChildren } from 'preact';
import { Badge, type Option } from '#ui/index.ts';
import type { City } from '../../../../city.ts';
import type { Body, Flat } from '../../../../city-editing/kind.ts';
import { termUnits } from '../../../../city-editing/terms.ts';
import { ruleWords } from '../../../../rule-words.ts';
import type { CityDesk } from '../kit.tsx';

/** One field of a form. */
export interface FieldSpec {
  readonly name: string;
  readonly label: string;
  readonly as?: 'text' | 'area' | 'select' | 'checks' | 'check' | 'date';
  readonly hint?: string;
  readonly optional?: boolean;
  readonly options?: readonly Option[];
  /** Of a choice: what stands for nothing chosen. */
  readonly empty?: string;
  readonly width?: 'xs' | 's' | 'm' | 'full';
  /** Of a new thing, what it begins with. */
  readonly initial?: string;
  /** Stands on one line with the field before it. */
  readonly beside?: boolean;
  /** Cannot be changed once the thing is there. */
  readonly fixed?: boolean;
}

/** Fields that belong together; folded unless something in them is filled in or wrong. */
export interface GroupSpec {
  readonly title: string;
  readonly lead?: string;
  readonly folded?: boolean;
  readonly fields: readonly FieldSpec[];
}

export interface ColumnSpec {
  readonly title: string;
  readonly cell: (body: Body) => ComponentChildren;
}

/** How one kind of city data is shown. */
export interface KindSpec {
  /** The form; `flat` is what stands in it, since questions are as many as there are. */
  groups(desk: CityDesk, city: City, flat: Flat): GroupSpec[];
  columns(desk: CityDesk, city: City): ColumnSpec[];
  /** How a thing is called on its page. */
  nameOf(body: Body, desk: CityDesk): string;
}

export const choices = (codes: readonly string[], names: Readonly<Record<string, string>>): Option[] =>
  codes.map((value) => ({ value, label: names[value] ?? value }));

export function both(
  name: string,
  label: string,
  desk: CityDesk,
  more: Partial<FieldSpec> = {},
): FieldSpec[] {
  const { inUkrainian, inEnglish } = desk.words;
  return [
    { name: `${name}-uk`, label: `${label} (${inUkrainian})`, width: 'full', ...more },
    { name: `${name}-en`, label: `${label} (${inEnglish})`, width: 'full', ...more },
  ];
}

export const organisationOptions = (city: City, desk: CityDesk): Option[] =>
  [...city.organisations.values()]
    .map(({ id, name }) => ({ value: id, label: name[desk.at.language] }))
    .sort((a, b) => a.label.localeCompare(b.label, desk.at.language));

export const branchOptions = (city: City, desk: CityDesk): Option[] =>
  [...city.branches.values()]
    .sort((a, b) => a.number.localeCompare(b.number))
    .map(({ code, number, name }) => ({ value: code, label: `${number} ${name[desk.at.language]}` }));

export const districtOptions = (city: City, desk: CityDesk): Option[] =>
  city.districts.map(({ code, name }) => ({ value: code, label: name[desk.at.language] }));

export const text = (value: unknown): string => (value === undefined || value === null ? '–' : String(value));
export const named = (body: Body, desk: CityDesk): string =>
  (body.name as { uk: string; en: string })[desk.at.language];

export const activeField = (desk: CityDesk): FieldSpec => ({
  name: 'active',
  label: desk.words.fields.active,
  as: 'select',
  initial: 'yes',
  options: [
    { value: 'yes', label: desk.words.fields.isActive },
    { value: 'no', label: desk.words.fields.notActive },
  ],
  width: 's',
});

export const activeColumn = (desk: CityDesk): ColumnSpec => ({
  title: desk.words.fields.active,
  cell: (body) =>
    body.active ? (
      <Badge tone="good">{desk.words.fields.isActive}</Badge>
    ) : (
      <Badge>{desk.words.fields.notActive}</Badge>
    ),
});

export function termFields(prefix: string, kinds: readonly string[], desk: CityDesk): FieldSpec[] {
  const w = ruleWords(desk.at.language);
  const f = desk.words.fields;
  return kinds.flatMap((kind): FieldSpec[] => [
    {
      name: `${prefix}term-${kind}`,
      label: `${w.clocks[kind]}: ${f.amount}`,
      optional: true,
      width: 'xs',
    },
    {
      name: `${prefix}unit-${kind}`,
      beside: true,
      label: `${w.clocks[kind]}: ${f.unit}`,
      as: 'select',
      optional: true,
      options: choices(termUnits, w.units),
      width: 's',
    },
    ...(kind === 'statutory'
      ? [
          {
            name: `${prefix}end-${kind}`,
            beside: true,
            label: `${w.clocks[kind]}: ${f.termEnd}`,
            as: 'select' as const,
            optional: true,
            empty: f.termEndStays,
            options: [{ value: 'next', label: f.termEndMoves }],
            width: 'm' as const,
          },
          {
            name: `${prefix}reference-${kind}`,
            beside: true,
            label: `${w.clocks[kind]}: ${f.reference}`,
            optional: true,
            width: 'm' as const,
          },
        ]
      : []),
  ]);
}

/** The label of a field, for differences between versions. */
export function labelsOf(groups: readonly GroupSpec[]): ReadonlyMap<string, string> {
  return new Map(
    groups.flatMap((group) =>
      group.fields.map((field) => [
        field.name,
        group.folded ? `${group.title}: ${field.label}` : field.label,
      ]),
    ),
  );
}

/** What stands in a field as people read it: of choices their words. */
export function shownValue(groups: readonly GroupSpec[], name: string, value: string): string {
  const field = groups.flatMap((group) => group.fields).find((one) => one.name === name);
  if (!field?.options || !value) return value || '–';
  return value
    .split(',')
    .map((one) => field.options!.find((option) => option.value === one)?.label ?? one)
    .join(', ');
}
