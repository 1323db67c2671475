import { sql } from 'drizzle-orm';
import type { Db } from '#platform/database/pool.ts';
import type { Language } from '#platform/i18n/index.ts';
import { corrected, excerpt, readSearch, type Vocabulary, vocabularyOf } from '#platform/search/index.ts';
import type { SearchHit } from '#platform/system.ts';
import { findArticles } from './articles.ts';
import { type City, hasCity, readCity } from './city.ts';
import { suggest } from './pages/report/suggest.ts';
import { foundBy } from './request-words.ts';

const kinds = {
  report: { uk: 'Повідомити про проблему', en: 'Report a problem' },
  article: { uk: 'Довідка', en: 'Answer' },
  request: { uk: 'Заявка', en: 'Request' },
  meant: { uk: 'Можливо, ви шукали', en: 'Did you mean' },
} as const;

/** Fewer finds than this, and a slip of the finger is thought of. */
export const few = 3;
/** Categories that are offered at most: they lead to a form, the rest of the page is for what there is to read. */
const mostCategories = 5;
const mostAnswers = 5;

/** What the city-wide search finds here: what can be reported, what is answered, and published requests. */
export async function searchContactCentre(
  db: Db,
  query: string,
  language: Language,
  limit: number,
): Promise<SearchHit[]> {
  if (!(await hasCity(db))) return [];
  const city = await readCity(db);
  const found = [
    ...categories(city, query, language),
    ...(await articles(db, query, language)),
    ...(readSearch(query) ? await requests(db, query, language, limit) : []),
  ];
  const meant = found.length < few ? await meantBy(db, query) : null;
  const offer = meant ? [asked(meant)] : [];
  return [...offer, ...found].slice(0, limit);
}

function categories(city: City, query: string, language: Language): SearchHit[] {
  const words = readSearch(query)?.words.length ?? 0;
  return suggest(city.leaves.values(), query, language, mostCategories)
    .filter(({ because }) => because.length * 2 >= words)
    .map(({ code }) => city.leaves.get(code)!.leaf)
    .map((leaf) => ({
      title: leaf.name[language],
      href: `/contact-centre/report?category=${encodeURIComponent(leaf.code)}`,
      summary: leaf.description?.[language] ?? city.branches.get(leaf.parent ?? '')?.name[language] ?? '',
      kind: kinds.report,
    }));
}

async function articles(db: Db, query: string, language: Language): Promise<SearchHit[]> {
  const found = await findArticles(db, query, mostAnswers, 'every');
  return found.map((article) => ({
    title: article.title[language],
    href: `/contact-centre/help/${encodeURIComponent(article.code)}`,
    summary: excerpt(article.body[language], readSearch(query), 200),
    kind: kinds.article,
  }));
}

async function requests(db: Db, query: string, language: Language, limit: number): Promise<SearchHit[]> {
  const { rows } = await db.execute<Record<string, string | null>>(sql`
    select r.number, r.public_text, r.public_address, coalesce(c.body->'name'->>${language}, r.category) as category
    from cc_request r left join cc_category c on c.code = r.category and c.version = r.category_version
    where r.publication = 'published' and r.regime = 'service' and not r.sandbox and ${foundBy(query)}
    order by r.created_at desc, r.number desc limit ${limit}`);
  return rows.map((row) => ({
    title: [row.category, row.public_address].filter(Boolean).join(', '),
    href: `/contact-centre/requests/${row.number}`,
    summary: excerpt(row.public_text ?? '', readSearch(query), 200),
    kind: kinds.request,
  }));
}

/** What was probably meant by words that nothing here is written with; to be shown as a question. */
export async function meantBy(db: Db, query: string): Promise<string | null> {
  return corrected(query, await vocabulary(db, await readCity(db)));
}

const asked = (meant: string): SearchHit => ({
  title: meant,
  href: `/search?q=${encodeURIComponent(meant)}`,
  summary: '',
  kind: kinds.meant,
  offer: true,
});

const vocabularies = new WeakMap<City, Vocabulary>();

/** The words of categories and streets; they change only with the city's data. */
async function vocabulary(db: Db, city: City): Promise<Vocabulary> {
  const known = vocabularies.get(city);
  if (known) return known;
  const { rows } = await db.execute<{ street: string }>(sql`select distinct street from cc_building`);
  const made = vocabularyOf([
    ...rows.map((row) => row.street),
    ...[...city.leaves.values()].flatMap(({ leaf }) => [...leaf.keywords, leaf.name.uk, leaf.name.en]),
  ]);
  vocabularies.set(city, made);
  return made;
}
