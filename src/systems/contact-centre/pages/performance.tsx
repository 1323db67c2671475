import type { Context } from 'hono';
import { page } from '#platform/http/page.tsx';
import { messages } from '#platform/i18n/index.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import {
  BarChart,
  Details,
  Empty,
  FilterBar,
  Grid,
  PageHead,
  Select,
  StackedBar,
  StatFigure,
  Table,
} from '#ui/index.ts';
import { byOrganisation, type OrganisationFigures } from '../statistics.ts';
import { here } from './kit.tsx';

const words = messages(
  {
    title: 'Хто як працює',
    lead: 'Підприємства за тим, що підтвердили самі заявники.',
    period: 'За останні',
    periods: { 30: '30 днів', 90: '90 днів', 365: '12 місяців' },
    from: (from: string, to: string) => `Закриті та прострочені з ${from} до ${to}`,
    claims: 'Повідомлень про виконання',
    confirmed: 'Підтверджено заявниками',
    unverified: 'Закрито без підтвердження',
    vetoed: 'Повернуто на доопрацювання',
    overdue: 'Відкриті з порушеним строком',
    ranking: 'Підтверджено вчасно: щонайменше така частка',
    rankingNote: 'Нижня межа за Вілсоном, 95 %. Менше ніж 30 заявок зі строком: без місця.',
    outcomes: 'Чим закінчилися повідомлення про виконання',
    table: 'Показники підприємств',
    organisation: 'Підприємство',
    place: 'Місце',
    due: 'Зі строком',
    onTime: 'Вчасно',
    confirmedShare: 'Підтверджено',
    truthfulness: 'Правдивість',
    grade: 'Оцінка',
    reworks: 'Доопрацювань 1 / 2 / 3+',
    median: 'Медіана, год',
    none: 'За цей час підприємства ще нічого не завершили',
    method: 'Як це обчислено',
    methods: [
      'Місце визначає нижня межа 95-відсоткового інтервалу Вілсона для частки «підтверджено вчасно» серед заявок зі строком.',
      'Вчасно: останнє повідомлення про виконання надійшло до строку. Відкрита заявка з минулим строком вважається простроченою.',
      'Правдивість: підтверджені, поділені на підтверджені та повернуті разом.',
      'Закриття без підтвердження не вважається успіхом. Приєднані заявки рахуються один раз, із головною.',
    ],
  },
  {
    en: {
      title: 'Who works how well',
      lead: 'Enterprises by what reporters themselves confirmed.',
      period: 'In the last',
      periods: { 30: '30 days', 90: '90 days', 365: '12 months' },
      from: (from, to) => `Closed and overdue from ${from} to ${to}`,
      claims: 'Claims of work done',
      confirmed: 'Confirmed by reporters',
      unverified: 'Closed without confirmation',
      vetoed: 'Sent back to rework',
      overdue: 'Open and overdue',
      ranking: 'Confirmed on time: at least this share',
      rankingNote: 'Lower Wilson bound, 95%. Below 30 requests with a term there is no rank.',
      outcomes: 'How claims of work done ended',
      table: 'Figures of enterprises',
      organisation: 'Enterprise',
      place: 'Rank',
      due: 'With a term',
      onTime: 'On time',
      confirmedShare: 'Confirmed',
      truthfulness: 'Truthfulness',
      grade: 'Grade',
      reworks: 'Reworks 1 / 2 / 3+',
      median: 'Median, h',
      none: 'No enterprise has finished anything in this time',
      method: 'How it is computed',
      methods: [
        'The rank follows the lower bound of the 95% Wilson interval of “confirmed on time” among requests with a term.',
        'On time: the last claim came before the term. An open request past its term is late.',
        'Truthfulness: confirmed divided by confirmed and sent back together.',
        'Closing without confirmation is no success. Joined requests count once, with the leading one.',
      ],
    },
  },
);

const periods = [30, 90, 365] as const;

/** `/performance`: the league table, with how it is computed. */
export function performance(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const own = words(at.language);
    const days = periods.find((one) => String(one) === c.req.query('days')) ?? 90;
    const to = platform.clock.now();
    const from = new Date(to.getTime() - days * 86_400_000);
    const rows = (await byOrganisation(platform.db, { from, to })).toSorted(
      (a, b) => (b.rank ?? -1) - (a.rank ?? -1) || b.due - a.due,
    );
    const nameOf = (row: OrganisationFigures) => row.name?.[at.language] ?? row.organisation;
    const sum = (pick: (row: OrganisationFigures) => number) =>
      rows.reduce((total, row) => total + pick(row), 0);
    const percent = (value: number | null) =>
      value === null ? '–' : at.number(value, { style: 'percent', maximumFractionDigits: 1 });
    const ranked = rows.filter((row) => row.rank !== null);
    const places = new Map(ranked.map((row, index) => [row.organisation, index + 1]));
    return page(
      c,
      { title: own.title, description: own.lead, width: 'full' },
      <>
        <PageHead title={own.title} lead={own.lead} kicker={<a href={at.href('')}>{at.text.centre}</a>} />
        <FilterBar action={at.href('/performance')} active={[]} clearHref={at.href('/performance')}>
          <Select
            name="days"
            label={own.period}
            value={String(days)}
            options={periods.map((one) => ({ value: String(one), label: own.periods[one] }))}
          />
        </FilterBar>
        <p class="muted">{own.from(at.date(from), at.date(to))}</p>
        {rows.length === 0 ? (
          <Empty title={own.none} />
        ) : (
          <>
            <Grid>
              <StatFigure label={own.claims} value={at.number(sum((row) => row.claims))} />
              <StatFigure
                label={own.confirmed}
                value={at.number(sum((row) => row.confirmed))}
                href={at.href('/requests', { state: 'closed:confirmed' })}
              />
              <StatFigure
                label={own.overdue}
                value={at.number(sum((row) => row.overdueOpen))}
                href={at.href('/requests', { overdue: '1' })}
              />
            </Grid>
            {ranked.length > 0 && (
              <BarChart
                title={own.ranking}
                note={own.rankingNote}
                max={1}
                format={percent}
                labelTitle={own.organisation}
                data={ranked.map((row) => ({
                  label: nameOf(row),
                  value: row.rank ?? 0,
                  href: at.href('/requests', { organisation: row.organisation }),
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
                { key: 'claims', title: own.claims, numeric: true, cell: (row) => at.number(row.claims) },
                { key: 'due', title: own.due, numeric: true, cell: (row) => at.number(row.due) },
                { key: 'onTime', title: own.onTime, numeric: true, cell: (row) => percent(row.onTimeShare) },
                {
                  key: 'confirmed',
                  title: own.confirmedShare,
                  numeric: true,
                  cell: (row) => percent(row.confirmedShare),
                },
                {
                  key: 'truth',
                  title: own.truthfulness,
                  numeric: true,
                  cell: (row) => percent(row.truthfulness),
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
                {
                  key: 'reworks',
                  title: own.reworks,
                  numeric: true,
                  cell: (row) =>
                    [row.reworks.once, row.reworks.twice, row.reworks.more]
                      .map((one) => at.number(one))
                      .join(' / '),
                },
                {
                  key: 'median',
                  title: own.median,
                  numeric: true,
                  cell: (row) =>
                    row.medianHours === null ? '–' : at.number(row.medianHours, { maximumFractionDigits: 1 }),
                },
              ]}
            />
          </>
        )}
        <Details summary={own.method}>
          <ul>
            {own.methods.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </Details>
      </>,
    );
  };
}
