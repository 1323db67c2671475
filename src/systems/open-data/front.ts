import { sql } from 'drizzle-orm';
import type { Db } from '#platform/database/pool.ts';
import type { Language } from '#platform/i18n/index.ts';
import { excerpt, readSearch } from '#platform/search/index.ts';
import type { Act, Happening, Platform, SearchHit } from '#platform/system.ts';
import { anonymous } from '#platform/work.ts';
import { SearchError, searchOf, usualSort } from './search/search.ts';
import { packageText } from './served.ts';
import { servedStates } from './states.ts';

const base = '/open-data';

/** What people come to the portal for. */
export const acts: readonly Act[] = [
  {
    title: { uk: 'Знайти дані міста', en: 'Find data of the city' },
    summary: {
      uk: 'Таблиці підприємств і департаментів: переглянути, завантажити, використати',
      en: 'Tables of enterprises and departments: look, download, use',
    },
    href: base,
    icon: 'data',
  },
  {
    title: { uk: 'Запитати дані', en: 'Ask the data' },
    summary: {
      uk: 'Власна вибірка з кількох таблиць, без реєстрації',
      en: 'A selection of your own from several tables, without signing up',
    },
    href: `${base}/query`,
    icon: 'list',
  },
  {
    title: { uk: 'Що місто оприлюднює', en: 'What the city publishes' },
    summary: {
      uk: 'Чого вимагає закон, що вже відкрито і хто спізнюється',
      en: 'What the law demands, what is open already and who is late',
    },
    href: `${base}/coverage`,
    icon: 'check',
  },
];

const kind = { uk: 'Відкриті дані', en: 'Open data' };
const updated = { uk: 'Оновлено дані', en: 'Data updated' };
const published = { uk: 'Новий набір даних', en: 'New dataset' };

/** What the city-wide search finds here: public datasets. */
export async function searchDatasets(platform: Platform, query: string, limit: number): Promise<SearchHit[]> {
  const found = await searchOf(platform)
    .find(anonymous, {
      q: query,
      fq: [],
      sort: usualSort,
      rows: limit,
      start: 0,
      facets: [],
      facetLimit: 0,
      facetMinCount: 1,
      includeDrafts: false,
      includePrivate: false,
      includeDeleted: false,
    })
    // What somebody typed may be no query of the catalogue's language: then it finds nothing here.
    .catch((error: unknown) => {
      if (error instanceof SearchError) return null;
      throw error;
    });
  return (found?.packages ?? []).map((kept) => {
    const dataset = JSON.parse(packageText(kept, base)) as {
      name: string;
      title: string;
      notes: string | null;
      organization: { title: string } | null;
    };
    return {
      title: dataset.title,
      href: `${base}/dataset/${dataset.name}`,
      summary: excerpt(dataset.notes ?? '', readSearch(query)) || (dataset.organization?.title ?? ''),
      kind,
    };
  });
}

/** Datasets that have just come, and those whose data have just changed. */
export async function happenings(db: Db, language: Language, limit: number): Promise<readonly Happening[]> {
  const { rows } = await db.execute<{
    name: string;
    title: string;
    publisher: string;
    at: string;
    n: number;
  }>(sql`
    select d.name, coalesce(nullif(d.title, ''), d.name) as title, o.title as publisher, v.made_at as at, v.n
    from (
      select distinct on (r.dataset) r.dataset, v.made_at, v.n
      from (select resource, n, made_at from od_version where taken_down_at is null order by made_at desc limit ${limit * 10}) v
        join od_resource r on r.id = v.resource and r.current_version = v.n
      order by r.dataset, v.made_at desc
    ) v join od_dataset d on d.id = v.dataset join od_organisation o on o.id = d.organisation
    where not d.private and d.state in (select jsonb_array_elements_text(${JSON.stringify(servedStates)}::jsonb))
    order by v.made_at desc limit ${limit}`);
  return rows.map((row) => ({
    at: new Date(row.at),
    title: row.title,
    summary: `${(row.n > 1 ? updated : published)[language]} · ${row.publisher}`,
    href: `${base}/dataset/${row.name}`,
  }));
}
