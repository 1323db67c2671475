import { Readable } from 'node:stream';
import { Hono } from 'hono';
import { z } from 'zod';
import { Actions, Badge, Button, Empty, Form, LinkButton, PageHead, Table } from '#ui/index.ts';
import { viewersOf } from '../audit/reads.ts';
import { NotFound } from '../errors.ts';
import { signedIn } from '../http/guard.ts';
import { page } from '../http/page.tsx';
import { formatDateTime, localPath } from '../i18n/index.ts';
import { mustProve, proofs } from '../identity/proof.ts';
import type { MenuEntry, MistoEnv, Platform } from '../system.ts';
import { dataArchive, dataLinks, makeDataLink } from './export.ts';
import { questionPages } from './question-pages.tsx';
import { questionText } from './question-text.ts';
import { questionsBy } from './questions.ts';
import { dataText } from './text.ts';

/** What the platform itself adds to the cabinet's menu. */
export const platformCabinet: readonly MenuEntry[] = [
  {
    title: { uk: 'Повідомлення', en: 'Messages' },
    summary: { uk: 'Що місто вам писало', en: 'What the city has written to you' },
    href: '/cabinet/messages',
  },
  {
    title: { uk: 'Мої дані', en: 'My data' },
    summary: { uk: 'Хто їх переглядав, завантажити все', en: 'Who looked at them; download everything' },
    href: '/cabinet/data',
  },
];

const perPage = 50;

/** «Хто переглядав мої дані» and the download of everything. Mounted at `/`. */
export function dataPages(platform: Platform): Hono<MistoEnv> {
  const pages = new Hono<MistoEnv>();

  pages.get('/cabinet/data', async (c) => {
    const person = signedIn(c);
    const { visit } = c.var;
    const { language } = visit;
    const text = dataText(language);
    const before = Math.trunc(Number(c.req.query('before'))) || undefined;
    const found = await viewersOf(platform, person.id, { limit: perPage + 1, ...(before && { before }) });
    const viewers = found.slice(0, perPage);
    const { links, asked } = await platform.work(person, async (work) => ({
      links: await dataLinks(work),
      asked: await questionsBy(work),
    }));
    const questions = questionText(language);
    return page(c, { title: text.title, shell: 'cabinet', current: '/cabinet/data', width: 'wide' }, [
      <PageHead title={text.title} lead={text.lead} />,
      <section aria-labelledby="viewers">
        <h2 id="viewers">{text.viewers}</h2>
        <Table
          caption={text.viewers}
          quietCaption
          rows={viewers}
          rowKey={(row) => String(row.number)}
          empty={<Empty title={text.nobody} icon="lock" />}
          columns={[
            {
              key: 'at',
              title: text.when,
              nowrap: true,
              cell: (row) => <time dateTime={row.at.toISOString()}>{formatDateTime(language, row.at)}</time>,
            },
            {
              key: 'who',
              title: text.who,
              cell: (row) => (
                <>
                  {row.who || text.unknown}
                  {row.organisation ? `, ${row.organisation}` : ''}{' '}
                  {row.breakGlass ? <Badge tone="warning">{text.emergency}</Badge> : null}
                </>
              ),
            },
            { key: 'purpose', title: text.purpose, cell: (row) => row.purpose },
            {
              key: 'what',
              title: text.what,
              cell: (row) => [row.resource, ...row.categories].join(', '),
            },
            {
              key: 'ask',
              title: questions.ask,
              cell: (row) => (
                <a
                  href={localPath(
                    language,
                    asked.has(row.number)
                      ? `/cabinet/data/questions/${asked.get(row.number)}`
                      : `/cabinet/data/viewers/${row.number}`,
                  )}
                >
                  {asked.has(row.number) ? questions.asked : questions.ask}
                  <span class="visually-hidden">: {formatDateTime(language, row.at)}</span>
                </a>
              ),
            },
          ]}
        />
        {found.length > perPage ? (
          <LinkButton
            look="secondary"
            href={localPath(language, `/cabinet/data?before=${viewers.at(-1)!.number}`)}
          >
            {text.older}
          </LinkButton>
        ) : null}
      </section>,
      <section aria-labelledby="download">
        <h2 id="download">{text.download}</h2>
        <p>{text.downloadLead}</p>
        {links.length > 0 ? (
          <ul>
            {links.map((link) => (
              <li>
                <a href={localPath(language, `/cabinet/data/export/${link.id}`)} download>
                  {text.archive(formatDateTime(language, link.madeAt))}
                </a>
                , {text.until(formatDateTime(language, link.until))}
              </li>
            ))}
          </ul>
        ) : null}
        <Form action={localPath(language, '/cabinet/data/export')} csrf={visit.csrfToken()}>
          <Actions>
            <Button icon="download">{text.makeLink}</Button>
          </Actions>
        </Form>
      </section>,
      <section aria-labelledby="erase">
        <h2 id="erase">{text.erase}</h2>
        <p>{text.eraseLead}</p>
        <Actions>
          <LinkButton look="secondary" href={localPath(language, '/cabinet/data/erasure')}>
            {text.erase}
          </LinkButton>
        </Actions>
      </section>,
    ]);
  });

  pages.post('/cabinet/data/export', async (c) => {
    const person = signedIn(c);
    mustProve(c, platform, proofs.export);
    await platform.work(person, makeDataLink, { requestId: c.var.visit.requestId });
    return c.redirect(localPath(c.var.visit.language, '/cabinet/data#download'), 303);
  });

  pages.get('/cabinet/data/export/:id', async (c) => {
    const person = signedIn(c);
    const id = z.uuid().safeParse(c.req.param('id')).data;
    if (!id) throw new NotFound('export');
    const archive = await dataArchive(platform, person, id, c.var.visit.language);
    return c.body(Readable.toWeb(Readable.from(archive)) as ReadableStream, 200, {
      'Content-Type': 'application/zip',
      'Content-Disposition': 'attachment; filename="misto-my-data.zip"',
      'Cache-Control': 'no-store',
    });
  });
  pages.route('/cabinet/data', questionPages(platform));
  return pages;
}
