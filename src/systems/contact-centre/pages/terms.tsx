import { sql } from 'drizzle-orm';
import type { Context } from 'hono';
import { can } from '#platform/access/index.ts';
import { type Explanation, explain } from '#platform/calendar/index.ts';
import type { Reader } from '#platform/database/pool.ts';
import { NotFound } from '#platform/errors.ts';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import {
  BackLink,
  Badge,
  Details,
  Empty,
  PageHead,
  Section,
  type Shell,
  SummaryList,
  Timeline,
} from '#ui/index.ts';
import { permission } from '../permissions.ts';
import { resourceAt } from '../scope.ts';
import { doorOf, followed } from './follow.tsx';
import { type Here, here } from './kit.tsx';
import { type ClockRow, clocksOf, type IntervalRow, intervalsOf, publicRequest } from './reads.ts';
import { termsText } from './terms-text.ts';
import { shownNumber, typedNumber } from './text.ts';

/** `/contact-centre/requests/{number}/terms`: how each date of a published request was found. */
export function publicTerms(platform: Platform) {
  return async (c: Context<MistoEnv>): Promise<Response> => {
    const at = here(c);
    const number = typedNumber(c.req.param('number') ?? '');
    if (!(await publicRequest(platform.db, at.language, number))) throw new NotFound('request');
    return draw(platform, c, number, at.href(`/requests/${number}`), {});
  };
}

/** The same for the holder of a follow link, whatever of the request is published. */
export function ownTerms(platform: Platform) {
  return async (c: Context<MistoEnv>): Promise<Response> => {
    const door = doorOf(c);
    const link = await followed(platform, door);
    return draw(platform, c, link.master ?? link.number, here(c).href(door.path), {
      private: true,
      index: false,
      shell: door.shell,
    });
  };
}

/** The same for staff, statutory appeals too; `back` is the page of the request at the desk that asks. */
export function deskTerms(platform: Platform, back: (number: string) => string) {
  return async (c: Context<MistoEnv>): Promise<Response> => {
    const number = typedNumber(c.req.param('number') ?? '');
    const { rows } = await platform.db.execute<{
      organisation: string | null;
      district: string | null;
      branch: string;
    }>(sql`select organisation, district, branch from cc_request where number = ${number} and not sandbox`);
    const found = rows[0];
    const { actor } = c.var.visit;
    if (
      !found ||
      !can(actor, permission('read_desk'), await resourceAt(platform.db, actor, { ...found, number }))
    )
      throw new NotFound('request');
    return draw(platform, c, number, here(c).href(back(number)), { shell: 'desk' });
  };
}

interface Born {
  readonly category: string;
  readonly version: number;
}

async function bornWith(db: Reader, at: Here, number: string): Promise<Born> {
  const { rows } = await db.execute<{ name: string | null; category: string; version: number }>(
    sql`select r.category, r.category_version as version, c.body->'name'->>${at.language} as name from cc_request r
      left join cc_category c on c.code = r.category and c.version = r.category_version where r.number = ${number}`,
  );
  const row = rows[0]!;
  return { category: row.name ?? row.category, version: Number(row.version) };
}

async function draw(
  platform: Platform,
  c: Context<MistoEnv>,
  number: string,
  back: string,
  options: { readonly shell?: Shell; readonly private?: boolean; readonly index?: boolean },
): Promise<Response> {
  const at = here(c);
  const words = termsText(at.language);
  const [clocks, intervals, born] = await Promise.all([
    clocksOf(platform.db, number),
    intervalsOf(platform.db, number),
    bornWith(platform.db, at, number),
  ]);
  return page(
    c,
    { title: `${words.title} ${shownNumber(number)}`, ...options },
    <>
      <BackLink href={back}>{words.back}</BackLink>
      <PageHead
        title={words.title}
        lead={words.lead}
        kicker={<span class="mono">{shownNumber(number)}</span>}
      />
      {clocks.length === 0 ? (
        <Empty title={words.none} />
      ) : (
        <p>{words.version(born.category, born.version)}</p>
      )}
      {clocks.map((clock) => (
        <ClockExplained
          key={clock.kind}
          at={at}
          clock={clock}
          intervals={intervals.filter(({ kind }) => kind === clock.kind)}
        />
      ))}
    </>,
  );
}

function ClockExplained(props: { at: Here; clock: ClockRow; intervals: readonly IntervalRow[] }) {
  const { at, clock, intervals } = props;
  const words = termsText(at.language);
  const first = intervals[0]?.dueBefore ?? clock.due;
  const state = clock.breachedAt ? 'missed' : clock.pausedAt ? 'paused' : clock.stoppedAt ? 'met' : 'running';
  const tone = { missed: 'danger', paused: 'warning', met: 'good', running: 'info' } as const;
  return (
    <Section title={at.text.clocks[clock.kind]}>
      <SummaryList
        rows={[
          { name: at.text.state, value: <Badge tone={tone[state]}>{words.states[state]}</Badge> },
          { name: words.from, value: at.time(clock.startedAt) },
          { name: words.first, value: at.time(first) },
          {
            name: words.now,
            value: intervals.length ? <strong>{at.time(clock.due)}</strong> : words.same,
          },
        ]}
      />
      {intervals.length === 0 ? (
        <p>{words.unmoved}</p>
      ) : (
        <>
          <h3>{words.moved}</h3>
          <Timeline
            items={intervals.map((interval) => ({
              title: words.why[interval.why] ?? interval.why,
              when:
                interval.to && interval.why !== 'extension'
                  ? words.span(at.time(interval.from), at.time(interval.to))
                  : at.time(interval.from),
              dateTime: interval.from.toISOString(),
              body: (
                <>
                  {interval.note && <p>{interval.note}</p>}
                  {interval.dueAfter && (
                    <p>{words.added(at.time(interval.dueBefore), at.time(interval.dueAfter))}</p>
                  )}
                </>
              ),
            }))}
          />
        </>
      )}
      {clock.pausedAt && <p>{words.paused(at.time(clock.pausedAt))}</p>}
      {clock.breachedAt && <p>{words.breached(at.time(clock.breachedAt))}</p>}
      {clock.stoppedAt && <p>{words.stopped(at.time(clock.stoppedAt))}</p>}
      <Details summary={words.howCounted} open>
        <ol>
          {explain(at.language, clock.explanation as Explanation).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ol>
      </Details>
    </Section>
  );
}
