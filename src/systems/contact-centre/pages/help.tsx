import type { Context } from 'hono';
import { NotFound } from '#platform/errors.ts';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { Actions, Breadcrumbs, Card, Empty, Grid, LinkButton, PageHead, Search, Section } from '#ui/index.ts';
import { type Article, allArticles, articleOf, findArticles, mostArticles } from '../articles.ts';
import { readCity } from '../city.ts';
import { appealText } from './appeal-text.ts';
import { helpText } from './help-text.ts';
import { type Here, here } from './kit.tsx';

/** `/contact-centre/help`: answers to what people ask, by words or by branch. */
export function help(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const words = helpText(at.language);
    const q = (c.req.query('q') ?? '').trim().slice(0, 200);
    const [city, found] = await Promise.all([
      readCity(platform.db),
      q ? findArticles(platform.db, q) : allArticles(platform.db),
    ]);
    const branches = [...city.branches.values()]
      .toSorted((a, b) => (a.number < b.number ? -1 : 1))
      .map((branch) => ({
        name: branch.name[at.language],
        code: branch.code,
        articles: found.filter((one) => one.branch === branch.code),
      }))
      .filter((branch) => branch.articles.length > 0);
    return page(
      c,
      { title: words.title, description: words.lead, width: 'wide', index: !q },
      <>
        <PageHead title={words.title} lead={words.lead} />
        <Search action={at.href('/help')} label={words.search} value={q} large />
        {q && found.length === 0 && (
          <Empty
            icon="search"
            title={words.nothing}
            action={
              <>
                <LinkButton href={at.href('/report')}>{words.report}</LinkButton>
                <LinkButton look="secondary" href={`tel:${city.settings.phone}`}>
                  {words.call(city.settings.phone)}
                </LinkButton>
              </>
            }
          >
            <p>{words.nothingWhat}</p>
          </Empty>
        )}
        {q && found.length > 0 && (
          <>
            <p role="status">
              {words.found(at.number(found.length))}.{' '}
              {found.length === mostArticles && words.best(mostArticles)}
            </p>
            <Articles at={at} articles={found} level={2} />
          </>
        )}
        {!q &&
          branches.map((branch) => (
            <Section key={branch.code} title={branch.name}>
              <Articles at={at} articles={branch.articles} level={3} />
            </Section>
          ))}
      </>,
    );
  };
}

function Articles(props: { at: Here; articles: readonly Article[]; level: 2 | 3 }) {
  const { at } = props;
  return (
    <Grid min="wide">
      {props.articles.map((one) => (
        <Card
          key={one.code}
          level={props.level}
          title={one.title[at.language]}
          href={at.href(`/help/${one.code}`)}
        >
          <p>{firstSentence(one.body[at.language])}</p>
        </Card>
      ))}
    </Grid>
  );
}

const firstSentence = (body: string): string => /^.*?[.!?](?=\s|$)/s.exec(body)?.[0] ?? body;

/** `/contact-centre/help/{code}`: one answer, fit to be printed. */
export function helpArticle(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const words = helpText(at.language);
    const article = await articleOf(platform.db, c.req.param('code') ?? '');
    if (!article) throw new NotFound('article');
    const { settings } = await readCity(platform.db);
    return page(
      c,
      {
        title: article.title[at.language],
        description: firstSentence(article.body[at.language]),
        before: <Breadcrumbs items={[{ title: words.all, href: at.href('/help') }]} />,
      },
      <>
        <PageHead title={article.title[at.language]} />
        {article.body[at.language].split('\n\n').map((paragraph) => (
          <p key={paragraph}>{paragraph}</p>
        ))}
        <p class="muted">
          {words.changed} <time dateTime={article.changedAt.toISOString()}>{at.date(article.changedAt)}</time>{' '}
          · {words.call(settings.phone)}
        </p>
        <Section title={words.still}>
          <p>{words.stillWhat}</p>
          <Actions>
            <LinkButton href={at.href('/report')}>{words.report}</LinkButton>
            {article.code === 'statutory-appeal' && (
              <LinkButton look="secondary" href={at.href('/appeal')}>
                {appealText(at.language).title}
              </LinkButton>
            )}
          </Actions>
        </Section>
      </>,
    );
  };
}
