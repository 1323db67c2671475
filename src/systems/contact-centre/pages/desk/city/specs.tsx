import type { ComponentChildren } from 'preact';
import { describeTerm } from '#platform/calendar/index.ts';
import { Badge, type Option } from '#ui/index.ts';
import type { City } from '../../../city.ts';
import type { DistrictData, LeafData } from '../../../city-data.ts';
import {
  categoryClocks,
  datatypes,
  evidences,
  mostQuestions,
  placeNeeds,
  precisions,
  regimes,
  requestClasses,
  serviceTypes,
  visibilities,
} from '../../../city-editing/categories.ts';
import { dayKinds } from '../../../city-editing/days.ts';
import type { KindName } from '../../../city-editing/index.ts';
import type { Body, Flat } from '../../../city-editing/kind.ts';
import { organisationKinds, unitKinds } from '../../../city-editing/organisations.ts';
import { termUnits } from '../../../city-editing/terms.ts';
import { wordedMoves } from '../../../city-editing/words.ts';
import { toTerm } from '../../../clocks.ts';
import type { LawTermData } from '../../../law-terms.ts';
import { ruleWords } from '../../../rule-words.ts';
import type { HistoryMove } from '../../../states.ts';
import { textOf } from '../../text.ts';
import type { CityDesk } from './kit.tsx';

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

interface KindSpec {
  /** The form; `flat` is what stands in it, since questions are as many as there are. */
  groups(desk: CityDesk, city: City, flat: Flat): GroupSpec[];
  columns(desk: CityDesk, city: City): ColumnSpec[];
  /** How a thing is called on its page. */
  nameOf(body: Body, desk: CityDesk): string;
}

const choices = (codes: readonly string[], names: Readonly<Record<string, string>>): Option[] =>
  codes.map((value) => ({ value, label: names[value] ?? value }));

function both(name: string, label: string, desk: CityDesk, more: Partial<FieldSpec> = {}): FieldSpec[] {
  const { inUkrainian, inEnglish } = desk.words;
  return [
    { name: `${name}-uk`, label: `${label} (${inUkrainian})`, width: 'full', ...more },
    { name: `${name}-en`, label: `${label} (${inEnglish})`, width: 'full', ...more },
  ];
}

const organisationOptions = (city: City, desk: CityDesk): Option[] =>
  [...city.organisations.values()]
    .map(({ id, name }) => ({ value: id, label: name[desk.at.language] }))
    .sort((a, b) => a.label.localeCompare(b.label, desk.at.language));

const branchOptions = (city: City, desk: CityDesk): Option[] =>
  [...city.branches.values()]
    .sort((a, b) => a.number.localeCompare(b.number))
    .map(({ code, number, name }) => ({ value: code, label: `${number} ${name[desk.at.language]}` }));

const districtOptions = (city: City, desk: CityDesk): Option[] =>
  city.districts.map(({ code, name }) => ({ value: code, label: name[desk.at.language] }));

const text = (value: unknown): string => (value === undefined || value === null ? '–' : String(value));
const named = (body: Body, desk: CityDesk): string =>
  (body.name as { uk: string; en: string })[desk.at.language];

const activeField = (desk: CityDesk): FieldSpec => ({
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

const activeColumn = (desk: CityDesk): ColumnSpec => ({
  title: desk.words.fields.active,
  cell: (body) =>
    body.active ? (
      <Badge tone="good">{desk.words.fields.isActive}</Badge>
    ) : (
      <Badge>{desk.words.fields.notActive}</Badge>
    ),
});

function termFields(prefix: string, kinds: readonly string[], desk: CityDesk): FieldSpec[] {
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

function questionGroups(desk: CityDesk, flat: Flat): GroupSpec[] {
  const f = desk.words.fields;
  const filled = Array.from({ length: mostQuestions }, (_, index) => index + 1).filter(
    (no) => flat[`q${no}-code`] || flat[`q${no}-description-uk`],
  );
  const last = Math.min((filled.at(-1) ?? 0) + 1, mostQuestions);
  return Array.from({ length: last }, (_, index) => index + 1).map((no) => ({
    title: filled.includes(no) ? f.question(no, flat[`q${no}-code`] ?? '') : f.newQuestion,
    ...(filled.includes(no) ? {} : { lead: f.questionLead }),
    folded: true,
    fields: [
      { name: `q${no}-code`, label: f.code, optional: true, width: 's' },
      {
        name: `q${no}-datatype`,
        label: f.datatype,
        as: 'select',
        options: choices(datatypes, desk.words.datatypes),
        width: 'm',
      },
      { name: `q${no}-required`, label: f.required, as: 'check' },
      ...both(`q${no}-description`, f.questionText, desk, { optional: true }),
      ...both(`q${no}-hint`, f.hint, desk, { optional: true }),
      { name: `q${no}-values`, label: f.values, hint: f.valuesHint, as: 'area', optional: true },
      { name: `q${no}-showIf`, label: f.showIf, hint: f.showIfHint, optional: true, width: 's' },
      { name: `q${no}-showIn`, label: f.showIn, hint: f.showInHint, optional: true, width: 'm' },
    ],
  }));
}

/** How each kind is shown: its list, its form, its name. */
export const specs: Readonly<Record<KindName, KindSpec>> = {
  category: {
    nameOf: (body, desk) => `${text(body.number)} ${named(body, desk)}`,
    columns: (desk, city) => [
      { title: desk.words.fields.number, cell: (body) => text(body.number) },
      { title: desk.words.fields.name, cell: (body) => named(body, desk) },
      {
        title: desk.words.fields.parent,
        cell: (body) =>
          body.parent
            ? (city.branches.get(String(body.parent))?.name[desk.at.language] ?? text(body.parent))
            : '–',
      },
      {
        title: desk.words.fields.class,
        cell: (body) =>
          body.kind === 'leaf'
            ? ruleWords(desk.at.language).classes[(body as unknown as LeafData).class]
            : desk.words.kindsOfCategory.branch,
      },
      {
        title: desk.words.fields.state,
        cell: (body) => {
          const leaf = body as unknown as LeafData;
          if (leaf.successor) return <Badge>{desk.words.fields.retired}</Badge>;
          if (leaf.stopper) return <Badge tone="warning">{desk.words.fields.stopper}</Badge>;
          if (leaf.competence) return <Badge tone="info">{desk.words.fields.competence}</Badge>;
          return '–';
        },
      },
    ],
    groups(desk, city, flat) {
      const f = desk.words.fields;
      const w = ruleWords(desk.at.language);
      const common: GroupSpec = {
        title: f.main,
        fields: [
          {
            name: 'kind',
            label: f.kind,
            as: 'select',
            fixed: true,
            initial: 'leaf',
            options: choices(['leaf', 'branch'], desk.words.kindsOfCategory),
            width: 'm',
          },
          { name: 'code', label: f.code, hint: f.codeHint, fixed: true, width: 'm' },
          { name: 'number', label: f.number, hint: f.numberHint, width: 's' },
          {
            name: 'parent',
            label: f.parent,
            as: 'select',
            optional: true,
            empty: f.top,
            options: branchOptions(city, desk).filter(({ value }) => value !== flat.code),
          },
          ...both('name', f.name, desk),
          ...both('description', f.description, desk, { optional: true }),
        ],
      };
      if (flat.kind === 'branch') return [common];
      return [
        common,
        {
          title: f.handling,
          fields: [
            { name: 'keywords', label: f.keywords, hint: f.keywordsHint, as: 'area', optional: true },
            {
              name: 'class',
              label: f.class,
              as: 'select',
              initial: 'ordinary',
              options: choices(requestClasses, w.classes),
              width: 'm',
            },
            {
              name: 'regime',
              label: f.regime,
              as: 'select',
              initial: 'service',
              options: choices(regimes, w.regimes),
              width: 'm',
            },
            {
              name: 'needs',
              label: f.needs,
              as: 'checks',
              initial: 'place',
              options: choices(placeNeeds, desk.words.needs),
            },
            {
              name: 'visibility',
              label: f.visibility,
              as: 'select',
              initial: 'public',
              options: choices(visibilities, desk.words.visibilities),
              width: 'm',
            },
            {
              name: 'precision',
              label: f.precision,
              as: 'select',
              initial: 'exact',
              options: choices(precisions, desk.words.precisions),
              width: 'm',
            },
            {
              name: 'evidence',
              label: f.evidence,
              as: 'select',
              initial: 'none',
              options: choices(evidences, desk.words.evidences),
              width: 'm',
            },
            { name: 'access', label: f.access, as: 'check' },
            {
              name: 'type',
              label: f.type,
              as: 'select',
              initial: 'realtime',
              options: choices(serviceTypes, desk.words.serviceTypes),
              width: 'm',
            },
            {
              name: 'verificationHours',
              label: f.verificationHours,
              hint: f.verificationHint,
              optional: true,
              width: 'xs',
            },
            {
              name: 'duplicateRadius',
              label: f.duplicateRadius,
              hint: f.duplicateHint,
              optional: true,
              width: 'xs',
            },
            { name: 'clusterGroup', label: f.clusterGroup, hint: f.clusterHint, optional: true, width: 's' },
          ],
        },
        { title: f.terms, lead: f.termsLead, folded: true, fields: termFields('', categoryClocks, desk) },
        {
          title: f.wordsToPeople,
          lead: f.wordsLead,
          folded: true,
          fields: [
            ...both('notice', f.notice, desk, { as: 'area', optional: true }),
            ...both('stopper', f.stopperText, desk, { as: 'area', optional: true, hint: f.stopperHint }),
            ...both('competence', f.competenceText, desk, {
              as: 'area',
              optional: true,
              hint: f.competenceHint,
            }),
          ],
        },
        ...questionGroups(desk, flat),
        {
          title: f.retire,
          lead: f.retireLead,
          folded: true,
          fields: [
            {
              name: 'successor',
              label: f.successor,
              as: 'select',
              optional: true,
              empty: f.inUse,
              options: [...city.leaves.values()]
                .filter(({ leaf }) => leaf.code !== flat.code && !leaf.successor)
                .sort((a, b) => a.leaf.number.localeCompare(b.leaf.number))
                .map(({ leaf }) => ({
                  value: leaf.code,
                  label: `${leaf.number} ${leaf.name[desk.at.language]}`,
                })),
            },
          ],
        },
      ];
    },
  },
  organisation: {
    nameOf: named,
    columns: (desk) => [
      { title: desk.words.fields.name, cell: (body) => named(body, desk) },
      { title: desk.words.fields.kind, cell: (body) => desk.words.organisationKinds[String(body.kind)] },
      { title: desk.words.fields.dutyPhone, cell: (body) => text(body.dutyPhone ?? body.phone) },
      activeColumn(desk),
    ],
    groups: (desk) => [
      {
        title: desk.words.fields.main,
        fields: [
          {
            name: 'id',
            label: desk.words.fields.code,
            hint: desk.words.fields.codeHint,
            fixed: true,
            width: 'm',
          },
          ...both('name', desk.words.fields.name, desk),
          {
            name: 'kind',
            label: desk.words.fields.kind,
            as: 'select',
            initial: 'executor',
            options: choices(organisationKinds, desk.words.organisationKinds),
            width: 'm',
          },
          { name: 'dutyPhone', label: desk.words.fields.dutyPhone, optional: true, width: 'm' },
          { name: 'phone', label: desk.words.fields.phone, optional: true, width: 'm' },
          { name: 'edrpou', label: desk.words.fields.edrpou, optional: true, width: 's' },
          { name: 'url', label: desk.words.fields.url, optional: true, width: 'm' },
          activeField(desk),
        ],
      },
    ],
  },
  unit: {
    nameOf: named,
    columns: (desk, city) => [
      { title: desk.words.fields.name, cell: (body) => named(body, desk) },
      {
        title: desk.words.fields.organisation,
        cell: (body) =>
          city.known.organisations.get(String(body.organisation))?.name[desk.at.language] ??
          text(body.organisation),
      },
      { title: desk.words.fields.kind, cell: (body) => desk.words.unitKinds[String(body.kind)] },
      activeColumn(desk),
    ],
    groups: (desk, city) => [
      {
        title: desk.words.fields.main,
        fields: [
          {
            name: 'id',
            label: desk.words.fields.code,
            hint: desk.words.fields.codeHint,
            fixed: true,
            width: 'm',
          },
          {
            name: 'organisation',
            label: desk.words.fields.organisation,
            as: 'select',
            fixed: true,
            empty: desk.words.choose,
            options: organisationOptions(city, desk),
          },
          ...both('name', desk.words.fields.name, desk),
          {
            name: 'kind',
            label: desk.words.fields.kind,
            as: 'select',
            initial: 'unit',
            options: choices(unitKinds, desk.words.unitKinds),
            width: 'm',
          },
          { name: 'phone', label: desk.words.fields.phone, optional: true, width: 'm' },
          activeField(desk),
        ],
      },
    ],
  },
  contract: {
    nameOf: (body, desk) => desk.words.contractName(text(body.number)),
    columns: (desk, city) => [
      { title: desk.words.fields.contractNumber, cell: (body) => text(body.number) },
      {
        title: desk.words.fields.organisation,
        cell: (body) =>
          city.known.organisations.get(String(body.organisation))?.name[desk.at.language] ??
          text(body.organisation),
      },
      {
        title: desk.words.fields.branch,
        cell: (body) => city.branches.get(String(body.branch))?.name[desk.at.language] ?? text(body.branch),
      },
      { title: desk.words.fields.building, cell: (body) => text(body.building) },
      { title: desk.words.fields.from, cell: (body) => text(body.from) },
      { title: desk.words.fields.to, cell: (body) => text(body.to) },
    ],
    groups: (desk, city) => [
      {
        title: desk.words.fields.main,
        fields: [
          {
            name: 'id',
            label: desk.words.fields.code,
            hint: desk.words.fields.codeHint,
            fixed: true,
            width: 'm',
          },
          { name: 'number', label: desk.words.fields.contractNumber, width: 'm' },
          {
            name: 'organisation',
            label: desk.words.fields.organisation,
            as: 'select',
            empty: desk.words.choose,
            options: organisationOptions(city, desk),
          },
          {
            name: 'branch',
            label: desk.words.fields.branch,
            as: 'select',
            empty: desk.words.choose,
            options: branchOptions(city, desk),
          },
          {
            name: 'building',
            label: desk.words.fields.building,
            hint: desk.words.fields.buildingHint,
            width: 's',
          },
          { name: 'from', label: desk.words.fields.from, as: 'date' },
          {
            name: 'to',
            label: desk.words.fields.to,
            as: 'date',
            optional: true,
            hint: desk.words.fields.toHint,
          },
        ],
      },
    ],
  },
  building: {
    nameOf: (body) => `${text(body.street)}, ${text(body.house)}`,
    columns: (desk, city) => [
      { title: desk.words.fields.address, cell: (body) => `${text(body.street)}, ${text(body.house)}` },
      {
        title: desk.words.fields.district,
        cell: (body) =>
          city.districts.find(({ code }) => code === body.district)?.name[desk.at.language] ??
          text(body.district),
      },
      {
        title: desk.words.fields.owner,
        cell: (body) =>
          city.known.organisations.get(String(body.owner))?.name[desk.at.language] ?? text(body.owner),
      },
      { title: desk.words.fields.flats, cell: (body) => text(body.flats) },
    ],
    groups: (desk, city) => [
      {
        title: desk.words.fields.main,
        fields: [
          {
            name: 'id',
            label: desk.words.fields.code,
            hint: desk.words.fields.buildingCodeHint,
            fixed: true,
            width: 's',
          },
          { name: 'street', label: desk.words.fields.street, hint: desk.words.fields.streetHint, width: 'm' },
          { name: 'house', label: desk.words.fields.house, width: 'xs' },
          {
            name: 'district',
            label: desk.words.fields.district,
            as: 'select',
            empty: desk.words.choose,
            options: districtOptions(city, desk),
            width: 'm',
          },
          { name: 'zipcode', label: desk.words.fields.zipcode, optional: true, width: 's' },
          { name: 'lat', label: desk.words.fields.lat, width: 's' },
          { name: 'lon', label: desk.words.fields.lon, width: 's' },
          {
            name: 'owner',
            label: desk.words.fields.owner,
            as: 'select',
            optional: true,
            empty: desk.words.unknown,
            options: organisationOptions(city, desk),
          },
          { name: 'flats', label: desk.words.fields.flats, optional: true, width: 'xs' },
          {
            name: 'networkZones',
            label: desk.words.fields.networkZones,
            hint: desk.words.fields.zonesHint,
            optional: true,
            width: 'full',
          },
        ],
      },
    ],
  },
  district: {
    nameOf: named,
    columns: (desk) => [
      { title: desk.words.fields.name, cell: (body) => named(body, desk) },
      {
        title: desk.words.fields.points,
        cell: (body) =>
          (body as unknown as DistrictData).rings.reduce((sum, { ring }) => sum + ring.length, 0),
      },
    ],
    groups: (desk) => [
      {
        title: desk.words.fields.main,
        fields: [
          {
            name: 'code',
            label: desk.words.fields.code,
            hint: desk.words.fields.codeHint,
            fixed: true,
            width: 'm',
          },
          ...both('name', desk.words.fields.name, desk),
          { name: 'rings', label: desk.words.fields.ring, hint: desk.words.fields.ringHint, as: 'area' },
        ],
      },
    ],
  },
  day: {
    nameOf: named,
    columns: (desk) => [
      { title: desk.words.fields.name, cell: (body) => named(body, desk) },
      { title: desk.words.fields.kind, cell: (body) => desk.words.dayKinds[String(body.kind)] },
      {
        title: desk.words.fields.on,
        cell: (body) => (body.to ? `${text(body.on)} – ${text(body.to)}` : text(body.on)),
      },
      activeColumn(desk),
    ],
    groups: (desk) => {
      const f = desk.words.fields;
      return [
        {
          title: f.main,
          fields: [
            { name: 'code', label: f.code, hint: f.codeHint, fixed: true, width: 'm' },
            ...both('name', f.name, desk),
            {
              name: 'kind',
              label: f.kind,
              as: 'select',
              initial: 'dayOff',
              options: choices(dayKinds, desk.words.dayKinds),
              width: 'm',
            },
            { name: 'on', label: f.on, hint: f.onHint, width: 's' },
            { name: 'to', label: f.lastDay, hint: f.lastDayHint, optional: true, width: 's' },
            { name: 'works', label: f.works, as: 'check' },
            { name: 'fromYear', label: f.fromYear, optional: true, width: 'xs' },
            { name: 'untilYear', label: f.untilYear, optional: true, width: 'xs' },
            { name: 'source', label: f.source, optional: true, width: 'full' },
            activeField(desk),
          ],
        },
      ];
    },
  },
  law: {
    nameOf: named,
    columns: (desk) => [
      { title: desk.words.fields.name, cell: (body) => named(body, desk) },
      {
        title: desk.words.fields.term,
        cell: (body) => describeTerm(desk.at.language, toTerm(body as unknown as LawTermData)),
      },
      { title: desk.words.fields.law, cell: (body) => text(body.reference) },
      {
        title: desk.words.fields.confirmed,
        cell: (body) =>
          body.confirmed ? (
            <Badge tone="good">{desk.words.fields.isConfirmed}</Badge>
          ) : (
            <Badge tone="warning">{desk.words.fields.notConfirmed}</Badge>
          ),
      },
    ],
    groups: (desk) => {
      const f = desk.words.fields;
      return [
        {
          title: f.main,
          fields: [
            { name: 'code', label: f.code, fixed: true },
            ...both('name', f.name, desk),
            { name: 'amount', label: f.amount, width: 'xs' },
            {
              name: 'unit',
              label: f.unit,
              as: 'select',
              options: choices(termUnits, ruleWords(desk.at.language).units),
              width: 's',
              beside: true,
            },
            {
              name: 'end',
              label: f.termEnd,
              as: 'select',
              options: [
                { value: 'stay', label: f.termEndStays },
                { value: 'next', label: f.termEndMoves },
              ],
              width: 'm',
            },
            { name: 'reference', label: f.law, width: 'm' },
            { name: 'confirmed', label: f.confirmed, as: 'check' },
            {
              name: 'confirmedBy',
              label: f.confirmedBy,
              hint: f.confirmedByHint,
              optional: true,
              width: 'full',
            },
          ],
        },
      ];
    },
  },
  template: {
    nameOf: named,
    columns: (desk) => [
      { title: desk.words.fields.name, cell: (body) => named(body, desk) },
      {
        title: desk.words.fields.move,
        cell: (body) => textOf(desk.at.language).moves[body.move as HistoryMove] ?? text(body.move),
      },
      { title: desk.words.fields.forWhat, cell: (body) => text(body.for ?? desk.words.fields.everywhere) },
    ],
    groups: (desk, city) => {
      const f = desk.words.fields;
      return [
        {
          title: f.main,
          fields: [
            { name: 'code', label: f.code, hint: f.codeHint, fixed: true, width: 'm' },
            {
              name: 'move',
              label: f.move,
              as: 'select',
              initial: 'claim',
              options: choices(wordedMoves, textOf(desk.at.language).moves),
              width: 'm',
            },
            {
              name: 'for',
              label: f.forWhat,
              as: 'select',
              optional: true,
              empty: f.everywhere,
              options: [
                ...branchOptions(city, desk),
                ...[...city.leaves.values()].map(({ leaf }) => ({
                  value: leaf.code,
                  label: `${leaf.number} ${leaf.name[desk.at.language]}`,
                })),
              ].sort((a, b) => a.label.localeCompare(b.label)),
            },
            ...both('name', f.name, desk),
            ...both('text', f.text, desk, { as: 'area' }),
          ],
        },
      ];
    },
  },
  article: {
    nameOf: (body, desk) => (body.title as { uk: string; en: string })[desk.at.language],
    columns: (desk, city) => [
      {
        title: desk.words.fields.title,
        cell: (body) => (body.title as { uk: string; en: string })[desk.at.language],
      },
      {
        title: desk.words.fields.branch,
        cell: (body) => city.branches.get(String(body.branch))?.name[desk.at.language] ?? text(body.branch),
      },
    ],
    groups: (desk, city) => {
      const f = desk.words.fields;
      return [
        {
          title: f.main,
          fields: [
            { name: 'code', label: f.code, hint: f.codeHint, fixed: true, width: 'm' },
            {
              name: 'branch',
              label: f.parent,
              as: 'select',
              empty: desk.words.choose,
              options: branchOptions(city, desk),
            },
            ...both('title', f.title, desk),
            ...both('body', f.body, desk, { as: 'area' }),
            { name: 'script', label: f.script, hint: f.scriptHint, as: 'area', optional: true },
            { name: 'tags', label: f.tags, hint: f.tagsHint, optional: true, width: 'full' },
          ],
        },
      ];
    },
  },
  settings: {
    nameOf: (_, desk) => desk.words.kinds.settings,
    columns: () => [],
    groups(desk) {
      const f = desk.words.fields;
      const w = ruleWords(desk.at.language);
      return [
        {
          title: f.main,
          fields: [
            ...both('name', f.name, desk),
            { name: 'phone', label: f.centrePhone, hint: f.centrePhoneHint, width: 's' },
            {
              name: 'emergencyPhones',
              label: f.emergencyPhones,
              hint: f.emergencyPhonesHint,
              as: 'area',
              optional: true,
            },
            { name: 'jurisdiction', label: f.jurisdiction, hint: f.jurisdictionHint, width: 'm' },
            { name: 'zipcode', label: f.zipcode, optional: true, width: 's' },
            { name: 'authorMayPublish', label: f.authorMayPublish, as: 'check' },
          ],
        },
        {
          title: f.kept,
          lead: f.keptLead,
          fields: [
            ...(
              [
                'requestKeptMonths',
                'callKeptMonths',
                'draftDays',
                'checkPercent',
                'checkDays',
                'verificationHours',
                'urgentVerificationHours',
              ] as const
            ).map((name): FieldSpec => ({ name, label: f[name], width: 'xs' })),
            { name: 'quietFrom', label: f.quietFrom, hint: f.quietHint, width: 'xs' },
            { name: 'quietUntil', label: f.quietUntil, hint: f.quietHint, width: 'xs' },
          ],
        },
        {
          title: f.limits,
          fields: [
            { name: 'anonymousPerHour', label: f.anonymousPerHour, hint: f.anonymousHint, width: 's' },
            { name: 'contactPerDay', label: f.contactPerDay, hint: f.contactHint, width: 's' },
            {
              name: 'sharedAddresses',
              label: f.sharedAddresses,
              hint: f.sharedHint,
              optional: true,
              width: 'full',
            },
          ],
        },
        {
          title: f.place,
          folded: true,
          fields: [
            { name: 'centre', label: f.centre, hint: f.pointHint, width: 'm' },
            { name: 'southWest', label: f.southWest, hint: f.pointHint, width: 'm' },
            { name: 'northEast', label: f.northEast, hint: f.pointHint, width: 'm' },
          ],
        },
        ...requestClasses.map((one) => ({
          title: f.termsOf(w.classes[one]),
          fields: termFields(`${one}-`, ['accept', 'arrive', 'fix', 'answer'], desk),
        })),
      ];
    },
  },
};

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
