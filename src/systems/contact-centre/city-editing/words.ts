import { sql } from 'drizzle-orm';
import { publishArticles } from '../articles.ts';
import type { ArticleData, TemplateData } from '../city-data.ts';
import { moves } from '../states.ts';
import { flatText, isCode, present, reader } from './fields.ts';
import type { DataKind } from './kind.ts';
import { endsAlone, keptTogether } from './versions.ts';
import { wordFaults } from './word-faults.ts';

/** Moves that people make with words of their own. */
export const wordedMoves = [...new Set(moves.map(({ move }) => move))];

/** Longest text of a template or an article, in characters. */
const longest = 4_000;

const templateSource = sql`select code as id, body, (body->>'move') || code as sort from cc_template where valid_to is null`;

/** Ready words for a move: in a category, a branch or anywhere. */
export const templates: DataKind = {
  name: 'template',
  key: 'code',
  source: templateSource,
  flat(body) {
    const one = body as unknown as TemplateData;
    return {
      code: one.code,
      move: one.move,
      ...(one.for ? { for: one.for } : {}),
      ...flatText('name', one.name),
      ...flatText('text', one.text),
    };
  },
  body(flat, language) {
    const read = reader(flat, language);
    const body = present({
      code: read.text('code'),
      move: read.one('move', wordedMoves),
      for: read.text('for'),
      name: read.both('name'),
      text: read.both('text'),
    });
    return { body, faults: read.faults };
  },
  faults(body, { city, language }) {
    const one = body as unknown as TemplateData;
    const { faults, fault, t } = reader({}, language);
    if (!isCode(one.code ?? '')) fault('code', t.code);
    if (one.for && !city.branches.has(one.for) && !city.leaves.has(one.for))
      fault('for', t.noCategory(one.for));
    for (const tongue of ['uk', 'en'] as const)
      for (const found of wordFaults(one.text[tongue], t, longest)) fault(`text-${tongue}`, found);
    return faults;
  },
  ...endsAlone('cc_template'),
  ...keptTogether('cc_template', async (work, entries) => {
    const now = work.clock.now().toISOString();
    for (const { id, body, version } of entries) {
      await work.tx.execute(
        sql`update cc_template set valid_to = ${now}::timestamptz where code = ${id} and valid_to is null`,
      );
      await work.tx.execute(sql`insert into cc_template (code, version, body, author, valid_from)
        values (${id}, ${version}, ${JSON.stringify(body)}::jsonb, ${work.actor.name}, ${now}::timestamptz)`);
    }
  }),
};

const articleSource = sql`select code as id, body, lower(body->'title'->>'uk') as sort from cc_article where valid_to is null`;

/** The knowledge base: what an operator and a resident read instead of making a request. */
export const articles: DataKind = {
  name: 'article',
  key: 'code',
  source: articleSource,
  flat(body) {
    const one = body as unknown as ArticleData;
    return {
      code: one.code,
      branch: one.branch,
      ...flatText('title', one.title),
      ...flatText('body', one.body),
      script: one.script.map(({ uk, en }) => `${uk} | ${en}`).join('\n'),
      tags: one.tags.join(', '),
    };
  },
  body(flat, language) {
    const read = reader(flat, language);
    const lines = read
      .text('script')
      .split('\n')
      .filter((line) => line.trim());
    const script = lines.map((line) => {
      const [uk = '', en = '', ...more] = line.split('|').map((part) => part.trim());
      if (!uk || !en || more.length) read.fault('script', read.t.script);
      return { uk, en };
    });
    const body = {
      code: read.text('code'),
      branch: read.text('branch'),
      title: read.both('title'),
      body: read.both('body'),
      script,
      tags: read.list('tags'),
    };
    return { body, faults: read.faults };
  },
  faults(body, { city, language }) {
    const one = body as unknown as ArticleData;
    const { faults, fault, t } = reader({}, language);
    if (!isCode(one.code)) fault('code', t.code);
    if (!city.branches.has(one.branch)) fault('branch', one.branch ? t.noBranch(one.branch) : t.choose);
    for (const tongue of ['uk', 'en'] as const)
      if ([...one.body[tongue]].length > longest) fault(`body-${tongue}`, t.tooLong(longest));
    return faults;
  },
  ...endsAlone('cc_article'),
  ...keptTogether('cc_article', (work, entries) =>
    publishArticles(
      work,
      entries.map(({ body }) => body as unknown as ArticleData),
    ),
  ),
};
