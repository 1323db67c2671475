import { sql } from 'drizzle-orm';
import { localDate } from '#platform/calendar/index.ts';
import type { ColumnSpec, LiveDataset, LivePage, LiveReading, LiveRow } from '#platform/live-data.ts';
import { datasetFromPackage, type Package } from '../dcat/from-package.ts';
import { readPortal } from '../dcat/reading.ts';
import { registerRow } from '../dcat/register.ts';
import { readThemes } from '../dcat/themes.ts';
import { packageText } from '../served.ts';

/** The register of what the portal serves to everybody, in the order of ids. */
async function* register({ db, origin, batch, signal }: LiveReading): AsyncGenerator<LivePage> {
  const site = `${origin}/open-data`;
  const [portal, themes] = [await readPortal(db, site), await readThemes(db)];
  let last: string | null = null;
  for (;;) {
    signal.throwIfAborted();
    const { rows }: { rows: { id: string; package: string }[] } = await db.execute<{
      id: string;
      package: string;
    }>(sql`
      select d.id, s.package from od_dataset d join od_search s on s.dataset = d.id
      where not d.private and d.state = 'published' and s.package is not null and ${last ? sql`d.id > ${last}` : sql`true`}
      order by d.id limit ${batch}`);
    last = rows.at(-1)?.id ?? null;
    if (last)
      yield {
        cursor: last,
        rows: rows.map(
          (row): LiveRow =>
            Object.fromEntries(
              Object.entries(
                registerRow(
                  portal,
                  datasetFromPackage(JSON.parse(packageText(row.package, site)) as Package, themes),
                ),
              ).map(([id, value]) => [id, value ?? 'null']),
            ),
        ),
      };
    if (rows.length < batch) return;
  }
}

/** How often each resource that everybody may see was used, day by day; a day is told of when it is over. */
async function* usage({ db, asOf, batch, signal }: LiveReading): AsyncGenerator<LivePage> {
  let last: readonly [string, string] | null = null;
  for (;;) {
    signal.throwIfAborted();
    const { rows }: { rows: Record<string, string>[] } = await db.execute<Record<string, string>>(sql`
      select u.day::text as day, u.resource::text as resource, d.name as dataset, coalesce(r.name, '') as title,
        coalesce(sum(u.count) filter (where u.kind = 'download'), 0)::text as downloads,
        coalesce(sum(u.count) filter (where u.kind = 'request'), 0)::text as requests
      from od_usage u join od_resource r on r.id = u.resource join od_dataset d on d.id = r.dataset
      where u.day < ${localDate(asOf)}::date and r.state = 'active' and not d.private and d.state in ('published', 'archived')
        and ${last ? sql`(u.day, u.resource) > (${last[0]}::date, ${last[1]}::uuid)` : sql`true`}
      group by u.day, u.resource, d.name, r.name order by u.day, u.resource limit ${batch}`);
    const end = rows.at(-1);
    if (end) {
      last = [end.day!, end.resource!];
      yield { cursor: last.join(' '), rows };
    }
    if (rows.length < batch) return;
  }
}

const usageColumns: readonly ColumnSpec[] = [
  { id: 'day', title: { uk: 'День', en: 'Day' }, type: 'date', required: true },
  {
    id: 'resource',
    title: { uk: 'Ідентифікатор ресурсу', en: 'Id of the resource' },
    type: 'text',
    required: true,
  },
  { id: 'dataset', title: { uk: 'Набір', en: 'Dataset' }, type: 'text', required: true },
  { id: 'title', title: { uk: 'Назва ресурсу', en: 'Name of the resource' }, type: 'text' },
  { id: 'downloads', title: { uk: 'Завантажень', en: 'Downloads' }, type: 'integer', required: true },
  {
    id: 'requests',
    title: { uk: 'Запитів до рядків', en: 'Questions to the rows' },
    type: 'integer',
    required: true,
  },
];

/** What the portal publishes of itself. */
export const ownDatasets: readonly LiveDataset[] = [
  {
    key: 'open-data.register',
    unit: 'open-data',
    passport: {
      name: 'reiestr-naboriv-danykh',
      title: { uk: 'Реєстр наборів даних', en: 'Register of datasets' },
      notes: {
        uk: 'Усі набори даних порталу з паспортами: назва, опис, частота оновлення, розпорядник, адреса.',
        en: 'All datasets of the portal with their passports: title, description, frequency, publisher, address.',
      },
      updateFrequency: 'once a day',
      purpose: 'Постанова Кабінету Міністрів України від 21.10.2015 № 835: ведення реєстру наборів даних',
      keywords: ['реєстр', 'набори даних', 'відкриті дані'],
      themes: ['gove'],
      obligation: '835/7',
    },
    table: { official: '835/7/register' },
    mode: 'snapshot',
    privacy: {},
    read: (_since, reading) => register(reading),
  },
  {
    key: 'open-data.usage',
    unit: 'open-data',
    passport: {
      name: 'vykorystannia-portalu',
      title: { uk: 'Використання порталу відкритих даних', en: 'Use of the open-data portal' },
      notes: {
        uk: 'Скільки разів на день завантажували кожен ресурс і зверталися до його рядків програмами та мовою SQL. Лічильники без адрес, пристроїв і людей.',
        en: 'How often a day each resource was downloaded and its rows were asked for by programs and by SQL. Counts without addresses, devices and people.',
      },
      updateFrequency: 'once a day',
      purpose:
        'Закон України «Про доступ до публічної інформації», стаття 10-1; облік використання відкритих даних',
      keywords: ['відкриті дані', 'використання', 'статистика'],
      themes: ['gove'],
    },
    table: { columns: usageColumns, key: ['day', 'resource'] },
    mode: 'snapshot',
    privacy: {},
    read: (_since, reading) => usage(reading),
  },
];
