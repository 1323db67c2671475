import { describeTerm } from '#platform/calendar/index.ts';
import { Badge } from '#ui/index.ts';
import { dayKinds } from '../../../../city-editing/days.ts';
import { termUnits } from '../../../../city-editing/terms.ts';
import { toTerm } from '../../../../clocks.ts';
import type { LawTermData } from '../../../../law-terms.ts';
import { ruleWords } from '../../../../rule-words.ts';
import { activeColumn, activeField, both, choices, type KindSpec, named, text } from './kit.tsx';

/** Which days are worked. */
export const daySpec: KindSpec = {
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
};

/** Terms of law. */
export const lawSpec: KindSpec = {
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
};
