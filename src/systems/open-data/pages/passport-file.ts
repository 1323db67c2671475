import type { Context } from 'hono';
import { csvRow } from '#platform/csv.ts';
import { NotFound } from '#platform/errors.ts';
import { messages } from '#platform/i18n/index.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { packWorkbook } from '../checks/workbook-writer.ts';
import { exportTypes } from '../columnar/export.ts';
import { tablesNamed } from '../datastore/tables.ts';
import { type Here, here } from './kit.tsx';
import { passportRows } from './passport-rows.ts';
import { datasetFor } from './reads.ts';

const words = messages(
  {
    passport: 'Паспорт',
    structure: 'Структура',
    field: 'Поле',
    value: 'Значення',
    column: 'Стовпець',
    title: 'Назва',
    type: 'Тип',
    meaning: 'Пояснення',
  },
  {
    en: {
      passport: 'Passport',
      structure: 'Structure',
      field: 'Field',
      value: 'Value',
      column: 'Column',
      title: 'Title',
      type: 'Type',
      meaning: 'Meaning',
    },
  },
);

/** Forms of the passport and the structure, by the end of their address. */
export const tellForms = ['csv', 'xlsx', 'json'] as const;
export type TellForm = (typeof tellForms)[number];

/** Addresses of «Паспорт» or «Структура» in each form. @param address without its ending */
export const tellHrefs = (address: string): (readonly [title: string, href: string])[] =>
  tellForms.map((form) => [form.toUpperCase(), `${address}.${form}`]);

/** `/open-data/dataset/{name}/passport.{csv,xlsx,json}`: «Паспорт набору» as a file. */
export function passportFile(platform: Platform, form: TellForm) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const own = words(at.language);
    const { row, dataset } = await datasetFor(platform, c, at, c.req.param('dataset')!);
    const rows = passportRows(at, dataset, row.due_at);
    return answer(c, at, `${dataset.name}-passport`, form, {
      sheet: own.passport,
      rows: [[own.field, own.value], ...rows.map(({ label, value }) => [label, value])],
      json: Object.fromEntries(rows.map(({ key, value }) => [key, value])),
    });
  };
}

/** `/open-data/dataset/{name}/resource/{id}/structure.{csv,xlsx,json}`: «Структура» of a table as a file. */
export function structureFile(platform: Platform, form: TellForm) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const own = words(at.language);
    const { dataset } = await datasetFor(platform, c, at, c.req.param('dataset')!);
    const resource = dataset.resources.find((one) => one.id === c.req.param('resource'));
    const table = resource && (await tablesNamed(platform.db, [resource.id])).get(resource.id);
    if (!table) throw new NotFound('table');
    const columns = table.fields.map(({ id, type, info }) => ({
      id,
      title: String(info?.title ?? info?.label ?? ''),
      type: at.text.types[type] ?? type,
      notes: String(info?.notes ?? ''),
    }));
    return answer(c, at, `${dataset.name}-${resource.id}-structure`, form, {
      sheet: own.structure,
      rows: [
        [own.column, own.title, own.type, own.meaning],
        ...columns.map(({ id, title, type, notes }) => [id, title, type, notes]),
      ],
      json: columns,
    });
  };
}

function answer(
  c: Context<MistoEnv>,
  at: Here,
  name: string,
  form: TellForm,
  told: { readonly sheet: string; readonly rows: readonly (readonly string[])[]; readonly json: unknown },
): Response {
  const body = {
    csv: () => `\uFEFF${told.rows.map(csvRow).join('')}`,
    xlsx: () => new Uint8Array(packWorkbook([{ name: told.sheet, rows: told.rows }])),
    json: () => `${JSON.stringify(told.json, null, 2)}\n`,
  }[form]();
  return c.body(body, 200, {
    'content-disposition': `attachment; filename="${name}.${form}"`,
    'content-language': at.language,
    'content-type': exportTypes[form],
    'x-content-type-options': 'nosniff',
  });
}
