import { sql } from 'drizzle-orm';
import type { Context } from 'hono';
import { z } from 'zod';
import type { FieldFault } from '#platform/errors.ts';
import { Forbidden } from '#platform/errors.ts';
import { attempt, readForm } from '#platform/http/forms.ts';
import { page } from '#platform/http/page.tsx';
import { transliterate } from '#platform/i18n/transliterate.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import type { Work } from '#platform/work.ts';
import {
  Actions,
  Breadcrumbs,
  Button,
  ErrorSummary,
  Form,
  fieldId,
  Notice,
  PageHead,
  Select,
  TextArea,
  TextInput,
} from '#ui/index.ts';
import { createDataset } from '../../datasets.ts';
import { highValueCategories } from '../../dcat/authorities.ts';
import { Faulty } from '../../faults.ts';
import { usualLicence } from '../../licences.ts';
import { loadAtOnce } from '../../loading/at-once.ts';
import { frequencies } from '../../passport.ts';
import { isOfficer, permission } from '../../permissions.ts';
import { here } from '../kit.tsx';
import { FileField } from './file-field.tsx';
import { ObligationField, obligationChoices } from './obligation-field.tsx';
import { ownUnits } from './reads.ts';
import { type DeskText, deskText } from './text.ts';
import { uploadIn } from './uploading.ts';
import { mustBeValid } from './validity.ts';

function passport(own: DeskText) {
  const text = (most: number) => z.string().min(1, own.fill).max(most, own.tooLong);
  return z.object({
    title: text(254),
    notes: text(10_000),
    organisation: text(100),
    frequency: text(100),
    purpose: text(512),
    keywords: text(2_000),
    theme: z.string().max(100).default(''),
    hvd: z.string().max(100).default(''),
    obligation: z.string().max(100).default(''),
    maintainer: text(254),
    email: z
      .string()
      .regex(/^[^\s@]+@[^\s@]+\.[^\s@.]{2,}$/, own.wrongEmail)
      .max(254, own.tooLong),
    fileName: z.string().max(254, own.tooLong).default(''),
  });
}

/** `/open-data/desk/new`: passport and file in one step. */
export const newDataset = (platform: Platform) => (c: Context<MistoEnv>) => draw(platform, c);

export function createAnswer(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const own = deskText(at.language);
    const form = await readForm(c, passport(own));
    const upload = await uploadIn(platform, c, 'file');
    const faults = [...form.faults, ...(upload ? [] : [{ field: 'file', message: own.chooseFile }])];
    if (!form.data || !upload || faults.length > 0) return draw(platform, c, { faults, values: form.values });
    const { data } = form;
    const made = await attempt(() =>
      platform.work(c.var.visit.actor, async (work) => {
        const name = await freeName(work, data.title);
        const { id } = await createDataset(work, {
          name,
          title: data.title,
          notes: data.notes,
          owner_org: data.organisation,
          license_id: usualLicence,
          maintainer: data.maintainer,
          maintainer_email: data.email,
          language: 'ua',
          update_frequency: data.frequency,
          purpose_of_collecting_information: data.purpose,
          ...(data.hvd && isOfficer(work.actor) ? { hvd_category: data.hvd } : {}),
          ...(data.obligation ? { obligation: data.obligation } : {}),
          tag_string: data.keywords,
          groups: data.theme ? [{ name: data.theme }] : [],
          resources: [{ name: data.fileName || upload.name, upload }],
        });
        await mustBeValid(work, at.site, id, at.language);
        return name;
      }),
    ).catch((error: unknown) => {
      if (!(error instanceof Faulty)) throw error;
      return { done: false as const, faults: [{ field: fieldOf(error), message: error.message }] };
    });
    if (!made.done) return draw(platform, c, { faults: made.faults, values: form.values });
    await loadAtOnce(platform, [upload]);
    return c.redirect(
      at.href(upload.load ? `/desk/load/${upload.load}` : `/desk/dataset/${made.result}`),
      303,
    );
  };
}

/** The field of the form that a fault of the catalogue speaks of. */
function fieldOf(error: Faulty): string {
  const [field = ''] = Object.keys(error.fields);
  return (
    { tags: 'keywords', owner_org: 'organisation', maintainer_email: 'email', groups: 'theme' }[field] ??
    'title'
  );
}

/** An address from the title, with a number behind it when it is taken. */
async function freeName(work: Work, title: string): Promise<string> {
  const slug =
    transliterate(title)
      .toLowerCase()
      .replace(/['’]/g, '')
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 90)
      .replace(/-+$/, '') || 'nabir';
  const base = slug.length < 2 ? `${slug}-nabir` : slug;
  const { rows } = await work.tx.execute<{ name: string }>(
    sql`select name from od_dataset where name = ${base} or name like ${`${base}-%`}`,
  );
  const taken = new Set(rows.map((row) => row.name));
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? base : `${base}-${n}`;
    if (!taken.has(name)) return name;
  }
}

async function draw(
  platform: Platform,
  c: Context<MistoEnv>,
  given: { faults?: readonly FieldFault[]; values?: Readonly<Record<string, string>> } = {},
) {
  const at = here(c);
  const own = deskText(at.language);
  const [units, choices, themes] = await Promise.all([
    ownUnits(platform.db, c.var.visit.actor),
    obligationChoices(platform),
    platform.db.execute<{ name: string; title: string }>(
      sql`select name, title from od_group where state = 'active' order by title collate "uk-UA-x-icu"`,
    ),
  ]);
  if (units.length === 0) throw new Forbidden(permission('write'));
  const { faults = [], values = {} } = given;
  const field = (name: string) => ({ name, value: values[name] ?? '', required: true });
  return page(
    c,
    { title: own.create, shell: 'desk', faults },
    <>
      <Breadcrumbs items={[{ title: own.desk, href: at.href('/desk') }]} />
      <PageHead title={own.create} lead={own.noneWhy} />
      <ErrorSummary faults={faults} />
      {faults.some(({ field: name }) => name === 'catalogue') && (
        <div id={fieldId('catalogue')}>
          <Notice tone="danger" title={own.notValid}>
            <ul>
              {faults
                .filter(({ field: name }) => name === 'catalogue')
                .map(({ message }) => (
                  <li key={message}>{message}</li>
                ))}
            </ul>
          </Notice>
        </div>
      )}
      <Form action={at.href('/desk/new')} csrf={c.var.visit.csrfToken()} faults={faults} multipart>
        <TextInput {...field('title')} label={own.title} hint={own.titleHint} />
        <TextArea {...field('notes')} label={own.notes} hint={own.notesHint} rows={4} />
        <Select
          {...field('organisation')}
          label={own.organisation}
          options={units.map((unit) => ({ value: unit.name, label: unit.title }))}
          value={values.organisation ?? units[0]!.name}
        />
        <Select
          {...field('frequency')}
          label={own.frequency}
          options={frequencies.map((one) => ({ value: one.wire, label: one.title[at.language] }))}
          empty="—"
        />
        <TextArea {...field('purpose')} label={own.purpose} rows={2} />
        <TextInput {...field('keywords')} label={own.keywords} hint={own.keywordsHint} />
        <Select
          {...field('theme')}
          required={false}
          label={own.theme}
          options={themes.rows.map((row) => ({ value: row.name, label: row.title || row.name }))}
          empty="—"
        />
        {isOfficer(c.var.visit.actor) && (
          <Select
            {...field('hvd')}
            required={false}
            label={own.highValue}
            hint={own.highValueHint}
            options={highValueCategories.map(({ iri, label }) => ({
              value: iri.split('/').at(-1)!,
              label: label[at.language] ?? label.uk,
            }))}
            empty="—"
          />
        )}
        <ObligationField language={at.language} choices={choices} value={values.obligation} />
        <TextInput {...field('maintainer')} label={own.maintainer} autocomplete="name" />
        <TextInput {...field('email')} type="email" label={own.maintainerEmail} autocomplete="email" />
        <FileField at={at} name="file" label={own.file} hint={own.fileHint} />
        <TextInput {...field('fileName')} required={false} label={own.fileName} />
        <Actions>
          <Button type="submit">{own.publish}</Button>
        </Actions>
      </Form>
    </>,
  );
}
