import { sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import type { Platform } from '#platform/system.ts';
import { Actions, LinkButton, Search, Section } from '#ui/index.ts';
import type { Field } from '../datastore/table.ts';
import type { Here } from './kit.tsx';
import { queryText } from './query-text.ts';

/** Tables that the page lists; the rest is found by name. */
const listed = 20;

/** A table that everybody may ask. */
export interface ListedTable extends Record<string, unknown> {
  readonly resource: string;
  readonly title: string;
  readonly dataset: string;
  readonly dataset_title: string;
  readonly fields: readonly Field[];
  readonly rows: number | null;
  readonly aliases: readonly string[];
}

export interface ListedTables {
  readonly rows: readonly ListedTable[];
  readonly total: number;
  readonly asked: string;
  /** The table that a query is being put together of. */
  readonly from: string | undefined;
}

/** Public tables whose name, alias or dataset holds the text. */
export async function listedTables(
  platform: Platform,
  asked: string,
  from: string | undefined,
): Promise<ListedTables> {
  const like = `%${asked
    .trim()
    .slice(0, 100)
    .replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
  const found = sql`from od_table t join od_resource r on r.id = t.resource and r.state = 'active'
      join od_dataset d on d.id = r.dataset and not d.private and d.state in ('published', 'archived')
    where d.title ilike ${like} or r.name ilike ${like} or r.id::text ilike ${like}
      or exists (select from od_alias a where a.resource = r.id and a.alias ilike ${like})`;
  const [rows, total] = await Promise.all([
    platform.db.execute<ListedTable>(sql`
      select r.id as resource, coalesce(nullif(r.name, ''), d.title) as title, d.name as dataset, d.title as dataset_title,
        t.fields, t.rows::float8 as rows, array(select alias from od_alias a where a.resource = r.id order by alias) as aliases
      ${found} order by d.title collate "uk-UA-x-icu", d.id, r.position, r.id limit ${listed}`),
    platform.db.execute<{ n: number }>(sql`select count(*)::int as n ${found}`),
  ]);
  return { rows: rows.rows, total: total.rows[0]!.n, asked, from };
}

/** The versions that these resources serve now, with the pages of the resources. */
export async function versionsNow(
  reader: Reader,
  resources: readonly string[],
): Promise<{ readonly resource: string; readonly n: number; readonly href: string }[]> {
  const { rows } = await reader.execute<{ resource: string; n: number; dataset: string }>(sql`
    select r.id as resource, r.current_version as n, d.name as dataset from od_resource r join od_dataset d on d.id = r.dataset
    where r.current_version is not null
      and r.id in (select jsonb_array_elements_text(${JSON.stringify(resources)}::jsonb)::uuid) order by r.id`);
  return rows.map(({ resource, n, dataset }) => ({
    resource,
    n,
    href: `/open-data/dataset/${dataset}/resource/${resource}`,
  }));
}

/** What can be asked: tables with their columns and types; those of the query are open. */
export function Schema(props: { at: Here; tables: ListedTables; used: readonly string[]; sql: string }) {
  const { at, tables } = props;
  const words = queryText(at.language);
  const { from } = tables;
  return (
    <Section title={words.schema} id="schema">
      <Search
        action={at.href('/query')}
        name="tables"
        label={words.find}
        placeholder={words.find}
        value={tables.asked}
        id="tables"
      />
      {tables.rows.length === 0 && <p>{words.noTables}</p>}
      {tables.rows.map((table) => (
        <details key={table.resource} class="details" open={props.used.includes(table.resource)}>
          <summary>
            {table.title === table.dataset_title ? table.title : `${table.dataset_title}: ${table.title}`}
            {table.rows !== null && (
              <span class="muted">
                {' '}
                · {at.number(table.rows)} {at.text.rows(table.rows)}
              </span>
            )}
          </summary>
          <p>
            {table.aliases.map((alias) => (
              <>
                <code>"{alias}"</code>{' '}
              </>
            ))}
            <code>"{table.resource}"</code>
          </p>
          <p>
            {table.fields.map((field, n) => (
              <>
                {n > 0 && ', '}
                <code>"{field.id}"</code> <span class="muted">{at.text.types[field.type] ?? field.type}</span>
              </>
            ))}
          </p>
          <Actions>
            <LinkButton
              look="quiet"
              size="small"
              href={at.href('/query', { sql: `select * from "${table.resource}" limit 20` })}
            >
              {words.all}
            </LinkButton>
            <LinkButton
              look="quiet"
              size="small"
              href={`${at.href('/query', { from: table.resource })}#form`}
            >
              {words.build}
            </LinkButton>
            {from && from !== table.resource && (
              <LinkButton
                look="quiet"
                size="small"
                href={`${at.href('/query', { from, join: table.resource })}#form`}
              >
                {words.join}
              </LinkButton>
            )}
          </Actions>
        </details>
      ))}
      {tables.total > tables.rows.length && (
        <p class="muted">{words.someTables(at.number(tables.rows.length), at.number(tables.total))}</p>
      )}
    </Section>
  );
}
