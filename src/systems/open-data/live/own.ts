import { sql } from 'drizzle-orm';
import type { LiveDataset, LivePage, LiveReading, LiveRow } from '#platform/live-data.ts';
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
];
