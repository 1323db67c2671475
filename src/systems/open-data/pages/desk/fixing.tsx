import { sql } from 'drizzle-orm';
import type { Context } from 'hono';
import type { ComponentChildren } from 'preact';
import type { FieldFault } from '#platform/errors.ts';
import { NotFound } from '#platform/errors.ts';
import { filesOf } from '#platform/files/index.ts';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import type { Work } from '#platform/work.ts';
import {
  Actions,
  Breadcrumbs,
  Button,
  Card,
  ErrorSummary,
  Form,
  fieldId,
  Grid,
  PageHead,
  Select,
  TextArea,
  TextInput,
} from '#ui/index.ts';
import { loadAtOnce } from '../../loading/at-once.ts';
import type { LoadReport } from '../../loading/load-run.ts';
import { askForLoad, type LoadOptions } from '../../loading/loads.ts';
import { isAsking, rememberFix, rememberFixes } from '../../loading/remember.ts';
import type { Fix } from '../../loading/rules.ts';
import { Upload } from '../../resource-input.ts';
import { createResource } from '../../resources.ts';
import { here } from '../kit.tsx';
import { columnTypes, fixOf } from './fix-input.ts';
import { type FixText, fixText } from './fix-text.ts';
import { type OwnResource, ownLoad, ownResource } from './own.ts';
import { deskText } from './text.ts';

/** `/open-data/desk/resource/{id}/fix?column=…&value=…`: every fix that a column can be given. */
export const fixColumn = (platform: Platform) => async (c: Context<MistoEnv>) =>
  draw(c, await ownResource(platform, c, c.req.param('resource')!), {
    column: (c.req.query('column') ?? '').slice(0, 2_000),
    value: (c.req.query('value') ?? '').slice(0, 500),
  });

/** Remembers a fix; the file is loaded again with it, unless the officer is asked first. */
export function fixAnswer(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const words = fixText(at.language);
    const resource = await ownResource(platform, c, c.req.param('resource')!);
    const form = await c.req.formData();
    const said = fixOf(form, words);
    if ('faults' in said)
      return draw(c, resource, {
        column: String(form.get('column') ?? ''),
        value: String(form.get('from') ?? form.get('word') ?? form.get('because') ?? ''),
        failed: { fix: String(form.get('do')), faults: said.faults },
      });
    const load = await platform.work(c.var.visit.actor, async (work) => {
      await rememberFix(work, resource.id, said.fix);
      // What a fix changes in what is published already is meant; what a new file changes is still asked about.
      return isAsking(said.fix) ? null : again(work, resource, { confirmed: resource.isPublished });
    });
    return goOn(platform, c, resource, load);
  };
}

/** What the publisher says about a load: `act` is `accept`, `confirm` or `sheet`. */
export function loadAnswer(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const { load, resource } = await ownLoad(platform, c);
    const form = await c.req.formData();
    const { actor } = c.var.visit;
    switch (form.get('act')) {
      case 'accept':
        await platform.work(actor, (work) =>
          rememberFixes(work, resource.id, load.report ? repairsOf(load.report) : []),
        );
        return c.redirect(here(c).href(`/desk/resource/${resource.id}/rules`), 303);
      case 'confirm': {
        const next = await platform.work(actor, (work) => again(work, resource, { confirmed: true }));
        return goOn(platform, c, resource, next);
      }
      case 'sheet': {
        const sheet = String(form.get('sheet') ?? '');
        const names = load.report?.notices.find(({ code }) => code === 'other-sheets')?.names ?? [];
        if (!names.includes(sheet)) throw new NotFound('sheet');
        const upload = await uploadAgain(platform, resource);
        const made = await platform.work(actor, async (work) => {
          const { resource: id } = await createResource(work, {
            package_id: resource.dataset.id,
            name: sheet,
            upload,
          });
          await rememberFix(work, id, { do: 'sheet', name: sheet });
          return id;
        });
        await loadAtOnce(platform, [upload]);
        return goOn(platform, c, await ownResource(platform, c, made), upload.load, true);
      }
      default:
        throw new NotFound('act');
    }
  };
}

/** The file of a resource once more, for another one. */
async function uploadAgain(platform: Platform, resource: OwnResource): Promise<Upload> {
  const { rows } = await platform.db.execute<{ sha256: string; bytes: string; name: string }>(
    sql`select f.sha256, f.bytes, r.file_name as name from od_resource r join file f on f.id = r.file where r.id = ${resource.id}`,
  );
  if (!rows[0]) throw new NotFound('file');
  const { sha256, bytes, name } = rows[0];
  return new Upload({ sha256, bytes: Number(bytes) }, name, filesOf(platform.config), 'form');
}

/** Asks for the file of the resource to be loaded once more. @returns the load; null where rows come by programs. */
export async function again(
  work: Work,
  { id, kind }: OwnResource,
  options: LoadOptions = {},
): Promise<string | null> {
  if (kind !== 'upload' && kind !== 'link') return null;
  return askForLoad(work, { resource: id, source: kind === 'link' ? 'link' : 'form', ...options });
}

async function goOn(
  platform: Platform,
  c: Context<MistoEnv>,
  resource: OwnResource,
  load: string | null,
  done = false,
): Promise<Response> {
  const at = here(c);
  if (!load) return c.redirect(at.href(`/desk/resource/${resource.id}/rules`), 303);
  if (!done) await loadAtOnce(platform, [{ load, content: { bytes: resource.bytes } }]);
  return c.redirect(at.href(`/desk/load/${load}`), 303);
}

/** Repairs of a load as fixes: next time the columns are read the same way, whatever else stands in them. */
function repairsOf(report: LoadReport): Fix[] {
  const repaired = new Set(
    report.repairs.filter(({ rule }) => rule !== 'hidden').map(({ column }) => column),
  );
  return report.columns
    .filter(({ id }) => repaired.has(id))
    .flatMap(({ header: column, plan: { type, mark, order, nulls } }): Fix[] => [
      ...(type === 'text' ? [] : [{ do: 'type', column, type } as const]),
      ...((type === 'numeric' || type === 'integer') && mark !== 'both'
        ? [{ do: 'decimal-mark', column, mark } as const]
        : []),
      ...(type === 'date' || type === 'timestamp' ? [{ do: 'date-pattern', column, order } as const] : []),
      ...(nulls.length > 0 ? [{ do: 'nulls', column, words: nulls } as const] : []),
    ]);
}

/** A fix that was sent, and what is wrong with it. */
interface Failed {
  readonly fix: string;
  readonly faults: readonly FieldFault[];
}

/** One fix with what it needs to know, a form of its own. */
function One(props: {
  words: FixText;
  action: string;
  csrf: string;
  fix: Fix['do'];
  column?: string;
  title: string;
  why?: string;
  failed: Failed | undefined;
  children?: ComponentChildren;
}) {
  const { failed } = props;
  return (
    <Card title={props.title}>
      {props.why && <p>{props.why}</p>}
      <Form
        action={props.action}
        csrf={props.csrf}
        hidden={{ do: props.fix, column: props.column }}
        label={props.title}
        faults={failed?.fix === props.fix ? failed.faults : []}
      >
        {props.children}
        <Button look="secondary">{props.words.apply}</Button>
      </Form>
    </Card>
  );
}

async function draw(
  c: Context<MistoEnv>,
  resource: OwnResource,
  asked: { column: string; value: string; failed?: Failed },
) {
  const at = here(c);
  const words = fixText(at.language);
  const { column, value, failed } = asked;
  const action = at.href(`/desk/resource/${resource.id}/fix`);
  const one = { words, action, csrf: c.var.visit.csrfToken(), column, failed };
  const title = column === '' ? words.table : words.fixColumn(column);
  const id = (fix: Fix['do'], name: string) => fieldId(`${fix}-${name}`);
  return page(
    c,
    { title, shell: 'desk', width: 'wide', ...(failed && { faults: failed.faults }) },
    <>
      <Breadcrumbs items={crumbs(at.href, deskText(at.language).desk, resource)} />
      <PageHead title={title} kicker={resource.name} lead={words.fixLead} />
      {failed && (
        <ErrorSummary faults={failed.faults} target={({ field }) => fieldId(`${failed.fix}-${field}`)} />
      )}
      {column === '' && <TableFixes words={words} action={action} csrf={one.csrf} failed={failed} />}
      <Grid min="wide">
        {failed?.fix === 'not-personal' && (
          <One {...one} fix="not-personal" title={words.notPersonal} why={words.notPersonalWhy}>
            <TextArea
              name="because"
              id={id('not-personal', 'because')}
              label={words.because}
              hint={words.becauseHint}
              value={value}
              rows={2}
              required
            />
          </One>
        )}
        <One {...one} fix="dictionary" title={words.dictionary}>
          <TextInput name="from" id={id('dictionary', 'from')} label={words.from} value={value} required />
          <TextInput name="to" id={id('dictionary', 'to')} label={words.to} />
        </One>
        <One {...one} fix="nulls" title={words.nulls} why={words.nullsWhy}>
          <TextInput name="word" id={id('nulls', 'word')} label={words.word} value={value} required />
        </One>
        <One {...one} fix="type" title={words.setType} why={words.setTypeWhy}>
          <Select
            name="type"
            id={id('type', 'type')}
            label={words.type}
            options={columnTypes.map((type) => ({ value: type, label: words.types[type]! }))}
          />
        </One>
        <One {...one} fix="decimal-mark" title={words.mark} why={words.markWhy}>
          <Select
            name="mark"
            id={id('decimal-mark', 'mark')}
            label={words.mark}
            options={[
              { value: ',', label: words.comma },
              { value: '.', label: words.dot },
            ]}
          />
        </One>
        <One {...one} fix="date-pattern" title={words.order} why={words.orderWhy}>
          <Select
            name="order"
            id={id('date-pattern', 'order')}
            label={words.order}
            options={[
              { value: 'dmy', label: words.dmy },
              { value: 'mdy', label: words.mdy },
            ]}
          />
        </One>
        <One {...one} fix="rename" title={words.rename} why={words.renameWhy}>
          <TextInput name="to" id={id('rename', 'to')} label={words.newName} required />
        </One>
        <One {...one} fix="split" title={words.split}>
          <TextInput name="by" id={id('split', 'by')} label={words.by} value="," width="xs" required />
          <TextInput name="first" id={id('split', 'first')} label={words.first} required />
          <TextInput name="second" id={id('split', 'second')} label={words.second} required />
        </One>
        <One {...one} fix="drop" title={words.drop} why={words.dropWhy} />
        <One {...one} fix="mask" title={words.mask} why={words.maskWhy} />
        <One {...one} fix="hash" title={words.hash} why={words.hashWhy} />
      </Grid>
    </>,
  );
}

/** The way to a resource at the desk. */
export function crumbs(
  href: (path: string) => string,
  desk: string,
  { dataset }: OwnResource,
): { title: string; href: string }[] {
  return [
    { title: desk, href: href('/desk') },
    { title: dataset.title || dataset.name, href: href(`/desk/dataset/${dataset.name}`) },
  ];
}

/** Fixes of the whole table, each a form of its own. */
export function TableFixes(props: {
  words: FixText;
  action: string;
  csrf: string;
  failed?: Failed | undefined;
}) {
  const { words, failed } = props;
  const one = { ...props, failed };
  return (
    <Grid min="wide">
      {(['skip-rows', 'header-rows', 'footer'] as const).map((fix) => {
        const title = { 'skip-rows': words.skipRows, 'header-rows': words.headerRows, footer: words.footer }[
          fix
        ];
        return (
          <One key={fix} {...one} fix={fix} title={title}>
            <TextInput
              name="rows"
              id={fieldId(`${fix}-rows`)}
              label={title}
              inputmode="numeric"
              width="xs"
              required
            />
          </One>
        );
      })}
      <One {...one} fix="swap-coordinates" title={words.swap}>
        <TextInput name="lat" id={fieldId('swap-coordinates-lat')} label={words.lat} value="lat" required />
        <TextInput name="lon" id={fieldId('swap-coordinates-lon')} label={words.lon} value="lon" required />
      </One>
    </Grid>
  );
}

/** A choice between names, such as the sheets of a workbook. */
export function ChooseOne(props: {
  words: FixText;
  action: string;
  csrf: string;
  fix: 'sheet' | 'entry';
  title: string;
  why: string;
  names: readonly string[];
}) {
  const { words, names } = props;
  return (
    <Card title={props.title} level={2}>
      <p>{props.why}</p>
      <Form action={props.action} csrf={props.csrf} hidden={{ do: props.fix }} label={props.title}>
        <Select
          name="name"
          id={fieldId(`${props.fix}-name`)}
          label={props.title}
          options={names.map((name) => ({ value: name, label: name }))}
        />
        <Actions>
          <Button>{words.apply}</Button>
        </Actions>
      </Form>
    </Card>
  );
}
