import type { Context } from 'hono';
import { z } from 'zod';
import { type FieldFault, NotFound } from '#platform/errors.ts';
import { attempt, readForm } from '#platform/http/forms.ts';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { Actions, Breadcrumbs, Button, ErrorSummary, Form, PageHead, TextInput } from '#ui/index.ts';
import { patchDataset } from '../../datasets.ts';
import { Faulty } from '../../faults.ts';
import { may } from '../../rights.ts';
import { extraOf, type Here, here, type ServedDataset } from '../kit.tsx';
import { datasetFor } from '../reads.ts';
import { PassportFields, passportInput, passportShape } from './passport-fields.tsx';
import { deskText } from './text.ts';
import { mustBeValid } from './validity.ts';

async function own(platform: Platform, c: Context<MistoEnv>, at: Here): Promise<ServedDataset> {
  const { row, dataset } = await datasetFor(platform, c, at, c.req.param('dataset')!);
  if (!(await may(platform.db, c.var.visit.actor, 'write', row))) throw new NotFound('dataset');
  return dataset;
}

const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) &&
  !Number.isNaN(Date.parse(text)) &&
  new Date(text).toISOString().startsWith(text);

/** `/open-data/desk/dataset/{name}/passport`: the words about a dataset, to be corrected. */
export const passport = (platform: Platform) => async (c: Context<MistoEnv>) => {
  const at = here(c);
  const found = await own(platform, c, at);
  return draw(c, at, found, { values: valuesOf(found) });
};

function valuesOf(found: ServedDataset): Record<string, string> {
  return {
    title: found.title,
    notes: found.notes ?? '',
    frequency: extraOf(found, 'update_frequency') ?? '',
    purpose: extraOf(found, 'purpose_of_collecting_information') ?? '',
    keywords: found.tags
      .filter((tag) => tag.vocabulary_id === null)
      .map((tag) => tag.name)
      .join(', '),
    maintainer: found.maintainer ?? '',
    email: found.maintainer_email ?? '',
    from: extraOf(found, 'temporal_start') ?? '',
    to: extraOf(found, 'temporal_end') ?? '',
  };
}

/** Puts the corrected words in place; the rest of the dataset stays as it is. */
export function passportAnswer(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const words = deskText(at.language);
    const found = await own(platform, c, at);
    const day = z
      .string()
      .refine((text) => text === '' || isDay(text), words.wrongDay)
      .default('');
    const form = await readForm(c, z.object({ ...passportShape(words), from: day, to: day }));
    if (!form.data) return draw(c, at, found, form);
    const { data } = form;
    const kept = found.tags.filter((tag) => tag.vocabulary_id !== null);
    const names = data.keywords
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean);
    const { update_frequency, purpose_of_collecting_information, ...plain } = passportInput(data);
    const changed: Record<string, string> = {
      update_frequency,
      purpose_of_collecting_information,
      language: extraOf(found, 'language') ?? 'ua',
      temporal_start: data.from,
      temporal_end: data.to,
    };
    const extras = [
      ...found.extras.filter(({ key }) => !(key in changed)),
      ...Object.entries(changed).map(([key, value]) => ({ key, value })),
    ];
    const made = await attempt(() =>
      platform.work(c.var.visit.actor, async (work) => {
        await patchDataset(work, found.id, {
          ...plain,
          extras: extras.filter(({ value }) => value !== ''),
          tags: [
            ...kept.map(({ name, vocabulary_id }) => ({ name, vocabulary_id })),
            ...names.map((name) => ({ name })),
          ],
        });
        await mustBeValid(work, at.site, found.id, at.language);
      }),
    ).catch((error: unknown) => {
      if (!(error instanceof Faulty)) throw error;
      const field = 'tags' in error.fields ? 'keywords' : 'title';
      return { done: false as const, faults: [{ field, message: error.message }] };
    });
    if (!made.done) return draw(c, at, found, { faults: made.faults, values: form.values });
    return c.redirect(at.href(`/desk/dataset/${found.name}`), 303);
  };
}

function draw(
  c: Context<MistoEnv>,
  at: Here,
  found: ServedDataset,
  given: { readonly faults?: readonly FieldFault[]; readonly values: Readonly<Record<string, string>> },
) {
  const words = deskText(at.language);
  const { faults = [], values } = given;
  return page(
    c,
    { title: `${at.text.passport}: ${found.title}`, shell: 'desk', faults },
    <>
      <Breadcrumbs
        items={[
          { title: words.desk, href: at.href('/desk') },
          { title: found.title, href: at.href(`/desk/dataset/${found.name}`) },
        ]}
      />
      <PageHead title={at.text.passport} />
      <ErrorSummary faults={faults} />
      <Form
        action={at.href(`/desk/dataset/${found.name}/passport`)}
        csrf={c.var.visit.csrfToken()}
        faults={faults}
      >
        <PassportFields at={at} values={values} />
        <div class="field-row">
          <TextInput name="from" label={words.periodFrom} hint={words.dayHint} value={values.from ?? ''} />
          <TextInput name="to" label={words.periodTo} hint={words.dayHint} value={values.to ?? ''} />
        </div>
        <Actions>
          <Button type="submit">{words.save}</Button>
        </Actions>
      </Form>
    </>,
  );
}
