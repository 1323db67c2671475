import { BarChart, Empty, FilterBar, LineChart, Select } from '#ui/index.ts';
import type { Here } from './kit.tsx';
import { queryText } from './query-text.ts';

/** Rows that bars are drawn for, and points of a line. */
const [mostBars, mostPoints] = [30, 400];

const isNumeric = (type: string): boolean => /^(int|float|numeric)/.test(type);

/** The rows of an answer as a chart: one column names them, another is drawn. */
export function AnswerChart(props: {
  at: Here;
  sql: string;
  fields: readonly { readonly id: string; readonly type: string }[];
  records: readonly Readonly<Record<string, unknown>>[];
  axes: { readonly x: string | undefined; readonly y: string | undefined };
}) {
  const { at, fields, records } = props;
  const words = queryText(at.language);
  const numbers = fields.filter(({ type }) => isNumeric(type));
  const x = fields.find(({ id }) => id === props.axes.x) ?? fields[0];
  const y = numbers.find(({ id }) => id === props.axes.y) ?? numbers.find((one) => one !== x) ?? numbers[0];
  if (!x || !y) return <Empty title={words.noNumbers} icon="chart" />;
  const points = records.flatMap((row) =>
    row[y.id] === null || row[y.id] === undefined
      ? []
      : [{ label: String(row[x.id] ?? at.text.blankCell), value: Number(row[y.id]) }],
  );
  const isLine =
    points.length > 6 &&
    points.every(({ value }) => value >= 0) &&
    points.every(({ label }) => /^\d{4}(-\d\d)*/.test(label)) &&
    points.every(({ label }, n) => n === 0 || points[n - 1]!.label <= label);
  const shown = points.slice(0, isLine ? mostPoints : mostBars);
  const format = (value: number) => at.number(value, { maximumFractionDigits: 2 });
  const option = ({ id }: { readonly id: string }) => ({ value: id, label: id });
  return (
    <>
      <FilterBar action={at.href('/query')} hidden={{ sql: props.sql, view: 'chart' }}>
        <Select name="x" label={words.x} options={fields.map(option)} value={x.id} />
        <Select name="y" label={words.y} options={numbers.map(option)} value={y.id} />
      </FilterBar>
      {isLine ? (
        <LineChart
          title={y.id}
          labelTitle={x.id}
          labels={shown.map(({ label }) => label)}
          series={[{ label: y.id, values: shown.map(({ value }) => value) }]}
          format={format}
        />
      ) : (
        <BarChart title={y.id} labelTitle={x.id} data={shown} format={format} />
      )}
      {points.length > shown.length && (
        <p>{words.someRows(at.number(shown.length), at.number(points.length))}</p>
      )}
    </>
  );
}
