import { sql } from 'drizzle-orm';
import type { Platform } from '#platform/system.ts';
import type { Actor } from '#platform/work.ts';
import { BarChart, Empty, FilterBar, Island, LineChart, LinkButton, Select } from '#ui/index.ts';
import { askSql } from '../datastore/ask-sql.ts';
import { groupsText, type Measure, measures, publicTable, type Step, steps } from '../datastore/question.ts';
import { type Field, isNumber } from '../datastore/table.ts';
import type { StoredTable } from '../datastore/tables.ts';
import { type Asked, askedQuery, filtersOf, mostConditions, narrowedQuery } from './asked.ts';
import type { Here } from './kit.tsx';
import { type Refused, RefusedNotice, refusalOf } from './refusal.tsx';
import { viewText } from './view-text.ts';

/** Groups that bars are drawn for, and points of a line. */
const [mostBars, mostPoints] = [30, 400];

export interface Drawn {
  readonly x: Field;
  readonly y: Field | null;
  readonly measure: Measure;
  readonly step: Step | null;
  /** The same as SQL, with all groups. */
  readonly text: string;
  readonly groups: readonly { readonly label: string; readonly value: number }[];
  /** Groups that were read, of so many. */
  readonly shown: number;
  readonly total: number;
  readonly refused: Refused | null;
}

const isTime = (field: Field): boolean => field.type === 'date' || field.type === 'timestamp';
const hasGroups = (field: Field): boolean => field.type !== 'json' && field.type !== '_text';

/** Draws what was asked of a table, or what tells most of it. */
export async function drawn(
  platform: Platform,
  actor: Actor,
  at: Here,
  table: StoredTable,
  asked: Asked,
): Promise<Drawn | null> {
  const x = table.fields.find(({ id }) => id === asked.x) ?? (await likelyGroup(platform, table));
  if (!x) return null;
  const chosen = table.fields.find(({ id, type }) => id === asked.y && isNumber(type)) ?? null;
  const measure = chosen ? (asked.measure === 'count' ? 'sum' : asked.measure) : 'count';
  const y = measure === 'count' ? null : chosen;
  const step = isTime(x) ? (asked.step ?? 'month') : null;
  const isLine = step !== null || isNumber(x.type);
  const limit = isLine ? mostPoints : mostBars;
  const narrowed = { filters: filtersOf(asked), q: asked.q };
  try {
    const text = groupsText(publicTable(table), narrowed, {
      by: x.id,
      step,
      measure,
      of: y?.id ?? null,
      limit: 10_000,
    });
    const shown = groupsText(publicTable(table), narrowed, {
      by: x.id,
      step,
      measure,
      of: y?.id ?? null,
      limit,
    });
    const answer = await askSql(platform.db, actor, shown);
    const rows = JSON.parse(answer.records) as { x: unknown; y: number | null; groups: number }[];
    return {
      x,
      y,
      measure,
      step,
      text,
      groups: withGaps(
        step,
        measure,
        rows.flatMap((row) => (row.y === null ? [] : [{ label: labelOf(at, row.x), value: Number(row.y) }])),
      ),
      shown: rows.length,
      total: rows[0]?.groups ?? 0,
      refused: null,
    };
  } catch (error) {
    const refused = refusalOf(at.language, error);
    return { x, y, measure, step, text: '', groups: [], shown: 0, total: 0, refused };
  }
}

function labelOf(at: Here, value: unknown): string {
  if (value === null || value === undefined) return at.text.blankCell;
  if (typeof value === 'boolean') return value ? at.text.yes : at.text.no;
  return String(value);
}

/** The column whose values most likely make telling groups: a time, else one with few values, by what PostgreSQL knows of them. */
async function likelyGroup(platform: Platform, table: StoredTable): Promise<Field | undefined> {
  const fields = table.fields.filter(hasGroups);
  const time = fields.find(isTime);
  if (time) return time;
  const { rows } = await platform.db.execute<{ id: string; values: number }>(sql`
    select attname as id, case when n_distinct < 0 then -n_distinct * ${table.rows ?? 1_000}::float8 else n_distinct end as values
    from pg_stats where schemaname = 'open_data_rows' and tablename = ${table.name}`);
  const values = new Map(rows.map((row) => [row.id, Number(row.values)]));
  const few = fields
    .filter(({ id, type }) => !isNumber(type) && (values.get(id) ?? 0) >= 2 && values.get(id)! <= mostBars)
    .sort((a, b) => values.get(b.id)! - values.get(a.id)!);
  return (
    few[0] ??
    fields.find(({ type }) => type === 'bool') ??
    fields.find(({ type }) => type === 'text') ??
    fields[0]
  );
}

export function ChartView(props: {
  at: Here;
  path: string;
  table: StoredTable;
  asked: Asked;
  drawn: Drawn | null;
  /** In an embed nothing is chosen. */
  plain?: boolean;
}) {
  const { at, table, asked, drawn: chart } = props;
  const words = viewText(at.language);
  if (!chart) return <Empty title={words.nothingToDraw} icon="chart" />;
  const label = (field: Field) => String(field.info?.label || field.id);
  const option = (field: Field) => ({ value: field.id, label: label(field) });
  return (
    <>
      {!props.plain && (
        <FilterBar
          action={at.href(props.path)}
          hidden={{ view: 'chart', ...narrowedQuery(asked) } as Record<string, string>}
        >
          <Select
            name="x"
            label={words.groupBy}
            options={table.fields.filter(hasGroups).map(option)}
            value={chart.x.id}
          />
          <Select
            name="y"
            label={words.measured}
            options={table.fields.filter(({ type }) => isNumber(type)).map(option)}
            value={chart.y?.id ?? ''}
            empty={words.rowCount}
          />
          <Select
            name="measure"
            label={words.how}
            options={measures
              .filter((one) => one !== 'count')
              .map((one) => ({ value: one as string, label: words.measures[one] }))}
            value={chart.measure === 'count' ? 'sum' : chart.measure}
          />
          {chart.step !== null && (
            <Select
              name="step"
              label={words.step}
              options={steps.map((one) => ({ value: one as string, label: words.steps[one] }))}
              value={chart.step}
            />
          )}
        </FilterBar>
      )}
      {chart.refused ? (
        <RefusedNotice at={at} refused={chart.refused} />
      ) : chart.groups.length === 0 ? (
        <Empty
          title={at.text.noRows}
          icon="search"
          action={<LinkButton href={at.href(props.path, { view: 'chart' })}>{at.text.clear}</LinkButton>}
        />
      ) : (
        <Picture
          at={at}
          chart={chart}
          title={titleOf(at, chart, label)}
          xTitle={label(chart.x)}
          part={props.plain ? null : partHref(at, props.path, asked, chart)}
        />
      )}
      {chart.total > chart.shown && (
        <p>
          {words.someGroups(at.number(chart.shown), at.number(chart.total))}{' '}
          <a href={at.href('/query', { sql: chart.text })} target={props.plain ? '_blank' : undefined}>
            {words.allGroups}
          </a>
        </p>
      )}
    </>
  );
}

function titleOf(at: Here, chart: Drawn, label: (field: Field) => string): string {
  const words = viewText(at.language);
  return words.chartOf(
    chart.y ? `${words.measures[chart.measure]} «${label(chart.y)}»` : words.rowCount,
    label(chart.x),
  );
}

/** Address of the same chart for a part of its line, its ends left open; null: there is no room for two conditions more. */
function partHref(at: Here, path: string, asked: Asked, chart: Drawn): string | null {
  const { id } = chart.x;
  const others = asked.conditions.filter(
    ({ column, operator }) => column !== id || operator === 'eq' || operator === 'ne',
  );
  if (others.length + 2 > mostConditions) return null;
  const conditions = [
    ...others,
    { column: id, operator: 'gte', value: '{from}' },
    { column: id, operator: chart.step ? 'lt' : 'lte', value: '{to}' },
  ];
  return at.href(path, askedQuery({ ...asked, x: id, conditions }));
}

function Picture(props: {
  at: Here;
  chart: Drawn;
  title: string;
  xTitle: string;
  /** Where a part that is drawn over leads; null: nothing is drawn over. */
  part: string | null;
}) {
  const { at, chart, title, part } = props;
  const format = (value: number) => at.number(value, { maximumFractionDigits: 2 });
  const isLine = (chart.step !== null || isNumber(chart.x.type)) && chart.groups.length > 6;
  if (!isLine || chart.groups.some(({ value }) => value < 0))
    return <BarChart title={title} labelTitle={props.xTitle} data={chart.groups} format={format} />;
  const labels = chart.groups.map(({ label }) => label);
  const values = chart.groups.map(({ value }) => value);
  const line = (
    <LineChart
      title={title}
      labelTitle={props.xTitle}
      labels={labels}
      series={[{ label: title, values }]}
      format={format}
    />
  );
  // Rows without a time or a number stand behind the others and are no part of the line.
  if (part === null || labels.includes(at.text.blankCell)) return line;
  return (
    <Island
      name="chart-brush"
      props={{
        labels,
        values: values.map(format),
        step: chart.step,
        href: part,
        hint: viewText(at.language).brush,
      }}
    >
      {line}
    </Island>
  );
}

/** Days, months and years without rows count as none, so that a line does not leap over them. */
function withGaps(
  step: Step | null,
  measure: Measure,
  groups: readonly { readonly label: string; readonly value: number }[],
): readonly { readonly label: string; readonly value: number }[] {
  const [first, last] = [groups[0]?.label, groups.findLast(({ label }) => /^\d/.test(label))?.label];
  if (step === null || (measure !== 'count' && measure !== 'sum') || !first || !last) return groups;
  const known = new Map(groups.map(({ label, value }) => [label, value]));
  const filled: { label: string; value: number }[] = [];
  const day = new Date(`${first.padEnd(10, '-01')}T00:00:00Z`);
  const width = { day: 10, month: 7, year: 4 }[step];
  for (let label = first; label <= last; ) {
    if (filled.length >= mostPoints) return groups;
    filled.push({ label, value: known.get(label) ?? 0 });
    if (step === 'day') day.setUTCDate(day.getUTCDate() + 1);
    else if (step === 'month') day.setUTCMonth(day.getUTCMonth() + 1);
    else day.setUTCFullYear(day.getUTCFullYear() + 1);
    label = day.toISOString().slice(0, width);
  }
  return [...filled, ...groups.filter(({ label }) => label > last || !/^\d/.test(label))];
}
