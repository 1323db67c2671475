import { sql } from 'drizzle-orm';
import type { Context } from 'hono';
import { z } from 'zod';
import type { FieldFault } from '#platform/errors.ts';
import { readForm } from '#platform/http/forms.ts';
import { page } from '#platform/http/page.tsx';
import { type Language, messages } from '#platform/i18n/index.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import {
  Actions,
  Breadcrumbs,
  Button,
  Details,
  ErrorSummary,
  Form,
  LinkButton,
  PageHead,
  Radios,
  Section,
  Select,
  SummaryList,
  TextArea,
} from '#ui/index.ts';
import { type ChosenSchema, schemaOf } from '../../checks/chosen-schema.ts';
import { likelyTables, officialTable, officialTables } from '../../checks/official-tables.ts';
import { readTableSchema, SchemaFault } from '../../checks/table-schema-input.ts';
import { chooseTable, type TableChoice } from '../../chosen-table.ts';
import { loadAtOnce } from '../../loading/at-once.ts';
import { findLoad } from '../../loading/loads.ts';
import { here } from '../kit.tsx';
import { tableTitle, templateHref } from '../official-tables.tsx';
import { again, crumbs } from './fixing.tsx';
import { type OwnResource, ownResource } from './own.ts';
import { deskText } from './text.ts';

const text = messages(
  {
    title: 'З чим звіряти файл',
    lead: 'Кожен файл звірятиметься з обраною таблицею: які стовпці обовʼязкові, що в них може стояти. Перевірка почнеться одразу, попередня версія лишається до її кінця.',
    now: 'Зараз',
    none: 'ні з чим: стовпці такі, як у файлі',
    own: (columns: string) => `власна таблиця, стовпців: ${columns}`,
    official: 'Таблиця за постановою № 835',
    likely: (table: string) => `Схоже на: ${table}`,
    noTable: 'Не звіряти',
    template: 'Порожній зразок',
    strictness: 'Якщо щось не так',
    tolerant: 'Оприлюднити решту',
    tolerantHint: 'Рядки з помилками лишаться у звіті «Відхилені рядки».',
    strict: 'Нічого не оприлюднювати',
    strictHint: 'Попередня версія лишиться, поки файл не буде без помилок.',
    save: 'Звірити',
    ownTitle: 'Власна таблиця',
    ownLead:
      'Опишіть стовпці в Table Schema (JSON): назви, типи, обовʼязковість, перелік, межі, ключ. Такий опис віддає сторінка кожного ресурсу.',
    schema: 'Table Schema',
    faults: {
      json: () => 'Це не JSON. Перевірте дужки, коми й лапки.',
      fields: () => 'Має бути «fields»: від 1 до 1500 стовпців.',
      name: (n: string) => `Стовпець ${n}: назва порожня, задовга або вже є.`,
      type: (n: string) =>
        `Стовпець ${n}: такого типу немає. Можна: string, integer, number, boolean, date, datetime, time, array, object.`,
      constraint: (n: string) => `Стовпець ${n}: обмеження записано не так.`,
      key: () => '«primaryKey» називає стовпець, якого немає.',
    } as Record<SchemaFault['what'], (n: string) => string>,
    wrong: 'Оберіть таблицю з переліку',
    all: 'Усі таблиці та їхні зразки',
  },
  {
    en: {
      title: 'What the file is checked against',
      lead: 'Each file is checked against the chosen table: which columns are required, what may stand in them. The check begins at once; the version before stays until it ends.',
      now: 'Now',
      none: 'nothing: the columns are as in the file',
      own: (columns) => `an own table, columns: ${columns}`,
      official: 'Table of Resolution 835',
      likely: (table) => `Looks like: ${table}`,
      noTable: 'Do not check',
      template: 'Empty template',
      strictness: 'If something is wrong',
      tolerant: 'Publish the rest',
      tolerantHint: 'Rows with errors stay in the report “Refused rows”.',
      strict: 'Publish nothing',
      strictHint: 'The version before stays until a file has no errors.',
      save: 'Check',
      ownTitle: 'An own table',
      ownLead:
        'Describe the columns in Table Schema (JSON): names, types, which are required, lists, limits, the key. The page of each resource gives such a description.',
      schema: 'Table Schema',
      faults: {
        json: () => 'This is no JSON. Check brackets, commas and quotes.',
        fields: () => 'There must be “fields”: 1 to 1500 columns.',
        name: (n) => `Column ${n}: its name is empty, too long or there already.`,
        type: (n) =>
          `Column ${n}: there is no such type. Possible: string, integer, number, boolean, date, datetime, time, array, object.`,
        constraint: (n) => `Column ${n}: its constraint is not written like this.`,
        key: () => '“primaryKey” names a column that is not there.',
      },
      wrong: 'Choose a table of the list',
      all: 'All tables and their templates',
    },
  },
);

/** What the way to this page is called. */
export const checkTableTitle = (language: Language): string => text(language).title;

/** `/open-data/desk/resource/{id}/table`: the table of Resolution 835, or an own one, that the files are checked against. */
export const checkTable = (platform: Platform) => (c: Context<MistoEnv>) => draw(platform, c);

export function checkTableAnswer(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const resource = await ownResource(platform, c, c.req.param('resource')!);
    const { faults, values } = await readForm(c, z.object({}));
    const choice = faults.length > 0 ? { faults } : choiceOf(values, at.language);
    if (choice && 'faults' in choice) return draw(platform, c, { faults: choice.faults, values });
    const load = await platform.work(c.var.visit.actor, async (work) => {
      await chooseTable(work, resource.id, choice);
      return again(work, resource, { confirmed: resource.isPublished });
    });
    await loadAtOnce(platform, [{ load, content: { bytes: resource.bytes } }]);
    return c.redirect(at.href(load ? `/desk/load/${load}` : `/desk/resource/${resource.id}/table`), 303);
  };
}

/** What a form means; null: nothing is to be checked. */
function choiceOf(
  values: Readonly<Record<string, string>>,
  language: Language,
): TableChoice | null | { readonly faults: readonly FieldFault[] } {
  const words = text(language);
  const strictness = values.strictness === 'strict' ? 'strict' : 'tolerant';
  if (values.schema !== undefined)
    try {
      return { schema: readTableSchema(values.schema), strictness };
    } catch (error) {
      if (!(error instanceof SchemaFault)) throw error;
      return { faults: [{ field: 'schema', message: words.faults[error.what](String(error.column)) }] };
    }
  if (!values.table) return null;
  return officialTable(values.table)
    ? { table: values.table, strictness }
    : { faults: [{ field: 'table', message: words.wrong }] };
}

async function draw(
  platform: Platform,
  c: Context<MistoEnv>,
  given: { readonly faults?: readonly FieldFault[]; readonly values?: Readonly<Record<string, string>> } = {},
) {
  const at = here(c);
  const words = text(at.language);
  const { faults = [], values = {} } = given;
  const resource = await ownResource(platform, c, c.req.param('resource')!);
  const chosen = await chosenFor(platform, resource);
  const official = chosen ? officialTable(chosen.origin) : undefined;
  const likely = await likelyFor(platform, resource);
  const action = at.href(`/desk/resource/${resource.id}/table`);
  const csrf = c.var.visit.csrfToken();
  const strictness = (id: string) => (
    <Radios
      name="strictness"
      id={id}
      label={words.strictness}
      value={values.strictness ?? chosen?.strictness ?? 'tolerant'}
      options={[
        { value: 'tolerant', label: words.tolerant, hint: words.tolerantHint },
        { value: 'strict', label: words.strict, hint: words.strictHint },
      ]}
    />
  );
  const label = (id: string) => tableTitle(at.language, officialTable(id)!);
  return page(
    c,
    { title: words.title, shell: 'desk', faults },
    <>
      <Breadcrumbs items={crumbs(at.href, deskText(at.language).desk, resource)} />
      <PageHead title={words.title} kicker={resource.name} lead={words.lead} />
      <ErrorSummary faults={faults} />
      <SummaryList
        rows={[
          {
            name: words.now,
            value: official
              ? tableTitle(at.language, official)
              : chosen
                ? words.own(at.number(schemaOf(chosen)?.columns.length ?? 0))
                : words.none,
          },
        ]}
      />
      <Section title={words.official}>
        <Form action={action} csrf={csrf} faults={faults} label={words.official}>
          <Select
            name="table"
            label={words.official}
            required={false}
            empty={words.noTable}
            value={values.table ?? official?.id ?? likely[0] ?? ''}
            {...(likely[0] && { hint: words.likely(label(likely[0])) })}
            options={[
              ...likely.map((id) => ({ value: id, label: label(id) })),
              ...officialTables
                .filter(({ id }) => !likely.includes(id))
                .map((table) => ({ value: table.id, label: tableTitle(at.language, table) })),
            ]}
          />
          {strictness('field-strictness')}
          <Actions>
            <Button>{words.save}</Button>
            {official &&
              (['xlsx', 'csv'] as const).map((format) => (
                <LinkButton key={format} look="secondary" href={templateHref(at, official, format)}>
                  {words.template}: {format.toUpperCase()}
                </LinkButton>
              ))}
          </Actions>
        </Form>
        <p>
          <a href={at.href('/tables')}>{words.all}</a>
        </p>
      </Section>
      <Details summary={words.ownTitle} open={values.schema !== undefined}>
        <p>{words.ownLead}</p>
        <Form action={action} csrf={csrf} faults={faults} label={words.ownTitle}>
          <TextArea name="schema" label={words.schema} value={values.schema ?? ''} rows={10} required />
          {strictness('field-own-strictness')}
          <Actions>
            <Button look="secondary">{words.save}</Button>
          </Actions>
        </Form>
      </Details>
    </>,
  );
}

async function chosenFor(platform: Platform, { id }: OwnResource): Promise<ChosenSchema | null> {
  const { rows } = await platform.db.execute<{ schema: ChosenSchema | null }>(
    sql`select table_schema as schema from od_resource where id = ${id}`,
  );
  return rows[0]?.schema ?? null;
}

/** Ids of the official tables that the newest file looks like. */
async function likelyFor(platform: Platform, { load }: OwnResource): Promise<string[]> {
  const report = load ? (await findLoad(platform.db, load)).report : null;
  return likelyTables((report?.columns ?? []).map(({ header }) => header)).map(({ table }) => table.id);
}
