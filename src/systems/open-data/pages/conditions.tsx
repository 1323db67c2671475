import { FilterBar, Select, TextInput } from '#ui/index.ts';
import type { StoredTable } from '../datastore/tables.ts';
import { type Asked, askedQuery } from './asked.ts';
import type { Here } from './kit.tsx';

/** Conditions that the form offers at once; those that hold are all there. */
const offered = 3;

/** The words and conditions that narrow the rows, of every view alike. */
export function Conditions(props: { at: Here; path: string; table: StoredTable; asked: Asked }) {
  const { at, path, table, asked } = props;
  const labels = new Map(table.fields.map(({ id, info }) => [id, String(info?.label || id)]));
  const options = [...labels].map(([value, label]) => ({ value, label }));
  const operators = Object.entries(at.text.operators).map(([value, label]) => ({ value, label }));
  // Those that hold, and one more to be filled in.
  const rows = [
    ...asked.conditions,
    ...(asked.conditions.length < offered ? [{ column: '', operator: 'eq', value: '' }] : []),
  ];
  const own = Object.fromEntries(
    Object.entries(askedQuery({ ...asked, q: '', conditions: [] })).map(([key, value]) => [
      key,
      value ? String(value) : undefined,
    ]),
  );
  const without = (n: number) => ({ ...asked, conditions: asked.conditions.filter((_, i) => i !== n) });
  return (
    <FilterBar
      action={at.href(path)}
      active={[
        ...(asked.q
          ? [{ label: `«${asked.q}»`, removeHref: at.href(path, askedQuery({ ...asked, q: '' })) }]
          : []),
        ...asked.conditions.map(({ column, operator, value }, n) => ({
          label: `${column === '_id' ? '№' : (labels.get(column) ?? column)} ${at.text.operators[operator] ?? operator} ${value || at.text.blankCell}`,
          removeHref: at.href(path, askedQuery(without(n))),
        })),
      ]}
      clearHref={at.href(path, askedQuery({ ...asked, q: '', conditions: [] }))}
      hidden={own}
      folded
    >
      <TextInput name="q" label={at.text.find} value={asked.q} />
      {rows.flatMap((condition, n) => [
        <Select
          key={`c${n}`}
          name={`c${n + 1}`}
          label={n === 0 ? at.text.addCondition : `${at.text.addCondition} ${n + 1}`}
          options={condition.column === '_id' ? [{ value: '_id', label: '№' }, ...options] : options}
          value={condition.column}
          empty={at.text.anyColumn}
        />,
        <Select
          key={`o${n}`}
          name={`o${n + 1}`}
          label={n === 0 ? at.text.operator : `${at.text.operator} ${n + 1}`}
          options={operators}
          value={condition.operator}
        />,
        <TextInput
          key={`v${n}`}
          name={`v${n + 1}`}
          label={n === 0 ? at.text.value : `${at.text.value} ${n + 1}`}
          value={condition.value}
        />,
      ])}
    </FilterBar>
  );
}
