import { sql } from 'drizzle-orm';
import { mustBeAble } from '#platform/access/index.ts';
import { audit } from '#platform/audit/append.ts';
import type { Reader } from '#platform/database/pool.ts';
import { Conflict, type FieldFault, Invalid } from '#platform/errors.ts';
import type { Text } from '#platform/i18n/index.ts';
import type { Work } from '#platform/work.ts';
import type { TemplateData } from './city-data.ts';
import { permission } from './permissions.ts';
import { moves } from './states.ts';

/** Ready words for a move as they stand now. */
export interface Template extends TemplateData {
  readonly version: number;
  readonly author: string;
  readonly since: Date;
}

/** All templates that are in use, by move and code. */
export async function readTemplates(reader: Reader): Promise<Template[]> {
  const { rows } =
    await reader.execute<Row>(sql`select code, version, body, author, valid_from from cc_template
    where valid_to is null order by body->>'move', code`);
  return rows.map(toTemplate);
}

/** Every version of one template, the newest first; the first is retired when its `until` is set. */
export async function templateVersions(
  reader: Reader,
  code: string,
): Promise<(Template & { readonly until: Date | null })[]> {
  const { rows } =
    await reader.execute<Row>(sql`select code, version, body, author, valid_from, valid_to from cc_template
    where code = ${code} order by version desc`);
  return rows.map((row) => ({ ...toTemplate(row), until: row.valid_to ? new Date(row.valid_to) : null }));
}

/** Those that fit the move and the category: its own first, then its branches', then those for everything. */
export function templatesFor(
  templates: readonly Template[],
  move: string,
  category: string,
  branches: readonly string[],
): Template[] {
  const nearness = (one: Template) => (one.for ? [category, ...branches].indexOf(one.for) : Infinity);
  return templates
    .filter((one) => one.move === move && nearness(one) >= 0)
    .sort((a, b) => (nearness(a) === nearness(b) ? 0 : nearness(a) - nearness(b)));
}

/**
 * Writes a new template or a new version of one; the version before stays readable. Words that are the same are no change.
 *
 * @param known version of the template that was being edited, null for a new one.
 * @returns the version that holds now.
 * @throws Forbidden, Invalid, Conflict `stale` when somebody else was quicker.
 */
export async function writeTemplate(
  work: Work,
  template: TemplateData,
  known: number | null,
): Promise<number> {
  mustBeAble(work.actor, permission('data_write'));
  const faults = faultsOf(template);
  if (faults.length) throw new Invalid(faults);
  const current = await lockCurrent(work, template.code);
  if ((current?.version ?? null) !== known)
    throw new Conflict('stale', 'the template has changed meanwhile', {
      given: known,
      now: current?.version ?? null,
    });
  if (current && same(current, template)) return current.version;
  const version = await insertVersion(work, template);
  await audit(work, {
    action: permission('data_write'),
    resource: `template:${template.code}`,
    detail: { version },
  });
  return version;
}

/** Brings the templates of a city's files in; one that was edited or retired here stays as it is. */
export async function loadTemplates(work: Work, templates: readonly TemplateData[]): Promise<void> {
  await work.tx.execute(sql`insert into cc_template (code, version, body, author, valid_from)
    select value->>'code', 1, value, 'city data', ${now(work)}
    from jsonb_array_elements(${JSON.stringify(templates)}::jsonb) on conflict do nothing`);
}

/** Longest text of a template, in characters: that of an answer. */
const longest = 4_000;

function faultsOf(template: TemplateData): FieldFault[] {
  const faults: FieldFault[] = [];
  const fault = (field: string, message: string) => faults.push({ field, message });
  if (!/^[a-z0-9-]{1,60}$/.test(template.code)) fault('code', 'Latin letters, digits and hyphens');
  if (!moves.some(({ move }) => move === template.move)) fault('move', 'is no move');
  for (const language of ['uk', 'en'] as const) {
    if (!template.name[language].trim()) fault(`name-${language}`, 'is needed');
    if (!template.text[language].trim()) fault(`text-${language}`, 'is needed');
    if ([...template.text[language]].length > longest) fault(`text-${language}`, 'is too long');
  }
  return faults;
}

async function lockCurrent(work: Work, code: string): Promise<Template | null> {
  const { rows } =
    await work.tx.execute<Row>(sql`select code, version, body, author, valid_from from cc_template
    where code = ${code} and valid_to is null for update`);
  return rows[0] ? toTemplate(rows[0]) : null;
}

async function insertVersion(work: Work, template: TemplateData): Promise<number> {
  await work.tx.execute(sql`update cc_template set valid_to = ${now(work)}
    where code = ${template.code} and valid_to is null`);
  const { rows } = await work.tx.execute<{ version: number }>(sql`
    insert into cc_template (code, version, body, author, valid_from)
    select ${template.code}, coalesce(max(version), 0) + 1, ${JSON.stringify(template)}::jsonb, ${work.actor.name}, ${now(work)}
      from cc_template where code = ${template.code} returning version`);
  return Number(rows[0]!.version);
}

const now = (work: Work) => sql`${work.clock.now().toISOString()}::timestamptz`;

const words = (text: Text) => [text.uk, text.en];
const facts = (one: TemplateData) =>
  JSON.stringify([one.move, one.for ?? null, ...words(one.name), ...words(one.text)]);
const same = (a: TemplateData, b: TemplateData) => facts(a) === facts(b);

interface Row extends Record<string, unknown> {
  code: string;
  version: number;
  body: TemplateData;
  author: string;
  valid_from: string;
  valid_to?: string | null;
}

function toTemplate(row: Row): Template {
  return {
    ...row.body,
    code: row.code,
    version: Number(row.version),
    author: row.author,
    since: new Date(row.valid_from),
  };
}
