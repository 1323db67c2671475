import { sql } from 'drizzle-orm';
import { mustBeAble } from '#platform/access/index.ts';
import { audit } from '#platform/audit/append.ts';
import type { Reader } from '#platform/database/pool.ts';
import { languages } from '#platform/i18n/index.ts';
import { indexLexemes, readSearch } from '#platform/search/index.ts';
import type { Work } from '#platform/work.ts';
import type { ArticleData } from './city-data.ts';
import { permission } from './permissions.ts';

/** An article as it stands now. */
export interface Article extends ArticleData {
  readonly version: number;
  readonly changedAt: Date;
}

/** Publishes articles of the knowledge base: what differs from the current version becomes the next one, the old one stays. */
export async function publishArticles(work: Work, articles: readonly ArticleData[]): Promise<void> {
  mustBeAble(work.actor, permission('data_write'));
  const now = work.clock.now().toISOString();
  for (const article of articles) {
    const titles = [...languages.map((language) => article.title[language]), ...article.tags].join(' ');
    const rest = languages.flatMap((language) => [
      article.body[language],
      ...article.script.map((step) => step[language]),
    ]);
    const body = JSON.stringify(article);
    const { rows } = await work.tx.execute<{ version: number }>(sql`
      with last as (
        select coalesce(max(version), 0) as version, bool_or(valid_to is null and body = ${body}::jsonb) as same
          from cc_article where code = ${article.code}
      ), ended as (
        update cc_article set valid_to = ${now}::timestamptz
          where code = ${article.code} and valid_to is null and not (select coalesce(same, false) from last)
      ) select version from last where not coalesce(same, false)`);
    if (!rows[0]) continue;
    const version = Number(rows[0].version) + 1;
    await work.tx.execute(sql`insert into cc_article (code, version, body, title_search, search, author, valid_from)
      values (${article.code}, ${version}, ${body}::jsonb, array_to_tsvector(${lexemes(titles)}),
        array_to_tsvector(${lexemes([titles, ...rest].join(' '))}), ${work.actor.name}, ${now}::timestamptz)`);
    await audit(work, {
      action: permission('data_write'),
      resource: `article:${article.code}`,
      detail: { version },
    });
  }
}

/** Brings the articles of a city's files in; one that was retired here stays so. */
export async function loadArticles(work: Work, articles: readonly ArticleData[]): Promise<void> {
  const { rows } = await work.tx.execute<{ code: string }>(
    sql`select code from cc_article group by code having bool_and(valid_to is not null)`,
  );
  const retired = new Set(rows.map(({ code }) => code));
  await publishArticles(
    work,
    articles.filter(({ code }) => !retired.has(code)),
  );
}

/** How many articles a list shows at most. */
export const mostArticles = 20;

/**
 * Articles that a question is about, in any form of its words: first those that have every word, then those that have
 * some, unless `words` asks for every one; a word in title or tags counts more. Without a word there is nothing to find.
 */
export async function findArticles(
  reader: Reader,
  typed: string,
  limit = mostArticles,
  words: 'some' | 'every' = 'some',
): Promise<Article[]> {
  const search = readSearch(typed.slice(0, 200));
  if (!search) return [];
  const some = search.tsquery.replaceAll(' & ', ' | ');
  const { rows } = await reader.execute<Row>(sql`
    select body, version, valid_from from cc_article
    where valid_to is null and search @@ ${words === 'some' ? some : search.tsquery}::tsquery
    order by search @@ ${search.tsquery}::tsquery desc,
      2 * ts_rank(title_search, ${some}::tsquery) + ts_rank(search, ${some}::tsquery) desc, code
    limit ${Math.min(limit, mostArticles)}`);
  return rows.map(toArticle);
}

/** Every current article; a city has some hundreds at most. */
export async function allArticles(reader: Reader): Promise<Article[]> {
  const { rows } = await reader.execute<Row>(
    sql`select body, version, valid_from from cc_article where valid_to is null
      order by body->'title'->>'uk' collate "uk-UA-x-icu" limit 1000`,
  );
  return rows.map(toArticle);
}

/** The current version of one article. */
export async function articleOf(reader: Reader, code: string): Promise<Article | null> {
  const { rows } = await reader.execute<Row>(
    sql`select body, version, valid_from from cc_article where code = ${code} and valid_to is null`,
  );
  return rows[0] ? toArticle(rows[0]) : null;
}

interface Row extends Record<string, unknown> {
  body: ArticleData;
  version: number;
  valid_from: string;
}

const toArticle = (row: Row): Article => ({
  ...row.body,
  version: Number(row.version),
  changedAt: new Date(row.valid_from),
});

const lexemes = (text: string) =>
  sql`array(select jsonb_array_elements_text(${JSON.stringify(indexLexemes(text))}::jsonb))`;
