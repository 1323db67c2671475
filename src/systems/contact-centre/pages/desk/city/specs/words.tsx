import { wordedMoves } from '../../../../city-editing/words.ts';
import type { HistoryMove } from '../../../../states.ts';
import { textOf } from '../../../text.ts';
import { both, branchOptions, choices, type KindSpec, named, text } from './kit.tsx';

/** Ready words of staff. */
export const templateSpec: KindSpec = {
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
};

/** Answers to what people ask. */
export const articleSpec: KindSpec = {
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
};
