import { sql } from 'drizzle-orm';
import type { Context } from 'hono';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { Actions, Button, Checkboxes, Form, Notice, Section, Select, TextInput } from '#ui/index.ts';
import { findDataset } from '../datasets.ts';
import { groupsText, joinedTable, measures, publicTable, rowsText } from '../datastore/question.ts';
import { type DataTable, type Field, isNumber } from '../datastore/table.ts';
import { type StoredTable, tablesNamed } from '../datastore/tables.ts';
import { Absent, Faulty } from '../faults.ts';
import { isUuid } from '../names.ts';
import { isPublic } from '../rights.ts';
import { askedOf, filtersOf } from './asked.ts';
import { type Here, here } from './kit.tsx';
import { queryText } from './query-text.ts';
import { viewText } from './view-text.ts';

/** Conditions of the form. */
const conditions = 3;

interface Chosen {
  readonly left: StoredTable;
  readonly right: StoredTable | null;
  /** What the tables are called, by resource. */
  readonly titles: ReadonlyMap<string, string>;
}

/** The tables that the address names, as far as everybody may read them. */
async function chosenOf(platform: Platform, c: Context<MistoEnv>): Promise<Chosen | null> {
  const names = [c.req.query('from') ?? '', c.req.query('join') ?? ''].filter(isUuid);
  const found = await tablesNamed(platform.db, names);
  const open = async (name: string | undefined) => {
    const table = name ? found.get(name) : undefined;
    if (!table) return null;
    const dataset = await findDataset(platform.db, table.dataset).catch((error: unknown) => {
      if (error instanceof Absent) return null;
      throw error;
    });
    return dataset && isPublic(dataset) ? table : null;
  };
  const left = await open(c.req.query('from'));
  if (!left) return null;
  const { rows } = await platform.db.execute<{ id: string; title: string }>(sql`
    select r.id, coalesce(nullif(r.name, ''), d.title) as title from od_resource r join od_dataset d on d.id = r.dataset
    where r.id in (select jsonb_array_elements_text(${JSON.stringify(names)}::jsonb)::uuid)`);
  const titles = new Map(rows.map((row) => [row.id, row.title]));
  return { left, right: await open(c.req.query('join')), titles };
}

const joined = ({ left, right }: Chosen, on: { left: string; right: string }): DataTable =>
  right ? joinedTable(left, right, on) : publicTable(left);

/** A query put together by choosing: it becomes SQL that can be read, changed and sent. */
export async function QueryForm(props: { platform: Platform; c: Context<MistoEnv>; at: Here }) {
  const { c, at } = props;
  const words = queryText(at.language);
  const chosen = await chosenOf(props.platform, c);
  if (!chosen)
    return (
      <Section title={words.form} id="form">
        <p>
          {words.formLead} <a href="#schema">{words.schema}</a>
        </p>
      </Section>
    );
  const { left, right } = chosen;
  const labelOf = (field: Field) => String(field.info?.label || field.id);
  const option = (field: Field) => ({ value: field.id, label: labelOf(field) });
  const whole = joined(chosen, { left: left.fields[0]!.id, right: right?.fields[0]?.id ?? '' });
  const options = whole.fields.map(option);
  const same = left.fields.find(({ id }) => right?.fields.some((one) => one.id === id));
  const operators = Object.entries(at.text.operators).map(([value, label]) => ({ value, label }));
  return (
    <Section title={words.form} id="form">
      {c.req.query('fault') !== undefined && (
        <Notice tone="danger" live>
          <p>{c.req.query('fault') || words.wrongJoin}</p>
        </Notice>
      )}
      <Form
        action={at.href('/query/build')}
        method="get"
        hidden={{ from: left.resource, join: right?.resource }}
      >
        <p>
          {words.formOf(chosen.titles.get(left.resource) ?? '')}
          {right && ` ${words.joinWith(chosen.titles.get(right.resource) ?? '')}`}
        </p>
        {right && (
          <>
            <div class="field-row">
              <Select
                name="on_left"
                label={words.on}
                options={left.fields.map(option)}
                value={same?.id ?? ''}
                empty="—"
              />
              <Select
                name="on_right"
                label={words.onRight}
                options={right.fields.map(option)}
                value={same?.id ?? ''}
                empty="—"
              />
            </div>
            <p>
              <a href={`${at.href('/query', { from: left.resource })}#form`}>{words.dropJoin}</a>
            </p>
          </>
        )}
        <Checkboxes name="column" label={words.columns} hint={words.columnsHint} options={options} inline />
        {Array.from({ length: conditions }, (_, n) => (
          <div key={n} class="field-row">
            <Select
              name={`c${n + 1}`}
              label={`${at.text.condition} ${n + 1}`}
              options={options}
              empty={at.text.anyColumn}
            />
            <Select
              name={`o${n + 1}`}
              label={`${at.text.operator} ${n + 1}`}
              options={operators}
              value="eq"
            />
            <TextInput name={`v${n + 1}`} label={`${at.text.value} ${n + 1}`} />
          </div>
        ))}
        <div class="field-row">
          <Select name="group" label={words.groupBy} options={options} empty={words.noGroups} />
          <Select
            name="measure"
            label={words.measure}
            options={measures.map((one) => ({
              value: one as string,
              label: one === 'count' ? viewText(at.language).rowCount : viewText(at.language).measures[one],
            }))}
            value="count"
          />
          <Select
            name="of"
            label={words.of}
            options={whole.fields.filter(({ type }) => isNumber(type)).map(option)}
            empty="—"
          />
        </div>
        <TextInput name="limit" label={words.limit} value="100" inputmode="numeric" />
        <Actions>
          <Button type="submit">{words.write}</Button>
        </Actions>
      </Form>
    </Section>
  );
}

/** `/open-data/query/build`: the form as SQL; leads to the query page, which runs it. */
export function buildQuery(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const chosen = await chosenOf(platform, c);
    if (!chosen) return c.redirect(at.href('/query'), 303);
    const back = (fault: string) =>
      c.redirect(
        `${at.href('/query', { from: chosen.left.resource, join: chosen.right?.resource })}&fault=${encodeURIComponent(fault)}#form`,
        303,
      );
    const has = (table: StoredTable | null, id: string) => table?.fields.some((field) => field.id === id);
    const on = { left: c.req.query('on_left') ?? '', right: c.req.query('on_right') ?? '' };
    if (chosen.right && !(has(chosen.left, on.left) && has(chosen.right, on.right))) return back('');
    const table = joined(chosen, on);
    const known = new Map(table.fields.map((field) => [field.id, field]));
    const columns = (c.req.queries('column') ?? []).filter((id) => known.has(id));
    const limit = Math.min(Math.max(Number.parseInt(c.req.query('limit') ?? '', 10) || 100, 1), 32_000);
    const group = known.get(c.req.query('group') ?? '');
    const measure = measures.find((one) => one === c.req.query('measure')) ?? 'count';
    const of = known.get(c.req.query('of') ?? '');
    const isMeasured = measure !== 'count' && of !== undefined && isNumber(of.type);
    try {
      const narrowed = { filters: filtersOf(askedOf(c)) };
      const text = group
        ? groupsText(table, narrowed, {
            by: group.id,
            step: null,
            measure: isMeasured ? measure : 'count',
            of: isMeasured ? of.id : null,
            limit,
          })
        : rowsText(table, { ...narrowed, fields: columns, limit });
      return c.redirect(at.href('/query', { sql: text }), 303);
    } catch (error) {
      if (!(error instanceof Faulty)) throw error;
      return back(error.message);
    }
  };
}
