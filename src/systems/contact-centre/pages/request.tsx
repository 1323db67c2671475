import { sql } from 'drizzle-orm';
import type { Context } from 'hono';
import { NotFound } from '#platform/errors.ts';
import { page } from '#platform/http/page.tsx';
import { messages } from '#platform/i18n/index.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import {
  Actions,
  Button,
  Island,
  Notice,
  PageHead,
  Section,
  SummaryList,
  TextInput,
  Timeline,
} from '#ui/index.ts';
import type { HistoryMove } from '../states.ts';
import { type Here, here, StateBadge } from './kit.tsx';
import { newerThan, pageNews, requestTopic } from './news.ts';
import { publicPhotos, RequestPhotos } from './photos.tsx';
import {
  type ClockRow,
  clocksOf,
  historyOf,
  type IntervalRow,
  intervalsOf,
  isPublic,
  publicRequest,
} from './reads.ts';
import { termsText } from './terms-text.ts';
import { shownNumber, typedNumber } from './text.ts';

const words = messages(
  {
    history: 'Що відбувалося',
    terms: 'Строки',
    started: 'Відлік почався',
    met: 'виконано',
    missed: 'порушено',
    paused: 'призупинено',
    moved: (kind: string, from: string, to: string) => `${kind}: строк перенесено з ${from} на ${to}`,
    fresh: 'Заявка змінилася: оновити',
    master: 'Цю заявку приєднано до іншої:',
    trackTitle: 'Перевірити заявку',
    unknown: 'Оприлюдненої заявки з таким номером немає. Перевірте цифри.',
    malformed: 'Введіть 11 цифр номера заявки',
  },
  {
    en: {
      history: 'What happened',
      terms: 'Terms',
      started: 'Counting from',
      met: 'met',
      missed: 'missed',
      paused: 'paused',
      moved: (kind, from, to) => `${kind}: moved from ${from} to ${to}`,
      fresh: 'The request has changed: refresh',
      master: 'This request was joined to another one:',
      trackTitle: 'Check a request',
      unknown: 'No published request has this number. Check the digits.',
      malformed: 'Enter the 11 digits of the request number',
    },
  },
);

/** `/contact-centre/requests/{number}`: what everybody may know of one request. */
export function request(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const own = words(at.language);
    const number = typedNumber(c.req.param('number') ?? '');
    const found = await publicRequest(platform.db, at.language, number);
    if (!found) throw new NotFound('request');
    const [photos, history, clocks, intervals] = await Promise.all([
      publicPhotos(platform.db, number),
      historyOf(platform.db, number),
      clocksOf(platform.db, number),
      intervalsOf(platform.db, number),
    ]);
    const { text } = at;
    const late = found.due && found.state !== 'closed' && found.due < platform.clock.now();
    return page(
      c,
      { title: `${found.categoryName}, ${shownNumber(number)}` },
      <>
        {found.state !== 'closed' && (
          <Island
            name="page-news"
            props={{
              source: at.href(`/requests/${number}/news`, { version: found.version }),
              href: at.href(`/requests/${number}`),
              words: own.fresh,
            }}
          />
        )}
        <PageHead
          title={found.categoryName}
          kicker={<a href={at.href('/requests')}>{text.home.list}</a>}
          actions={<StateBadge language={at.language} state={found.state} closing={found.closing} />}
        />
        {found.master && (
          <Notice>
            <p>
              {own.master} <a href={at.href(`/requests/${found.master}`)}>{shownNumber(found.master)}</a>
            </p>
          </Notice>
        )}
        <p>{found.text ?? text.hiddenText}</p>
        <SummaryList
          rows={[
            { name: text.number, value: <span class="mono">{shownNumber(number)}</span> },
            { name: text.place, value: found.address ?? found.districtName ?? text.noPlace },
            { name: text.executor, value: found.organisationName ?? text.noExecutor },
            { name: text.created, value: at.time(found.createdAt) },
            {
              name: text.due,
              value: found.due ? `${at.time(found.due)}${late ? ` (${text.overdue})` : ''}` : text.noDue,
            },
            { name: text.people, value: at.number(found.reporters) },
          ]}
        />
        <RequestPhotos at={at} photos={photos} what={found.categoryName} />
        <Terms at={at} clocks={clocks} intervals={intervals} href={at.href(`/requests/${number}/terms`)} />
        <Section title={own.history}>
          <Timeline
            items={history.toReversed().map((entry) => ({
              title: text.moves[entry.move as HistoryMove] ?? entry.move,
              when: at.time(entry.at),
              dateTime: entry.at.toISOString(),
              ...(entry.who ? { who: entry.who } : {}),
              ...(entry.note ? { body: <p>{entry.note}</p> } : {}),
            }))}
          />
        </Section>
      </>,
    );
  };
}

/** `/contact-centre/requests/{number}/news`: whether a published request has changed since its page was drawn. */
export const requestNews = (platform: Platform) =>
  pageNews(
    platform,
    (topic, c) => topic === requestTopic(typedNumber(c.req.param('number') ?? '')),
    async (c) => {
      const { rows } = await platform.db.execute<{ version: string }>(
        sql`select r.version from cc_request r where r.number = ${typedNumber(c.req.param('number') ?? '')} and ${isPublic}`,
      );
      if (!rows[0]) throw new NotFound('request');
      return newerThan(c.req.query('version'), Number(rows[0].version));
    },
  );

/** Each clock with its end and everything that moved it; `href` leads to how the dates were found. */
export function Terms(props: {
  at: Here;
  clocks: readonly ClockRow[];
  intervals: readonly IntervalRow[];
  href: string;
}) {
  const { at } = props;
  const own = words(at.language);
  if (props.clocks.length === 0) return null;
  return (
    <Section title={own.terms} more={{ title: termsText(at.language).link, href: props.href }}>
      <SummaryList
        rows={props.clocks.map((clock) => {
          const mark = clock.breachedAt
            ? own.missed
            : clock.stoppedAt
              ? own.met
              : clock.pausedAt
                ? own.paused
                : '';
          return {
            name: at.text.clocks[clock.kind],
            value: (
              <>
                {at.time(clock.due)}
                {mark && ` (${mark})`}
                <br />
                <span class="muted">
                  {own.started} {at.time(clock.startedAt)}
                </span>
              </>
            ),
          };
        })}
      />
      {props.intervals.length > 0 && (
        <ul>
          {props.intervals.map((interval) => (
            <li key={`${interval.kind} ${interval.from.getTime()}`}>
              {own.moved(
                at.text.clocks[interval.kind as ClockRow['kind']] ?? interval.kind,
                at.time(interval.dueBefore),
                interval.dueAfter ? at.time(interval.dueAfter) : '…',
              )}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

/** `/contact-centre/track`: from a number as people type it to its page. */
export function track(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const own = words(at.language);
    const typed = c.req.query('number');
    const number = typedNumber(typed ?? '');
    if (number.length === 11 && (await publicRequest(platform.db, at.language, number)))
      return c.redirect(at.href(`/requests/${number}`), 303);
    const error = typed === undefined ? undefined : number.length === 11 ? own.unknown : own.malformed;
    return page(
      c,
      { title: own.trackTitle, ...(error ? { status: 422 } : {}) },
      <form class="form" action={at.href('/track')} method="get">
        <TextInput
          name="number"
          label={own.trackTitle}
          heading
          hint={at.text.home.findHint}
          inputmode="numeric"
          width="m"
          value={typed ?? ''}
          {...(error ? { error } : {})}
        />
        <Actions>
          <Button>{own.trackTitle}</Button>
        </Actions>
      </form>,
    );
  };
}
