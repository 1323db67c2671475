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
  Card,
  Empty,
  ErrorSummary,
  Form,
  fieldId,
  LinkButton,
  Notice,
  PageHead,
  Pagination,
  TextArea,
  TextInput,
} from '#ui/index.ts';
import { type ColumnText, describeColumns, textOfColumn } from '../../column-texts.ts';
import { tablesNamed } from '../../datastore/tables.ts';
import { Faulty } from '../../faults.ts';
import { here, pageOf } from '../kit.tsx';
import { fixText } from './fix-text.ts';
import { crumbs } from './fixing.tsx';
import { ownResource } from './own.ts';
import { deskText } from './text.ts';

const text = messages(
  {
    title: 'Опис стовпців',
    lead: 'Скажіть словами, що в кожному стовпці: це побачать люди на сторінці даних і програми в описі таблиці. Наступні файли опис не змінять.',
    label: (column: string) => `«${column}»: назва словами`,
    notes: (column: string) => `«${column}»: що означають значення`,
    save: 'Зберегти опис',
    saved: 'Опис збережено',
    none: 'Стовпців ще немає',
    noneWhy: 'Вони зʼявляться, коли перший файл буде оприлюднено.',
    toDataset: 'До набору',
  },
  {
    en: {
      title: 'Description of columns',
      lead: 'Say in words what is in each column: people see it on the page of the data, programs in the description of the table. Next files leave it as it is.',
      label: (column) => `“${column}”: its name in words`,
      notes: (column) => `“${column}”: what the values mean`,
      save: 'Save the description',
      saved: 'The description is saved',
      none: 'There are no columns yet',
      noneWhy: 'They come when the first file is published.',
      toDataset: 'To the dataset',
    },
  },
);

const perPage = 50;

/** `/open-data/desk/resource/{id}/columns`: what the columns mean, in words, and the way to a fix of each. */
export const columnTexts = (platform: Platform) => (c: Context<MistoEnv>) => draw(platform, c);

export function columnTextsAnswer(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const resource = await ownResource(platform, c, c.req.param('resource')!);
    const form = await readForm(c, z.object({}));
    const { values } = form;
    if (!form.data) return draw(platform, c, { faults: form.faults, values });
    const texts = new Map<string, ColumnText>();
    for (const [name, label] of Object.entries(values)) {
      const id = /^label:(.*)$/s.exec(name)?.[1];
      if (id !== undefined) texts.set(id, { label, notes: values[`notes:${id}`] ?? '' });
    }
    try {
      await platform.work(c.var.visit.actor, (work) => describeColumns(work, resource.id, texts));
    } catch (error) {
      if (!(error instanceof Faulty)) throw error;
      const { tooLong } = deskText(here(c).language);
      const faults = Object.keys(error.fields).map((field) => ({ field, message: tooLong }));
      return draw(platform, c, { faults, values });
    }
    const number = pageOf(c);
    const query = { saved: '1', ...(number > 1 && { page: number }) };
    return c.redirect(here(c).href(`/desk/resource/${resource.id}/columns`, query), 303);
  };
}

async function draw(
  platform: Platform,
  c: Context<MistoEnv>,
  given: { readonly faults?: readonly FieldFault[]; readonly values?: Readonly<Record<string, string>> } = {},
) {
  const at = here(c);
  const own = text(at.language);
  const words = fixText(at.language);
  const { faults = [], values = {} } = given;
  const resource = await ownResource(platform, c, c.req.param('resource')!);
  const fields = (await tablesNamed(platform.db, [resource.id])).get(resource.id)?.fields ?? [];
  const number = pageOf(c);
  const place = `/desk/resource/${resource.id}`;
  // Ids have Latin letters only, columns have any.
  const idOf = (name: string) =>
    fieldId(`${name.slice(0, 5)}-${fields.findIndex(({ id }) => id === name.slice('label:'.length))}`);
  const action = at.href(`${place}/columns`, number > 1 ? { page: number } : {});
  return page(
    c,
    { title: own.title, shell: 'desk', width: 'wide', faults },
    <>
      <Breadcrumbs items={crumbs(at.href, deskText(at.language).desk, resource)} />
      <PageHead title={own.title} kicker={resource.name} lead={own.lead} />
      {c.req.query('saved') !== undefined && faults.length === 0 && (
        <Notice tone="good" title={own.saved} live />
      )}
      <ErrorSummary faults={faults} target={({ field }) => idOf(field)} />
      {fields.length === 0 && (
        <Empty title={own.none} icon="data">
          <p>{own.noneWhy}</p>
        </Empty>
      )}
      {fields.length > 0 && (
        <Form action={action} csrf={c.var.visit.csrfToken()} faults={faults} label={own.title}>
          {fields.slice((number - 1) * perPage, number * perPage).map((field) => {
            const { label, notes } = textOfColumn(field);
            return (
              <Card
                key={field.id}
                level={2}
                title={field.id}
                aside={
                  <a
                    href={at.href(`${place}/fix`, { column: field.id })}
                    aria-label={words.changeColumn(field.id)}
                  >
                    {words.change}
                  </a>
                }
              >
                <div class="field-row">
                  <TextInput
                    name={`label:${field.id}`}
                    id={idOf(`label:${field.id}`)}
                    label={own.label(field.id)}
                    value={values[`label:${field.id}`] ?? label}
                    required={false}
                  />
                  <TextArea
                    name={`notes:${field.id}`}
                    id={idOf(`notes:${field.id}`)}
                    label={own.notes(field.id)}
                    value={values[`notes:${field.id}`] ?? notes}
                    rows={2}
                    required={false}
                  />
                </div>
              </Card>
            );
          })}
          <Actions>
            <Button type="submit">{own.save}</Button>
            <LinkButton look="quiet" href={at.href(`/desk/dataset/${resource.dataset.name}`)}>
              {own.toDataset}
            </LinkButton>
          </Actions>
        </Form>
      )}
      <Pagination
        page={number}
        pages={Math.ceil(fields.length / perPage)}
        href={(target) => at.href(`${place}/columns`, { page: target })}
        summary=""
      />
    </>,
  );
}

/** What the way to this page is called. */
export const columnTextsTitle = (language: Language): string => text(language).title;
