import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { type Language, messages } from '#platform/i18n/index.ts';
import type { LiveDataset, Privacy } from '#platform/live-data.ts';
import type { Platform } from '#platform/system.ts';
import type { Work } from '#platform/work.ts';
import { createDataset, patchDataset } from '../datasets.ts';
import { usualLicence } from '../licences.ts';
import { originOf } from '../origin.ts';
import { refresh } from '../served.ts';
import { readSettings } from '../settings.ts';
import { createUnit } from '../units.ts';
import type { LiveTable } from './columns.ts';

/** What the officer may change afterwards; it is written anew only when the system's own words change. */
export const passportOf = ({ passport, links, privacy }: LiveDataset): string =>
  createHash('sha256')
    .update(JSON.stringify([passport, links, privacy]))
    .digest('hex');

/**
 * Makes the dataset of a system's table with its resource of kind `live`, or brings their words to what the system says now.
 *
 * @param known the resource that was made before; null: none yet.
 * @returns its id. @throws Faulty for an address that another dataset has
 */
export async function putDataset(
  work: Work,
  platform: Platform,
  live: LiveDataset,
  table: LiveTable,
  known: { readonly resource: string; readonly passport: string } | null,
): Promise<string> {
  const resource = known?.resource ?? (await makeDataset(work, platform, live));
  if (known && known.passport !== passportOf(live)) await renewWords(work, live, known.resource);
  await work.tx.execute(sql`update od_resource set kind = 'live', table_schema = ${JSON.stringify(table.schema)}::jsonb,
    load_rules = ${JSON.stringify(table.rules)}::jsonb where id = ${resource}`);
  const { rows } = await work.tx.execute<{ dataset: string }>(
    sql`select dataset from od_resource where id = ${resource}`,
  );
  await refresh(work, [rows[0]!.dataset]);
  return resource;
}

async function makeDataset(work: Work, platform: Platform, live: LiveDataset): Promise<string> {
  const owner = await ownerOf(work, platform, live);
  const { values } = await readSettings(work.tx);
  const made = await createDataset(work, {
    name: live.passport.name,
    owner_org: owner.id,
    license_id: usualLicence,
    maintainer: owner.title,
    maintainer_email: values.email_to || (platform.config.mode === 'demo' ? 'data@misto.example' : null),
    language: 'ua',
    ...wordsOf(live),
    resources: [
      {
        name: live.passport.title.uk,
        description: describe(live),
        format: 'CSV',
        url: '',
        url_type: 'datastore',
      },
      ...(live.links ?? []).map(({ title, path, format }) => ({
        name: title.uk,
        url: originOf(platform) + path,
        format,
        resource_type: 'api',
      })),
    ],
  });
  const { rows } = await work.tx.execute<{ id: string }>(
    sql`select id from od_resource where dataset = ${made.id} order by position limit 1`,
  );
  return rows[0]!.id;
}

async function renewWords(work: Work, live: LiveDataset, resource: string): Promise<void> {
  const { rows } = await work.tx.execute<{ dataset: string }>(
    sql`update od_resource set description = ${describe(live)} where id = ${resource} returning dataset`,
  );
  await patchDataset(work, rows[0]!.dataset, wordsOf(live));
}

const wordsOf = ({ passport }: LiveDataset) => ({
  title: passport.title.uk,
  notes: passport.notes.uk,
  update_frequency: passport.updateFrequency,
  purpose_of_collecting_information: passport.purpose,
  ...(passport.obligation ? { obligation: passport.obligation } : {}),
  extras: [
    { key: 'title_en', value: passport.title.en },
    { key: 'notes_en', value: passport.notes.en },
  ],
  tags: passport.keywords.map((name) => ({ name })),
  groups: passport.themes.map((name) => ({ name })),
});

/** The publisher behind the unit; a unit that publishes nothing yet becomes one under the title of its system. */
async function ownerOf(
  work: Work,
  platform: Platform,
  live: LiveDataset,
): Promise<{ readonly id: string; readonly title: string }> {
  const find = () =>
    work.tx.execute<{ id: string; title: string }>(
      sql`select id, coalesce(nullif(title, ''), name) as title from od_organisation where unit = ${live.unit} and state = 'active'`,
    );
  const { rows } = await find();
  if (rows[0]) return rows[0];
  const system = platform.systems.find(({ datasets }) => datasets?.some(({ key }) => key === live.key));
  await createUnit(work, 'organization', { name: live.unit, title: system?.title.uk ?? live.unit });
  return (await find()).rows[0]!;
}

const treatedWords = messages(
  {
    steps: {
      hour: 'до години',
      day: 'до дня',
      month: 'до місяця',
      year: 'до року',
      street: 'до вулиці, без номера будинку',
      grid100m: 'до клітинки 100 м',
      grid500m: 'до клітинки 500 м',
    },
    hashed: (id: string) => `${id}: випадковий код, щороку інший`,
    merged: (k: number, quasi: string) =>
      `рядки, яких із тими самими ${quasi} менше за ${k}, обʼєднано в «інше»`,
    left: (k: number, quasi: string) => `рядки, яких із тими самими ${quasi} менше за ${k}, вилучено`,
  },
  {
    en: {
      steps: {
        hour: 'to the hour',
        day: 'to the day',
        month: 'to the month',
        year: 'to the year',
        street: 'to the street, without the house',
        grid100m: 'to a cell of 100 m',
        grid500m: 'to a cell of 500 m',
      },
      hashed: (id) => `${id}: a random code, another each year`,
      merged: (k, quasi) => `rows that are fewer than ${k} of the same ${quasi} are merged into «інше»`,
      left: (k, quasi) => `rows that are fewer than ${k} of the same ${quasi} are left out`,
    },
  },
);

/** How the data were made nobody's, for whoever reads them; empty where nothing had to be done. */
export function howTreated(language: Language, { coarsen = {}, hash = [], kAnonymity }: Privacy): string {
  const text = treatedWords(language);
  return [
    ...Object.entries(coarsen).map(([id, to]) => `${id}: ${text.steps[to]}`),
    ...hash.map(text.hashed),
    ...(kAnonymity
      ? [text[kAnonymity.small === 'merge' ? 'merged' : 'left'](kAnonymity.k, kAnonymity.quasi.join(', '))]
      : []),
  ].join('; ');
}

function describe({ privacy }: LiveDataset): string {
  const how = howTreated('uk', privacy);
  return `Оновлюється само із системи міста.${how && ` Знеособлено. ${how}.`}`;
}
