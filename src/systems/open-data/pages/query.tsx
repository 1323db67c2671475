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
  Tabs,
  TextArea,
} from '#ui/index.ts';
import { askSql, estimateSql } from '../datastore/ask-sql.ts';
import type { Estimate, SqlAnswer } from '../datastore/run-sql.ts';
import { Value } from './grid.tsx';
import { type Here, here } from './kit.tsx';
import { AnswerChart } from './query-chart.tsx';
import { type QueryFile, queryFiles } from './query-file.ts';
import { QueryForm } from './query-form.tsx';
import { listedTables, Schema, versionsNow } from './query-schema.tsx';
import { queryText } from './query-text.ts';
import { type Refused, RefusedNotice, refusalOf } from './refusal.tsx';
import { viewText } from './view-text.ts';

/** Rows of an answer that the page draws. */
const shownRows = 200;

/** `/open-data/query`: SQL over every public table, or a form that writes it, without an account; the query stands in the address. */
export function query(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const words = queryText(at.language);
    const text = (c.req.query('sql') ?? '').slice(0, 50_000);
    const [asked, tables] = await Promise.all([
      text.trim() === '' ? null : ask(platform, c, at, text, c.req.query('act') === 'cost'),
      listedTables(platform, c.req.query('tables') ?? '', c.req.query('from')),
    ]);
    const example = tables.rows[0];
    const versions = asked ? await versionsNow(platform.db, asked.resources) : [];
    return page(
      c,
      { title: at.text.query, description: words.lead, width: 'wide', index: !text },
      <>
        <Breadcrumbs items={[{ title: at.text.portal, href: at.href('') }]} />
        <PageHead title={at.text.query} lead={words.lead} />
        <form action={at.href('/query')} method="get" class="form">
          <TextArea name="sql" label={at.text.queryText} hint={at.text.queryLead} value={text} rows={6} />
          <Actions>
            <Button type="submit">{at.text.run}</Button>
            <Button type="submit" look="secondary" name="act" value="cost">
              {words.estimate}
            </Button>
            {example && !text && (
              <LinkButton
                look="quiet"
                href={at.href('/query', { sql: `select * from "${example.resource}" limit 20` })}
              >
                {at.text.example}
              </LinkButton>
            )}
          </Actions>
        </form>
        {asked?.estimate && <Cost at={at} estimate={asked.estimate} />}
        {asked?.refused && <RefusedNotice at={at} refused={asked.refused} />}
        {!asked && !c.req.query('from') && <Empty title={at.text.queryEmpty} icon="list" />}
        {asked?.answer && (
          <Answer
            at={at}
            text={text}
            answer={asked.answer}
            view={c.req.query('view') === 'chart' ? 'chart' : 'grid'}
            axes={{ x: c.req.query('x'), y: c.req.query('y') }}
            versions={versions}
            asOf={c.req.query('versions')}
          />
        )}
        {await QueryForm({ platform, c, at })}
        <Schema at={at} tables={tables} used={asked?.resources ?? []} sql={text} />
      </>,
    );
  };
}

interface Answered {
  readonly estimate: Estimate | null;
  readonly resources: readonly string[];
  readonly answer: SqlAnswer | null;
  readonly refused: Refused | null;
}

async function ask(
  platform: Platform,
  c: Context<MistoEnv>,
  at: Here,
  text: string,
  onlyCost: boolean,
): Promise<Answered> {
  const { actor } = c.var.visit;
  let estimate: Awaited<ReturnType<typeof estimateSql>> | null = null;
  try {
    estimate = await estimateSql(platform.db, actor, text);
    const answer = onlyCost ? null : await askSql(platform.db, actor, text);
    return { estimate, resources: estimate.resources, answer, refused: null };
  } catch (error) {
    const refused = refusalOf(at.language, error);
    return { estimate, resources: estimate?.resources ?? [], answer: null, refused };
  }
}

function Cost(props: { at: Here; estimate: Estimate }) {
  const { at, estimate } = props;
  const words = queryText(at.language);
  return (
    <Notice tone={estimate.weight === 'light' ? 'neutral' : 'warning'}>
      <p>
        {words.cost}: {words.weights[estimate.weight]}.{' '}
        {words.costRows(at.number(estimate.rows), at.number(Math.round(estimate.cost)))}
      </p>
    </Notice>
  );
}

const fileTitle = (at: Here, file: QueryFile): string =>
  ({
    'rows.csv': 'CSV',
    'rows-excel.csv': viewText(at.language).excel,
    'rows.xlsx': 'XLSX',
    'rows.parquet': 'Parquet',
  })[file];

/** The answer as rows or a chart, as files, and the address that leads here again. */
function Answer(props: {
  at: Here;
  text: string;
  answer: SqlAnswer;
  view: 'grid' | 'chart';
  axes: { readonly x: string | undefined; readonly y: string | undefined };
  versions: readonly { readonly resource: string; readonly n: number; readonly href: string }[];
  asOf: string | undefined;
}) {
  const { at, text, answer, view, versions } = props;
  const words = queryText(at.language);
  const records = JSON.parse(answer.records) as Record<string, unknown>[];
  const fields = answer.fields.filter((field) => field.type !== 'tsvector');
  const stamp = versions.map(({ resource, n }) => `${resource}:${n}`).join(',');
  const then = new Map((props.asOf ?? '').split(',').map((one) => one.split(':') as [string, string]));
  const changed = versions.filter(
    ({ resource, n }) => then.has(resource) && then.get(resource) !== String(n),
  );
  return (
    <Section title={words.answer} id="answer">
      {answer.isCut && (
        <Notice tone="warning">
          <p>{at.text.cut}</p>
        </Notice>
      )}
      {changed.map(({ resource, n, href }) => (
        <Notice key={resource} tone="warning">
          <p>
            {words.changed(then.get(resource)!, String(n))}{' '}
            <a href={`${href}@v${then.get(resource)}`}>{words.oldVersion}</a>
          </p>
        </Notice>
      ))}
      <p role="status">
        {records.length > shownRows && view === 'grid'
          ? at.text.firstOnly(at.number(shownRows), at.number(records.length))
          : `${at.number(records.length)} ${at.text.rows(records.length)}`}
      </p>
      <p>
        {viewText(at.language).downloads}:{' '}
        {queryFiles.map((file) => (
          <>
            <a href={at.href(`/query/${file}`, { sql: text })}>{fileTitle(at, file)}</a> ·{' '}
          </>
        ))}
        <a href={`${at.site}/api/3/action/datastore_search_sql?sql=${encodeURIComponent(text)}`}>JSON</a> ·{' '}
        <a
          href={at.href('/query', {
            sql: text,
            view: view === 'grid' ? '' : view,
            ...props.axes,
            versions: stamp,
          })}
        >
          {at.text.permanent}
        </a>
      </p>
      <Tabs
        label={viewText(at.language).viewsLabel}
        items={(['grid', 'chart'] as const).map((one) => ({
          title: viewText(at.language).views[one],
          href: `${at.href('/query', { sql: text, view: one === 'grid' ? '' : one })}#answer`,
          current: one === view,
        }))}
      />
      {view === 'chart' ? (
        <AnswerChart at={at} sql={text} fields={fields} records={records} axes={props.axes} />
      ) : (
        <Table
          caption={words.answer}
          quietCaption
          columns={fields.map((field) => ({
            key: field.id,
            title: field.id,
            numeric: /^(int|float|numeric)/.test(field.type),
            cell: (row: Record<string, unknown>) => <Value at={at} value={row[field.id]} type={field.type} />,
          }))}
          rows={records.slice(0, shownRows)}
          empty={<Empty title={at.text.noRows} icon="search" />}
        />
      )}
    </Section>
  );
}
