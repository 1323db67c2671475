import { organisationKinds, unitKinds } from '../../../../city-editing/organisations.ts';
import {
  activeColumn,
  activeField,
  both,
  choices,
  type KindSpec,
  named,
  organisationOptions,
  text,
} from './kit.tsx';

/** Enterprises, owners, services of the council. */
export const organisationSpec: KindSpec = {
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
};

/** Their units, duty desks and crews. */
export const unitSpec: KindSpec = {
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
};
