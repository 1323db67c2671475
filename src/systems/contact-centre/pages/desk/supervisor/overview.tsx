import type { Context } from 'hono';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { BarChart, Grid, LineChart, LinkButton, PageHead, Section, StatFigure, Table } from '#ui/index.ts';
import { closedSize, triageList } from '../../../lists/index.ts';
import { flowByDay, type Load, loadByOrganisation, registeredByHour } from '../../../load.ts';
import { permission } from '../../../permissions.ts';
import { byOrganisation, overview, type QueueName } from '../../../statistics.ts';
import { holdText } from '../request/hold-text.ts';
import { day, type Shift, shareDays, shiftOf } from './kit.ts';

/** Those that wait for the head of the shift, and how loud they are when there are any. */
const urgent: readonly (readonly [QueueName | 'breaches', 'danger' | 'warning'])[] = [
  ['overdue', 'danger'],
  ['breaches', 'warning'],
  ['returnedTwice', 'danger'],
  ['thirdRework', 'danger'],
  ['planOverdue', 'warning'],
  ['planToApprove', 'warning'],
  ['triage', 'warning'],
];
const others: readonly QueueName[] = [
  'open',
  'unaccepted',
  'rework',
  'claimed',
  'waitingReporter',
  'returned',
];

/** `/desk/supervisor`: figures, each the door to its list. */
export function overviewPage(platform: Platform) {
  return async (c: Context<MistoEnv>): Promise<Response> => {
    const shift = shiftOf(platform, c);
    const { at, words, now } = shift;
    const { actor } = c.var.visit;
    const { db } = platform;
    const month = { from: new Date(now.getTime() - shareDays * day), to: now };
    const [seen, waiting, load, flow, hours, league, unverified, judged] = await Promise.all([
      overview(db, actor, now),
      triageList(db, actor, now, { limit: 1 }),
      loadByOrganisation(db, actor, now),
      flowByDay(db, actor, now, 30),
      registeredByHour(db, actor, now, 7),
      byOrganisation(db, { from: new Date(now.getTime() - 90 * day), to: now }),
      closedSize(db, actor, { ...month, closings: ['unverified'] }),
      closedSize(db, actor, { ...month, closings: ['unverified', 'confirmed'] }),
    ]);
    const mine = new Set(load.map((one) => one.organisation));
    const onTime = league
      .filter((row) => row.onTimeShare !== null && row.due >= 10 && mine.has(row.organisation))
      .toSorted((a, b) => a.onTimeShare! - b.onTimeShare!);
    const count = (name: QueueName | 'breaches') =>
      name === 'breaches' ? seen.breachesInADay : seen.queues[name].count;
    const { confirmed, unverified: lapsed, other } = seen.closedInADay;
    const percent = (value: number) => at.number(value, { style: 'percent', maximumFractionDigits: 1 });
    return page(
      c,
      { title: words.title, shell: 'desk', width: 'full', private: true },
      <>
        <PageHead
          title={words.title}
          lead={words.lead}
          kicker={words.asOf(at.time(now))}
          {...(actor.grants.some((grant) => grant.permissions.has(permission('legal_hold')))
            ? {
                actions: (
                  <LinkButton look="secondary" href={at.href('/desk/legal-holds')}>
                    {holdText(at.language).listTitle}
                  </LinkButton>
                ),
              }
            : {})}
        />
        <Section title={words.urgent}>
          <Grid min="narrow">
            {urgent.map(([name, tone]) => (
              <StatFigure
                key={name}
                label={words.figures[name as keyof typeof words.figures]}
                value={at.number(count(name))}
                href={shift.href(`/list/${name}`)}
                {...(count(name) > 0 ? { tone } : {})}
                {...(name === 'triage' && waiting.rows[0]
                  ? { change: { text: words.oldest(span(shift, waiting.rows[0].waiting)), tone: 'neutral' } }
                  : {})}
              />
            ))}
          </Grid>
        </Section>
        <Section title={words.flow}>
          <Grid min="narrow">
            {others.map((name) => (
              <StatFigure
                key={name}
                label={words.figures[name as keyof typeof words.figures]}
                value={at.number(seen.queues[name].count)}
                href={shift.href(`/list/${name}`)}
              />
            ))}
            <StatFigure
              label={words.figures.closedToday}
              value={at.number(confirmed + lapsed + other)}
              href={shift.href('/list/closedToday')}
            />
            <StatFigure
              label={words.figures.unverified}
              value={at.number(unverified)}
              href={shift.href('/list/unverified')}
              {...(judged > 0
                ? {
                    change: {
                      text: words.share(percent(unverified / judged), at.number(judged)),
                      tone: 'neutral',
                    },
                  }
                : {})}
            />
          </Grid>
        </Section>
        <Grid min="wide">
          <LineChart
            title={words.charts.flow}
            note={words.charts.flowNote}
            labelTitle={words.charts.day}
            labels={flow.map((one) => one.day.split('-').reverse().slice(0, 2).join('.'))}
            series={[
              { label: words.charts.registered, values: flow.map((one) => one.registered) },
              { label: words.charts.closed, values: flow.map((one) => one.closed) },
            ]}
          />
          <LineChart
            title={words.charts.hours}
            note={words.charts.hoursNote}
            labelTitle={words.charts.hour}
            labels={hours.map((_, hour) => `${String(hour).padStart(2, '0')}:00`)}
            series={[{ label: words.charts.registered, values: hours }]}
          />
        </Grid>
        <Section title={words.load}>
          <LoadTable shift={shift} rows={load} />
          {onTime.length > 0 && (
            <BarChart
              title={words.charts.onTime}
              note={words.charts.onTimeNote}
              labelTitle={words.organisation}
              max={1}
              format={percent}
              data={onTime.map((row) => ({
                label: row.name?.[at.language] ?? row.organisation,
                value: row.onTimeShare!,
                href: shift.href('/list/overdue', { organisation: row.organisation }),
              }))}
            />
          )}
        </Section>
      </>,
    );
  };
}

const loadViews = {
  open: 'open',
  overdue: 'overdue',
  dueInADay: 'dueInADay',
  rework: 'rework',
} as const satisfies Record<string, QueueName>;

function LoadTable(props: { shift: Shift; rows: readonly Load[] }) {
  const { shift } = props;
  const { at, words } = shift;
  return (
    <Table
      caption={words.load}
      quietCaption
      rows={props.rows}
      rowKey={(row) => row.organisation}
      empty={<p class="muted">{words.noLoad}</p>}
      rowTone={(row) => (row.overdue > 0 ? 'warning' : undefined)}
      columns={[
        {
          key: 'organisation',
          title: words.organisation,
          header: true,
          cell: (row) => row.name?.[at.language] ?? row.organisation,
        },
        ...(Object.keys(loadViews) as (keyof typeof loadViews)[]).map((name) => ({
          key: name,
          title: words.columns[name],
          numeric: true,
          cell: (row: Load) => (
            <a href={shift.href(`/list/${loadViews[name]}`, { organisation: row.organisation })}>
              {at.number(row[name])}
            </a>
          ),
        })),
      ]}
    />
  );
}

/** Hours up to two days, then days. */
export function span({ at, words }: Shift, milliseconds: number): string {
  const hours = milliseconds / 3_600_000;
  return Math.abs(hours) < 48
    ? words.hours(at.number(hours, { maximumFractionDigits: Math.abs(hours) < 10 ? 1 : 0 }))
    : words.days(at.number(hours / 24, { maximumFractionDigits: 0 }));
}
