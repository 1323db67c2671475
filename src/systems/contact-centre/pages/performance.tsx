import type { Context } from 'hono';
import { addMonths, localDate, startOfDay } from '#platform/calendar/index.ts';
import { NotFound } from '#platform/errors.ts';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import {
  BackLink,
  BarChart,
  Details,
  Empty,
  FilterBar,
  Grid,
  PageHead,
  Pagination,
  Section,
  Select,
  StackedBar,
  StatFigure,
  Table,
} from '#ui/index.ts';
import { csvLine } from '../api/bulk.ts';
import { type Methodology, methodologies } from '../methodology.ts';
import {
  byOrganisation,
  type FigureName,
  figureList,
  figureNames,
  type OrganisationFigures,
  type Part,
  type Period,
} from '../statistics.ts';
import { type Here, here, pageOf } from './kit.tsx';
import { RequestCards } from './list.tsx';
import { performanceText } from './performance-text.ts';
import { branchesOf, districtsOf, type Named, organisationsOf, requestsOf } from './reads.ts';

/** Days back from now. */
const spans = [30, 90, 365] as const;
/** Months that can be chosen, the current one included. */
const months = 13;
const perPage = 24;

/** What the address of the page asks for. */
interface Asked {
  readonly period: Period;
  readonly part: Part;
  /** The same for links; what is usual is left out. */
  readonly query: Readonly<Record<string, string | undefined>>;
}

function asked(c: Context<MistoEnv>, now: Date): Asked {
  const { period: chosen = '', district, branch } = c.req.query();
  const month = monthsBefore(now).find((one) => one === chosen);
  const span = spans.find((one) => String(one) === chosen);
  return {
    period: month
      ? { from: startOfDay(`${month}-01`), to: startOfDay(addMonths(`${month}-01`, 1)) }
      : { from: new Date(now.getTime() - (span ?? 90) * 86_400_000), to: now },
    part: { ...(district ? { district } : {}), ...(branch ? { branch } : {}) },
    query: { period: month ?? (span ? String(span) : undefined), district, branch },
  };
}

/** `2026-11` and those before it, the newest first. */
function monthsBefore(now: Date): string[] {
  const first = `${localDate(now).slice(0, 7)}-01`;
  return Array.from({ length: months }, (_, index) => addMonths(first, -index).slice(0, 7));
}

/** The best first; unranked ones by how much they had to do. */
const ranked = (rows: readonly OrganisationFigures[]): OrganisationFigures[] =>
  rows.toSorted((a, b) => (b.rank ?? -1) - (a.rank ?? -1) || b.due - a.due);

/** `/performance`: the league table, with how it is computed. */
export function performance(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const own = performanceText(at.language);
    const now = platform.clock.now();
    const { period, part, query } = asked(c, now);
    const [figures, districts, branches] = await Promise.all([
      byOrganisation(platform.db, period, part),
      districtsOf(platform.db, at.language),
      branchesOf(platform.db, at.language),
    ]);
    const rows = ranked(figures);
    const listOf = (figure: FigureName, organisation?: string) =>
      at.href(`/performance/${figure}`, { ...query, organisation });
    const link = (figure: FigureName, row: OrganisationFigures, text: string) => (
      <a href={listOf(figure, row.organisation)}>{text}</a>
    );
    const nameOf = (row: OrganisationFigures) => row.name?.[at.language] ?? row.organisation;
    const sum = (pick: (row: OrganisationFigures) => number) =>
      rows.reduce((total, row) => total + pick(row), 0);
    const percent = (value: number | null) =>
      value === null ? '–' : at.number(value, { style: 'percent', maximumFractionDigits: 1 });
    const placed = rows.filter((row) => row.rank !== null);
    const places = new Map(placed.map((row, index) => [row.organisation, index + 1]));
    return page(
      c,
      { title: own.title, description: own.lead, width: 'full' },
      <>
        <PageHead title={own.title} lead={own.lead} kicker={<a href={at.href('')}>{at.text.centre}</a>} />
        <FilterBar action={at.href('/performance')} active={[]} clearHref={at.href('/performance')}>
          <Select
            name="period"
            label={own.period}
            value={query.period ?? '90'}
            options={[
              ...spans.map((one) => ({ value: String(one), label: own.periods[one] })),
              ...monthsBefore(now).map((one) => ({
                value: one,
                label: `${one.slice(5)}.${one.slice(0, 4)}`,
              })),
            ]}
          />
          <Select
            name="district"
            label={own.district}
            value={part.district ?? ''}
            empty={own.any}
            options={options(districts)}
          />
          <Select
            name="branch"
            label={own.branch}
            value={part.branch ?? ''}
            empty={own.any}
            options={options(branches)}
          />
        </FilterBar>
        <p class="muted">
          {own.from(at.date(period.from), at.date(new Date(period.to.getTime() - 1)))}. {own.script}{' '}
          <a href={at.href('/performance.csv', query)}>{own.file}</a>
        </p>
        {rows.length === 0 ? (
          <Empty title={own.none} />
        ) : (
          <>
            <Grid>
              <StatFigure
                label={own.claims}
                value={at.number(sum((row) => row.claims))}
                href={listOf('claims')}
              />
              <StatFigure
                label={own.confirmed}
                value={at.number(sum((row) => row.confirmed))}
                href={listOf('confirmed')}
              />
              <StatFigure
                label={own.overdue}
                value={at.number(sum((row) => row.overdueOpen))}
                href={listOf('overdueOpen')}
              />
            </Grid>
            {placed.length > 0 && (
              <BarChart
                title={own.ranking}
                note={own.rankingNote}
                max={1}
                format={percent}
                labelTitle={own.organisation}
                data={placed.map((row) => ({
                  label: nameOf(row),
                  value: row.rank ?? 0,
                  href: listOf('confirmedOnTime', row.organisation),
                }))}
              />
            )}
            <StackedBar
              title={own.outcomes}
              data={[
                { label: own.confirmed, value: sum((row) => row.confirmed), tone: 'good' },
                { label: own.unverified, value: sum((row) => row.unverified), tone: 'neutral' },
                { label: own.vetoed, value: sum((row) => row.vetoed), tone: 'danger' },
              ]}
            />
            <h2>{own.table}</h2>
            <Table
              caption={own.table}
              quietCaption
              rows={rows}
              rowKey={(row) => row.organisation}
              columns={[
                {
                  key: 'place',
                  title: own.place,
                  numeric: true,
                  cell: (row) => places.get(row.organisation) ?? '–',
                },
                {
                  key: 'organisation',
                  title: own.organisation,
                  header: true,
                  cell: (row) => (
                    <a href={at.href('/requests', { organisation: row.organisation })}>{nameOf(row)}</a>
                  ),
                },
                {
                  key: 'claims',
                  title: own.claims,
                  numeric: true,
                  cell: (row) => link('claims', row, at.number(row.claims)),
                },
                {
                  key: 'due',
                  title: own.due,
                  numeric: true,
                  cell: (row) => link('due', row, at.number(row.due)),
                },
                {
                  key: 'onTime',
                  title: own.onTime,
                  numeric: true,
                  cell: (row) => link('onTime', row, percent(row.onTimeShare)),
                },
                {
                  key: 'confirmed',
                  title: own.confirmedShare,
                  numeric: true,
                  cell: (row) =>
                    link('confirmed', row, `${percent(row.confirmedShare)} (${at.number(row.confirmed)})`),
                },
                {
                  key: 'unverified',
                  title: own.unverified,
                  numeric: true,
                  cell: (row) =>
                    link('unverified', row, `${percent(row.unverifiedShare)} (${at.number(row.unverified)})`),
                },
                {
                  key: 'truth',
                  title: own.truthfulness,
                  numeric: true,
                  cell: (row) => link('vetoed', row, percent(row.truthfulness)),
                },
                {
                  key: 'grade',
                  title: own.grade,
                  numeric: true,
                  cell: (row) =>
                    row.meanGrade === null
                      ? '–'
                      : `${at.number(row.meanGrade, { maximumFractionDigits: 2 })} (n = ${at.number(row.grades)})`,
                },
                { key: 'asked', title: own.asked, numeric: true, cell: (row) => percent(row.askedShare) },
                {
                  key: 'reworks',
                  title: own.reworks,
                  numeric: true,
                  cell: (row) => (
                    <>
                      {link('once', row, at.number(row.reworks.once))} /{' '}
                      {link('twice', row, at.number(row.reworks.twice))} /{' '}
                      {link('more', row, at.number(row.reworks.more))}
                    </>
                  ),
                },
                {
                  key: 'median',
                  title: own.median,
                  numeric: true,
                  cell: (row) =>
                    row.medianHours === null ? '–' : at.number(row.medianHours, { maximumFractionDigits: 1 }),
                },
                {
                  key: 'ofTerm',
                  title: own.medianOfTerm,
                  numeric: true,
                  cell: (row) => percent(row.medianOfTerm),
                },
              ]}
            />
          </>
        )}
        <Details summary={own.method}>
          <Rules at={at} methodology={methodologies[0]!} />
          <p>
            <a href={at.href('/performance/methodology')}>{own.methodology}</a>
          </p>
        </Details>
      </>,
    );
  };
}

function Rules(props: { at: Here; methodology: Methodology }) {
  return (
    <ul>
      {props.methodology.rules.map((rule) => (
        <li key={rule.en}>{rule[props.at.language]}</li>
      ))}
    </ul>
  );
}

/** `/performance/methodology`: how the table is computed, and how it was before. */
export function performanceMethodology() {
  return (c: Context<MistoEnv>): Response => {
    const at = here(c);
    const own = performanceText(at.language);
    return page(
      c,
      {
        title: own.methodology,
        before: <BackLink href={at.href('/performance')}>{own.back}</BackLink>,
      },
      <>
        <PageHead title={own.methodology} lead={own.methodologyLead} />
        {methodologies.map((one) => (
          <Section key={one.version} title={own.version(one.version, at.date(startOfDay(one.since)))}>
            <p>{one.changed[at.language]}</p>
            <Rules at={at} methodology={one} />
          </Section>
        ))}
      </>,
    );
  };
}

const options = (rows: readonly Named[]) => rows.map((row) => ({ value: row.code, label: row.name }));

/** `/performance/{figure}`: what a figure counts; what is not published is a number only. */
export function performanceList(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const own = performanceText(at.language);
    const figure = figureNames.find((one) => one === c.req.param('figure'));
    if (!figure) throw new NotFound('figure');
    const { period, part, query } = asked(c, platform.clock.now());
    const organisations = await organisationsOf(platform.db, at.language);
    const organisation = organisations.find(({ code }) => code === c.req.query('organisation'));
    if (c.req.query('organisation') && !organisation) throw new NotFound('organisation');
    const number = pageOf(c);
    const found = await figureList(
      platform.db,
      { figure, period, part, ...(organisation ? { organisation: organisation.code } : {}) },
      { limit: perPage, offset: (number - 1) * perPage },
    );
    const rows = await requestsOf(platform.db, at.language, found.numbers);
    const title = own.list(titleOf(own, figure), organisation?.name ?? own.everyone);
    const hidden = found.total - found.shown;
    return page(
      c,
      {
        title,
        width: 'wide',
        index: false,
        before: <BackLink href={at.href('/performance', query)}>{own.back}</BackLink>,
      },
      <>
        <PageHead
          title={title}
          lead={own.from(at.date(period.from), at.date(new Date(period.to.getTime() - 1)))}
        />
        <p role="status">
          {own.counted(at.number(found.total))} {hidden > 0 && own.unpublished(at.number(hidden))}
        </p>
        {rows.length > 0 && <RequestCards at={at} rows={rows} level={2} />}
        <Pagination
          page={number}
          pages={Math.ceil(found.shown / perPage)}
          href={(target) =>
            at.href(`/performance/${figure}`, { ...query, organisation: organisation?.code, page: target })
          }
        />
      </>,
    );
  };
}

function titleOf(own: ReturnType<typeof performanceText>, figure: FigureName): string {
  const titles: Readonly<Record<FigureName, string>> = {
    claims: own.claims,
    closed: own.closed,
    confirmed: own.confirmed,
    unverified: own.unverified,
    due: own.due,
    onTime: own.onTimeList,
    confirmedOnTime: own.confirmedOnTime,
    overdueOpen: own.overdue,
    vetoed: own.vetoed,
    ...own.reworksOf,
  };
  return titles[figure];
}

const columns = [
  'from',
  'to',
  'organisation',
  'name',
  'place',
  'rank',
  'claims',
  'closed',
  'confirmed',
  'unverified',
  'due',
  'on_time',
  'confirmed_on_time',
  'overdue_open',
  'vetoed',
  'truthfulness',
  'reworks_1',
  'reworks_2',
  'reworks_3_and_more',
  'mean_grade',
  'grades',
  'median_hours',
  'median_of_term',
  'asked_share',
  'methodology',
] as const;

/** `/performance.csv`: the same figures for programs, to the last digit; `bom=1` for a spreadsheet, as in the bulk files. */
export function performanceFile(platform: Platform) {
  return async (c: Context<MistoEnv>): Promise<Response> => {
    const { language } = here(c);
    const { period, part } = asked(c, platform.clock.now());
    const rows = ranked(await byOrganisation(platform.db, period, part));
    const lines = rows.map((row, index) =>
      csvLine([
        period.from.toISOString(),
        period.to.toISOString(),
        row.organisation,
        row.name?.[language] ?? null,
        row.rank === null ? null : index + 1,
        row.rank,
        row.claims,
        row.closed,
        row.confirmed,
        row.unverified,
        row.due,
        row.onTime,
        row.confirmedOnTime,
        row.overdueOpen,
        row.vetoed,
        row.truthfulness,
        row.reworks.once,
        row.reworks.twice,
        row.reworks.more,
        row.meanGrade,
        row.grades,
        row.medianHours,
        row.medianOfTerm,
        row.askedShare,
        methodologies[0]!.version,
      ]),
    );
    const bom = c.req.query('bom') === '1' ? '\ufeff' : '';
    return new Response(`${bom}${csvLine(columns)}${lines.join('')}`, {
      headers: {
        'content-type': 'text/csv; charset=utf-8; header=present',
        'content-disposition': 'attachment; filename="performance.csv"',
      },
    });
  };
}
