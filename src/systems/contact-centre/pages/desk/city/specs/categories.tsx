import { Badge } from '#ui/index.ts';
import type { LeafData } from '../../../../city-data.ts';
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
} from '../../../../city-editing/categories.ts';
import type { Flat } from '../../../../city-editing/kind.ts';
import { ruleWords } from '../../../../rule-words.ts';
import type { CityDesk } from '../kit.tsx';
import {
  both,
  branchOptions,
  choices,
  type GroupSpec,
  type KindSpec,
  named,
  termFields,
  text,
} from './kit.tsx';

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

/** The tree of what can be reported. */
export const categorySpec: KindSpec = {
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
};
