import type { Context } from 'hono';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import {
  Actions,
  Breadcrumbs,
  Button,
  Empty,
  LinkButton,
  Notice,
  PageHead,
  Section,
  Table,
  TextArea,
} from '#ui/index.ts';
import { askSql } from '../datastore/ask-sql.ts';
import { metadataTable } from '../datastore/metadata.ts';
import type { SqlAnswer } from '../datastore/run-sql.ts';
import { searchTable } from '../datastore/search.ts';
import { Absent, Denied, Faulty } from '../faults.ts';
import { Value } from './grid.tsx';
import { here } from './kit.tsx';

/** Rows of an answer that the page draws. */
const shownRows = 200;

/** `/open-data/query`: SQL over every public table, without an account; the query stands in the address. */
export function query(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const text = (c.req.query('sql') ?? '').slice(0, 50_000);
    const [asked, tables] = await Promise.all([
      text.trim() === '' ? null : ask(platform, c, text),
      searchTable(platform.db, metadataTable, { limit: 50, sort: ['name'], fields: ['name', 'alias_of'] }),
    ]);
    const names = JSON.parse(tables.records) as { name: string; alias_of: string | null }[];
    const records = asked?.answer ? (JSON.parse(asked.answer.records) as Record<string, unknown>[]) : [];
    const api = `${at.site}/api/3/action/datastore_search_sql?sql=${encodeURIComponent(text)}`;
    return page(
      c,
      { title: at.text.query, description: at.text.queryLead, width: 'wide', index: !text },
      <>
        <Breadcrumbs items={[{ title: at.text.portal, href: at.href('') }]} />
        <PageHead title={at.text.query} lead={at.text.queryLead} />
        <form action={at.href('/query')} method="get">
          <TextArea name="sql" label={at.text.queryText} value={text} rows={8} />
          <Actions>
            <Button type="submit">{at.text.run}</Button>
            {names[0] && (
              <LinkButton
                look="quiet"
                href={at.href('/query', { sql: `select * from "${names[0].name}" limit 20` })}
              >
                {at.text.example}
              </LinkButton>
            )}
          </Actions>
        </form>
        {asked?.fault && (
          <Notice tone="danger" title={at.text.wrongQuery} live>
            <p>{asked.fault}</p>
          </Notice>
        )}
        {!asked && <Empty title={at.text.queryEmpty} icon="list" />}
        {asked?.answer && (
          <Section title={at.text.table}>
            {asked.answer.isCut && (
              <Notice tone="warning">
                <p>{at.text.cut}</p>
              </Notice>
            )}
            <p role="status">
              {records.length > shownRows
                ? at.text.firstOnly(at.number(shownRows), at.number(records.length))
                : `${at.number(records.length)} ${at.text.rows(records.length)}`}{' '}
              · <a href={api}>JSON</a> · <a href={at.href('/query', { sql: text })}>{at.text.permanent}</a>
            </p>
            <Table
              caption={at.text.table}
              quietCaption
              columns={asked.answer.fields
                .filter((field) => field.type !== 'tsvector')
                .map((field) => ({
                  key: field.id,
                  title: field.id,
                  numeric: ['int2', 'int4', 'int8', 'float4', 'float8', 'numeric'].includes(field.type),
                  cell: (row: Record<string, unknown>) => (
                    <Value at={at} value={row[field.id]} type={field.type} />
                  ),
                }))}
              rows={records.slice(0, shownRows)}
              empty={<Empty title={at.text.noRows} icon="search" />}
            />
          </Section>
        )}
        {names.length > 0 && (
          <Section title={at.text.tables}>
            <ul>
              {names.map(({ name, alias_of }) => (
                <li key={name}>
                  <a class="mono" href={at.href('/query', { sql: `select * from "${name}" limit 20` })}>
                    "{name}"
                  </a>
                  {alias_of && <span class="muted"> → {alias_of}</span>}
                </li>
              ))}
            </ul>
          </Section>
        )}
      </>,
    );
  };
}

async function ask(
  platform: Platform,
  c: Context<MistoEnv>,
  text: string,
): Promise<{ answer: SqlAnswer | null; fault: string | null }> {
  try {
    return { answer: await askSql(platform.db, c.var.visit.actor, text), fault: null };
  } catch (error) {
    if (error instanceof Faulty)
      return { answer: null, fault: [error.fields.query ?? error.message].flat().join('; ') };
    if (error instanceof Denied) return { answer: null, fault: error.why ?? error.message };
    if (error instanceof Absent) return { answer: null, fault: error.what ?? error.message };
    throw error;
  }
}
