import { sql } from 'drizzle-orm';
import type { Context } from 'hono';
import { z } from 'zod';
import { localDate } from '#platform/calendar/index.ts';
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
  TextInput,
} from '#ui/index.ts';
import { createDataset } from '../../datasets.ts';
import { highValueCategories } from '../../dcat/authorities.ts';
import { Faulty } from '../../faults.ts';
import { usualLicence } from '../../licences.ts';
import { loadAtOnce } from '../../loading/at-once.ts';
import { fieldOf, obligationsOn } from '../../obligations/obligations.ts';
import { isOfficer, permission } from '../../permissions.ts';
import { keywordsOf } from '../../quality/fixes.ts';
import { here } from '../kit.tsx';
import { FileField } from './file-field.tsx';
import { ObligationField, obligationChoices } from './obligation-field.tsx';
import { PassportFields, passportInput, passportShape } from './passport-fields.tsx';
import { ownUnits } from './reads.ts';
import { type DeskText, deskText } from './text.ts';
import { uploadIn } from './uploading.ts';
import { mustBeValid } from './validity.ts';

const passport = (own: DeskText) =>
  z.object({
    ...passportShape(own),
    organisation: z.string().min(1, own.fill).max(100, own.tooLong),
    theme: z.string().max(100).default(''),
    hvd: z.string().max(100).default(''),
    obligation: z.string().max(100).default(''),
    fileName: z.string().max(254, own.tooLong).default(''),
  });

/** `/open-data/desk/new`: passport and file in one step; `?obligation=835/33` fills the passport in by the appendix. */
export const newDataset = (platform: Platform) => async (c: Context<MistoEnv>) =>
  draw(platform, c, { values: await prefilled(platform, c) });

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
          ...passportInput(data),
          owner_org: data.organisation,
          license_id: usualLicence,
          language: 'ua',
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
      return { done: false as const, faults: [{ field: faultyField(error), message: error.message }] };
    });
    if (!made.done) return draw(platform, c, { faults: made.faults, values: form.values });
    await loadAtOnce(platform, [upload]);
    return c.redirect(
      at.href(upload.load ? `/desk/load/${upload.load}` : `/desk/dataset/${made.result}`),
      303,
    );
  };
}

/** What is known already: of the obligation what the resolution says, of the unit who answered for its last dataset. */
async function prefilled(platform: Platform, c: Context<MistoEnv>): Promise<Record<string, string>> {
  const own = deskText(here(c).language);
  const units = await ownUnits(platform.db, c.var.visit.actor);
  const unit = units.find(({ name }) => name === c.req.query('organisation')) ?? units[0];
  if (!unit) return {};
  const asked = c.req.query('obligation');
  const obligation = (await obligationsOn(platform.db, localDate(platform.clock.now()))).find(
    (one) => fieldOf(one) === asked,
  );
  const { rows } = await platform.db.execute<{ maintainer: string; email: string }>(sql`
    select d.maintainer, coalesce(d.maintainer_email, '') as email from od_dataset d join od_organisation o on o.id = d.organisation
    where o.name = ${unit.name} and d.maintainer <> '' and d.state <> 'withdrawn' order by d.modified_at desc, d.id limit 1`);
  return {
    organisation: unit.name,
    ...rows[0],
    ...(obligation && {
      obligation: fieldOf(obligation),
      title: obligation.title.slice(0, 254),
      purpose: own.purposeOf(obligation.appendix),
      keywords: keywordsOf(obligation.title).join(', '),
    }),
  };
}

/** The field of the form that a fault of the catalogue speaks of. */
function faultyField(error: Faulty): string {
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
        <Select
          {...field('organisation')}
          label={own.organisation}
          options={units.map((unit) => ({ value: unit.name, label: unit.title }))}
          value={values.organisation ?? units[0]!.name}
        />
        <PassportFields at={at} values={values} />
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
        <FileField at={at} name="file" label={own.file} hint={own.fileHint} />
        <TextInput {...field('fileName')} required={false} label={own.fileName} />
        <Actions>
          <Button type="submit">{own.publish}</Button>
        </Actions>
      </Form>
    </>,
  );
}
