import { Hono } from 'hono';
import { Actions, Empty, Grid, LinkButton, PageHead, Search, Tile } from '#ui/index.ts';
import { isUnreadable } from '../http/forms.ts';
import { needsSignIn, needsStaff } from '../http/guard.ts';
import { entriesOf, page } from '../http/page.tsx';
import { type Language, localPath, type Text } from '../i18n/index.ts';
import type { MistoEnv, Platform, SearchHit } from '../system.ts';
import { deskHome } from './desk.tsx';
import { start } from './start.tsx';
import { homeText } from './text.ts';
import { inTurns } from './turns.ts';

const hitsPerSystem = 100;
const hitsPerPage = 20;

/** The city's own pages: the start, search, the cabinet, the staff desk, and what the footer leads to. */
export function homePages(platform: Platform): Hono<MistoEnv> {
  const pages = new Hono<MistoEnv>();

  pages.get('/', start(platform));

  pages.get('/search', async (c) => {
    const { language } = c.var.visit;
    const text = homeText(language);
    const asked = (c.req.query('q') ?? '').trim();
    const query = isUnreadable(asked) ? '' : [...asked.normalize('NFC')].slice(0, 200).join('');
    const kind = c.req.query('kind') ?? '';
    const answers = query ? await searchAll(platform, query, language) : [];
    const offers = answers.filter((hit) => hit.offer);
    const hits = answers.filter((hit) => !hit.offer);
    const kinds = [...new Set(hits.map((hit) => hit.kind[language]))];
    const shown = kind ? hits.filter((hit) => hit.kind[language] === kind) : hits;
    const last = Math.max(1, Math.ceil(shown.length / hitsPerPage));
    const number = Math.min(last, Math.max(1, Math.trunc(Number(c.req.query('page'))) || 1));
    const link = (to: Record<string, string>) =>
      `${localPath(language, '/search')}?${new URLSearchParams({ q: query, ...(kind ? { kind } : {}), ...to })}`;
    return page(c, { title: query ? text.resultsFor(query) : text.search, index: false }, [
      <PageHead title={text.search} />,
      <Search action={localPath(language, '/search')} name="q" value={query} label={text.search} large />,
      kinds.length > 1 ? (
        <nav aria-label={text.kinds}>
          <ul class="tags">
            {['', ...kinds].map((one) => (
              <li>
                <a
                  href={`${localPath(language, '/search')}?${new URLSearchParams({ q: query, ...(one ? { kind: one } : {}) })}`}
                  aria-current={one === kind ? 'true' : undefined}
                >
                  {one || text.everything}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      ) : null,
      ...offers.map((offer) => (
        <p>
          {offer.kind[language]}: <a href={localPath(language, offer.href)}>{offer.title}</a>
        </p>
      )),
      query && shown.length === 0 ? <Empty title={text.nothing(query)}>{text.nothingAdvice}</Empty> : null,
      shown.length > 0 ? <p role="status">{text.found(shown.length)}</p> : null,
      <ol class="results" start={(number - 1) * hitsPerPage + 1}>
        {shown.slice((number - 1) * hitsPerPage, number * hitsPerPage).map((hit) => (
          <li>
            <h2>
              <a href={localPath(language, hit.href)}>{hit.title}</a>
            </h2>
            <p class="muted">{hit.kind[language]}</p>
            <p>{hit.summary}</p>
          </li>
        ))}
      </ol>,
      last > 1 ? (
        <nav class="actions" aria-label={text.pagesOf(number, last)}>
          {number > 1 ? <a href={link({ page: String(number - 1) })}>{text.previous}</a> : null}
          <span>{text.pagesOf(number, last)}</span>
          {number < last ? <a href={link({ page: String(number + 1) })}>{text.next}</a> : null}
        </nav>
      ) : null,
    ]);
  });

  pages.get('/desk', needsStaff(), deskHome(platform));

  pages.get('/cabinet', needsSignIn(), (c) => {
    const { language, actor } = c.var.visit;
    const text = homeText(language);
    const entries = entriesOf(platform, 'cabinet', actor);
    return page(c, { title: text.cabinet, shell: 'cabinet', width: 'wide' }, [
      <PageHead title={text.cabinet} lead={text.cabinetLead} />,
      entries.length === 0 ? <Empty title={text.cabinetEmpty} /> : null,
      <Grid>
        {entries.map((entry) => (
          <Tile
            title={entry.title[language]}
            summary={entry.summary?.[language]}
            href={localPath(language, entry.href)}
            level={2}
          />
        ))}
      </Grid>,
    ]);
  });

  for (const name of ['accessibility', 'privacy', 'about'] as const)
    pages.get(`/${name}`, (c) => {
      const text = homeText(c.var.visit.language)[name];
      return page(c, { title: text.title }, [
        <PageHead title={text.title} lead={text.lead} />,
        ...text.paragraphs.map((paragraph) => <p>{paragraph}</p>),
        <Actions>
          {linksOf(name).map((link) => (
            <LinkButton look="secondary" href={localPath(c.var.visit.language, link.href)}>
              {link.title[c.var.visit.language]}
            </LinkButton>
          ))}
        </Actions>,
      ]);
    });

  return pages;

  /** Where a page of the footer leads on to. */
  function linksOf(name: 'accessibility' | 'privacy' | 'about'): readonly { title: Text; href: string }[] {
    if (name === 'privacy') return privacyLinks;
    // What stands in somebody's way is told where everything is told.
    const [first] = platform.systems.flatMap((system) => system.acts ?? []);
    return name === 'accessibility' && first ? [{ title: feedback, href: first.href }] : [];
  }
}

const privacyLinks: readonly { title: Text; href: string }[] = [
  { title: { uk: 'Реєстр цілей', en: 'Register of purposes' }, href: '/privacy/purposes' },
  { title: { uk: 'Мої дані', en: 'My data' }, href: '/cabinet/data' },
  { title: { uk: 'Перевірити свідоцтво', en: 'Check a certificate' }, href: '/privacy/certificate' },
];
const feedback: Text = { uk: 'Повідомити, що заважає', en: 'Tell what stands in your way' };

/** Asks every system, and takes their answers in turns, so none pushes the others off the first page. */
async function searchAll(platform: Platform, query: string, language: Language): Promise<SearchHit[]> {
  const answers = await Promise.all(
    platform.systems.flatMap((system) => system.search?.(platform, query, language, hitsPerSystem) ?? []),
  );
  return inTurns(answers);
}
