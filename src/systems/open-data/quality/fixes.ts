import { sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import { isFunctionWord, wordsIn } from '#platform/search/index.ts';
import type { Work } from '#platform/work.ts';
import { cityCatalogue } from '../../../../city/dnipro/index.ts';
import { inputOf, patchDataset } from '../datasets.ts';
import { column, type Field } from '../datastore/table.ts';
import { guessFormat } from '../formats.ts';
import { licenceOf, usualLicence } from '../licences.ts';
import { readWhole, type Whole } from '../served.ts';
import type { CriterionId } from './criteria.ts';

/** A change that earns the points of a criterion, ready to be made as it is shown. */
export interface Fix {
  readonly criterion: CriterionId;
  /** What is there now, in words; empty: nothing. */
  readonly before: string;
  readonly after: string;
  /** Keys of the dataset as `package_patch` takes them. */
  readonly change: Readonly<Record<string, unknown>>;
}

/**
 * What can be mended at once of what fails: from the dataset itself, its tables, and what its organisation said elsewhere. A
 * criterion without a proposal needs somebody who knows.
 */
export async function fixesOf(
  reader: Reader,
  dataset: string,
  failing: ReadonlySet<CriterionId>,
): Promise<Fix[]> {
  const [whole] = await readWhole(reader, [dataset]);
  if (!whole || failing.size === 0) return [];
  const makers: Partial<Record<CriterionId, () => Promise<Fix | null> | Fix | null>> = {
    keyword: () => keywords(whole),
    theme: () => theme(reader, whole),
    spatial: () => spatial(whole),
    temporal: () => temporal(reader, whole),
    licence: () => licence(whole, 'licence'),
    'licence-vocabulary': () => (failing.has('licence') ? null : licence(whole, 'licence-vocabulary')),
    format: () => formats(whole),
    'media-type': () => mediaTypes(whole),
    'byte-size': () => sizes(reader, whole),
    contact: () => contact(reader, whole),
  };
  const found: Fix[] = [];
  for (const [id, make] of Object.entries(makers))
    if (failing.has(id as CriterionId)) {
      const fix = await make();
      if (fix) found.push(fix);
    }
  return found;
}

/**
 * Makes the proposed change of a criterion.
 *
 * @param after what the publisher was shown: another proposal by now is not made.
 * @returns whether it was made.
 * @throws Absent, Denied, Faulty
 */
export async function applyFix(
  work: Work,
  dataset: string,
  criterion: CriterionId,
  after: string,
): Promise<boolean> {
  const [fix] = await fixesOf(work.tx, dataset, new Set([criterion]));
  if (!fix || fix.after !== after) return false;
  await patchDataset(work, dataset, fix.change);
  return true;
}

/** Up to five words of a title that tell something. */
export function keywordsOf(title: string): string[] {
  const words = wordsIn(title)
    .map(({ text }) => text.toLowerCase())
    .filter((word) => word.length > 3 && /^\p{L}[\p{L}'ʼ’-]+$/u.test(word) && !isFunctionWord(word))
    .map((word) => word.replaceAll(/['ʼ’]/g, ''));
  return [...new Set(words)].slice(0, 5);
}

function keywords({ dataset, tags }: Whole): Fix | null {
  const names = keywordsOf(dataset.title);
  if (names.length === 0) return null;
  return {
    criterion: 'keyword',
    before: tags.map((tag) => tag.name).join(', '),
    after: names.join(', '),
    change: { tags: names.map((name) => ({ name })) },
  };
}

/** The theme that most datasets of the organisation have. */
async function theme(reader: Reader, { dataset, groups }: Whole): Promise<Fix | null> {
  const { rows } = await reader.execute<{ name: string; title: string }>(sql`
    select g.name, g.title from od_dataset d join od_dataset_group x on x.dataset = d.id
      join od_group g on g.id = x."group" and g.state = 'active' and g.theme is not null
    where d.organisation = ${dataset.organisation} and d.id <> ${dataset.id} and d.state = 'published'
    group by g.id order by count(*) desc, g.name limit 1`);
  const [found] = rows;
  if (!found) return null;
  return {
    criterion: 'theme',
    before: groups.map((group) => group.title).join(', '),
    after: found.title,
    change: { groups: [...groups.map(({ id }) => ({ id })), { name: found.name }] },
  };
}

function spatial(whole: Whole): Fix {
  const { place } = cityCatalogue;
  return {
    criterion: 'spatial',
    before: '',
    after: `${place.name.uk} (${place.katottg})`,
    change: withExtras(whole, { katottg: place.katottg }),
  };
}

/** From the first to the last day in the tables. */
async function temporal(reader: Reader, whole: Whole): Promise<Fix | null> {
  const ids = JSON.stringify(whole.resources.map(({ id }) => id));
  const { rows: tables } = await reader.execute<{ name: string; fields: Field[] }>(sql`
    select name, fields from od_table where resource in (select jsonb_array_elements_text(${ids}::jsonb)::uuid)`);
  const days: string[] = [];
  for (const { name, fields } of tables) {
    const times = fields.filter(({ type }) => type === 'date' || type === 'timestamp');
    if (times.length === 0) continue;
    const ends = times.flatMap(({ id }) => [sql`min(${column(id)})::date`, sql`max(${column(id)})::date`]);
    const { rows } = await reader.execute<{ days: (string | null)[] }>(
      sql`select to_jsonb(array[${sql.join(ends, sql`, `)}]) as days from open_data_rows.${column(name)}`,
    );
    days.push(...rows[0]!.days.filter((day) => day !== null));
  }
  if (days.length === 0) return null;
  days.sort();
  const [start, end] = [days[0]!, days.at(-1)!];
  return {
    criterion: 'temporal',
    before: '',
    after: `${start} – ${end}`,
    change: withExtras(whole, { temporal_start: start, temporal_end: end }),
  };
}

function licence({ dataset }: Whole, criterion: 'licence' | 'licence-vocabulary'): Fix {
  return {
    criterion,
    before: licenceOf(dataset.licence)?.title ?? dataset.licence ?? '',
    after: licenceOf(usualLicence)!.title,
    change: { license_id: usualLicence },
  };
}

/** By the endings of the names. */
function formats(whole: Whole): Fix | null {
  const told = new Map(
    whole.resources.flatMap((one) => {
      const { format } = guessFormat(one.file_name ?? one.url);
      return one.format === '' && format ? [[one.id, format] as const] : [];
    }),
  );
  return inResources(whole, 'format', told, (format) => ({ format }));
}

/** By the formats. */
function mediaTypes(whole: Whole): Fix | null {
  const told = new Map(
    whole.resources.flatMap((one) => {
      const mediaType =
        guessFormat(`file.${one.format}`).mediaType ?? guessFormat(one.file_name ?? one.url).mediaType;
      return !one.mimetype && mediaType ? [[one.id, mediaType] as const] : [];
    }),
  );
  return inResources(whole, 'media-type', told, (mimetype) => ({ mimetype }));
}

/** Of the files behind links, as they were when they were last read. */
async function sizes(reader: Reader, whole: Whole): Promise<Fix | null> {
  const unknown = whole.resources
    .filter((one) => one.size === null && one.kind === 'link')
    .map(({ id }) => id);
  const { rows } = await reader.execute<{ id: string; bytes: string }>(sql`
    select r.id, v.raw_bytes::text as bytes from od_resource r join od_version v on v.resource = r.id and v.n = r.current_version
    where r.id in (select jsonb_array_elements_text(${JSON.stringify(unknown)}::jsonb)::uuid)`);
  const told = new Map(rows.map((row) => [row.id, row.bytes]));
  return inResources(whole, 'byte-size', told, (size) => ({ size: Number(size) }));
}

/** Whom another dataset of the organisation names, the one changed last. */
async function contact(reader: Reader, { dataset }: Whole): Promise<Fix | null> {
  const { rows } = await reader.execute<{ maintainer: string; maintainer_email: string }>(sql`
    select maintainer, maintainer_email from od_dataset
    where organisation = ${dataset.organisation} and id <> ${dataset.id} and state = 'published'
      and maintainer <> '' and maintainer_email <> '' order by modified_at desc, id limit 1`);
  const [found] = rows;
  if (!found) return null;
  return {
    criterion: 'contact',
    before: '',
    after: `${found.maintainer}, ${found.maintainer_email}`,
    change: { maintainer: found.maintainer, maintainer_email: found.maintainer_email },
  };
}

/** The extras with further ones: the list is replaced as a whole. */
function withExtras({ dataset }: Whole, more: Readonly<Record<string, string>>) {
  const all = { ...dataset.extras, ...more };
  return { extras: Object.entries(all).map(([key, value]) => ({ key, value })) };
}

function inResources(
  whole: Whole,
  criterion: CriterionId,
  told: ReadonlyMap<string, string>,
  change: (value: string) => Record<string, unknown>,
): Fix | null {
  if (told.size === 0) return null;
  const resources = inputOf(whole).resources as Record<string, unknown>[];
  return {
    criterion,
    before: '',
    after: whole.resources
      .flatMap((one) =>
        told.has(one.id) ? [`${one.name ?? one.file_name ?? one.id}: ${told.get(one.id)}`] : [],
      )
      .join('; '),
    change: {
      resources: resources.map((one) => {
        const value = told.get(String(one.id));
        return value === undefined ? one : { ...one, ...change(value) };
      }),
    },
  };
}
