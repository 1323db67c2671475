import type { Context } from 'hono';
import { Empty, Grid, PageHead, Section, StatFigure, Table, Tile } from '#ui/index.ts';
import { entriesOf, page } from '../http/page.tsx';
import { formatDateTime, formatNumber, localPath } from '../i18n/index.ts';
import type { MistoEnv, Platform } from '../system.ts';
import { homeText } from './text.ts';

const deadlinesShown = 10;

/** `/desk`: what waits for this member of staff in all systems, what is due next, and the way to each desk. */
export function deskHome(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const { language, actor } = c.var.visit;
    const text = homeText(language);
    const now = platform.clock.now();
    const href = (path: string) => localPath(language, path);
    const entries = entriesOf(platform, 'desk', actor);
    const waiting = await Promise.all(
      platform.systems.map(async (system) => ({
        system,
        ...((await system.waiting?.(platform.db, actor, language, now)) ?? { queues: [], deadlines: [] }),
      })),
    );
    const queues = waiting.flatMap(({ queues }) => queues);
    const deadlines = waiting
      .flatMap(({ deadlines }) => deadlines)
      .sort((a, b) => a.due.getTime() - b.due.getTime())
      .slice(0, deadlinesShown);
    return page(
      c,
      { title: text.desk, shell: 'desk', width: 'wide' },
      <>
        <PageHead title={text.desk} lead={actor.name} />
        {entries.length === 0 && <Empty title={text.deskEmpty} />}
        {queues.length > 0 && (
          <Section title={text.queues}>
            {queues.every(({ size }) => size === 0) && <p role="status">{text.nothingWaits}</p>}
            <Grid min="narrow">
              {queues.map((queue) => (
                <StatFigure
                  key={queue.href}
                  label={queue.title}
                  value={formatNumber(language, queue.size)}
                  href={href(queue.href)}
                  {...(queue.urgent && queue.size > 0 ? { tone: 'danger' as const } : {})}
                />
              ))}
            </Grid>
          </Section>
        )}
        {deadlines.length > 0 && (
          <Section title={text.deadlines}>
            <Table
              caption={text.deadlines}
              quietCaption
              rows={deadlines}
              rowKey={(one) => one.href}
              rowTone={(one) => (one.due < now ? 'danger' : undefined)}
              columns={[
                {
                  key: 'due',
                  title: text.due,
                  nowrap: true,
                  cell: (one) => (
                    <>
                      <time dateTime={one.due.toISOString()}>{formatDateTime(language, one.due)}</time>
                      {one.due < now && `, ${text.late}`}
                    </>
                  ),
                },
                {
                  key: 'title',
                  title: text.work,
                  header: true,
                  cell: (one) => <a href={href(one.href)}>{one.title}</a>,
                },
                { key: 'place', title: text.place, cell: (one) => one.place },
              ]}
            />
          </Section>
        )}
        {entries.length > 0 && (
          <Section title={text.places}>
            <Grid>
              {entries.map((entry) => (
                <Tile
                  key={entry.href}
                  title={entry.title[language]}
                  summary={entry.summary?.[language]}
                  href={href(entry.href)}
                />
              ))}
            </Grid>
          </Section>
        )}
      </>,
    );
  };
}
