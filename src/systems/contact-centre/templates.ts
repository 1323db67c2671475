import { sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import type { Work } from '#platform/work.ts';
import type { TemplateData } from './city-data.ts';

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

/** Brings the templates of a city's files in; one that was edited or retired here stays as it is. */
export async function loadTemplates(work: Work, templates: readonly TemplateData[]): Promise<void> {
  await work.tx.execute(sql`insert into cc_template (code, version, body, author, valid_from)
    select value->>'code', 1, value, 'city data', ${now(work)}
    from jsonb_array_elements(${JSON.stringify(templates)}::jsonb) on conflict do nothing`);
}

const now = (work: Work) => sql`${work.clock.now().toISOString()}::timestamptz`;

interface Row extends Record<string, unknown> {
  code: string;
  version: number;
  body: TemplateData;
  author: string;
  valid_from: string;
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
