import type { ComponentChildren } from 'preact';
import { Table } from '#ui/index.ts';
import { type Field, isNumber } from '../datastore/table.ts';
import type { Here } from './kit.tsx';

/** Longest text that a cell shows whole. */
const longest = 300;

/** One value of a table as people read it. */
export function Value(props: { at: Here; value: unknown; type: string }) {
  const { at, value, type } = props;
  if (value === null || value === undefined) return <span class="muted">{at.text.blankCell}</span>;
  if (typeof value === 'boolean') return <>{value ? at.text.yes : at.text.no}</>;
  if (typeof value === 'number')
    // A year stays a year: thousands are set apart from five digits on.
    return <>{at.number(value, { maximumFractionDigits: 12, useGrouping: 'min2' })}</>;
  if (Array.isArray(value)) return <>{value.join('; ')}</>;
  if (typeof value === 'object') return <code>{cut(JSON.stringify(value))}</code>;
  const text = String(value);
  if (type === 'date') return <>{at.date(new Date(`${text}T12:00:00Z`))}</>;
  if (type === 'timestamp')
    return (
      <span class="nowrap">
        {text.replace('T', ' ').replace(/ 00:00:00(\.000)?$|:00(\.000)?$|\.000$/, '')}
      </span>
    );
  if (/^https?:\/\/\S+$/.test(text))
    return (
      <a href={text} rel="nofollow noopener">
        {cut(text)}
      </a>
    );
  return <>{cut(text)}</>;
}

const cut = (text: string): string => (text.length > longest ? `${text.slice(0, longest)}…` : text);

/** Rows of a table as they are asked, each with its number in the file first. */
export function RowsTable(props: {
  at: Here;
  caption: string;
  fields: readonly Field[];
  /** `_id`, then the columns. */
  records: readonly (readonly unknown[])[];
  /** `column` or `-column`. */
  sort: string;
  /** Address of the rows in another order. */
  sortHref: (sort: string) => string;
  empty: ComponentChildren;
}) {
  const columns = [
    { id: '_id', type: 'int8' as const, label: '№' },
    ...props.fields.map((field) => ({ ...field, label: String(field.info?.label || field.id) })),
  ];
  return (
    <Table
      caption={props.caption}
      quietCaption
      columns={columns.map((column, n) => ({
        key: column.id,
        title: column.label,
        sortable: true,
        header: n === 0,
        numeric: isNumber(column.type),
        cell: (cells: readonly unknown[]) => <Value at={props.at} value={cells[n]} type={column.type} />,
      }))}
      rows={props.records}
      rowKey={(cells) => String(cells[0])}
      sort={{
        by: props.sort.replace(/^-/, '') || '_id',
        direction: props.sort.startsWith('-') ? 'desc' : 'asc',
      }}
      sortHref={({ by, direction }) => props.sortHref(direction === 'desc' ? `-${by}` : by)}
      empty={props.empty}
    />
  );
}
