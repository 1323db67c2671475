import type { Context } from 'hono';
import { NotFound } from '#platform/errors.ts';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import {
  Actions,
  Breadcrumbs,
  Empty,
  FilterBar,
  LinkButton,
  Notice,
  PageHead,
  Pagination,
  Section,
  Select,
  SummaryList,
  Table,
  TextInput,
} from '#ui/index.ts';
import { type SearchAnswer, searchTable } from '../datastore/search.ts';
import { type StoredTable, tablesNamed } from '../datastore/tables.ts';
import { Faulty } from '../faults.ts';
import { titleOf } from './dataset.tsx';
import { Value } from './grid.tsx';
import { type Here, here, instantOf, pageOf, type Query, type ServedResource, sizeOf } from './kit.tsx';
import { datasetFor } from './reads.ts';
import { Snippets } from './snippets.tsx';

const perPage = 50;
/** Conditions of the form; an address may bring no more. */
const conditions = 3;

/** What the page was asked for: all of it stands in the address, so it can be sent and comes back as it was. */
interface Asked {
  readonly q: string;
  readonly conditions: readonly {
    readonly column: string;
    readonly operator: string;
    readonly value: string;
  }[];
  readonly sort: string;
  readonly page: number;
}

/** `/open-data/dataset/{name}/resource/{id}`: the rows of a table, narrowed and sorted, or what there is to download. */
export function resource(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const { row, dataset } = await datasetFor(platform, c, at, c.req.param('dataset')!);
    const found = dataset.resources.find((one) => one.id === c.req.param('resource'));
    if (!found) throw new NotFound('resource');
    const path = `/dataset/${dataset.name}/resource/${found.id}`;
    const table = found.datastore_active
      ? (await tablesNamed(platform.db, [found.id])).get(found.id)
      : undefined;
    const asked = askedOf(c);
    const rows = table ? await rowsOf(platform, table, asked) : null;
    const isPublic = !row.private && (row.state === 'published' || row.state === 'archived');
    return page(
      c,
      {
        title: `${titleOf(found)} · ${dataset.title}`,
        description: found.description || dataset.title,
        width: 'wide',
        private: !isPublic,
      },
      <>
        <Breadcrumbs
          items={[
            { title: at.text.portal, href: at.href('') },
            { title: dataset.title, href: at.href(`/dataset/${dataset.name}`) },
          ]}
        />
        <PageHead title={titleOf(found)} lead={found.description || undefined} />
        <Actions>
          <LinkButton href={found.url}>
            {found.url_type === 'upload' ? at.text.original : at.text.download}
            {found.format && ` ${found.format}`}
            {found.size !== null && ` (${sizeOf(at, found.size)})`}
          </LinkButton>
          {table &&
            (['csv', 'json', 'xml'] as const).map((format) => (
              <LinkButton key={format} look="quiet" href={dumpHref(at, found, asked, rows?.filters, format)}>
                {isNarrowed(asked) ? at.text.filtered : at.text.download} {format.toUpperCase()}
              </LinkButton>
            ))}
        </Actions>
        {table && rows ? (
          <Grid at={at} path={path} table={table} asked={asked} rows={rows} resource={found} />
        ) : (
          <NoTable at={at} resource={found} />
        )}
        <Section title={at.text.about}>
          <SummaryList
            rows={[
              { name: at.text.identifier, value: <span class="mono">{found.id}</span> },
              ...(found.last_modified
                ? [{ name: at.text.updated, value: at.time(instantOf(found.last_modified)) }]
                : []),
              ...(found.hash ? [{ name: 'SHA-256', value: <span class="mono">{found.hash}</span> }] : []),
              { name: at.text.licence, value: dataset.license_title ?? '—' },
            ]}
          />
        </Section>
      </>,
    );
  };
}

function askedOf(c: Context<MistoEnv>): Asked {
  const query = new URL(c.req.url).searchParams;
  const given = Array.from({ length: conditions }, (_, n) => ({
    column: query.get(`c${n + 1}`) ?? '',
    operator: query.get(`o${n + 1}`) || 'eq',
    value: (query.get(`v${n + 1}`) ?? '').slice(0, 500),
  }));
  return {
    q: (query.get('q') ?? '').trim().slice(0, 200),
    conditions: given.toSorted((a, b) => Number(a.column === '') - Number(b.column === '')),
    sort: query.get('sort') ?? '',
    page: pageOf(c),
  };
}

const isNarrowed = (asked: Asked): boolean =>
  asked.q !== '' || asked.conditions.some(({ column }) => column !== '');

function queryOf(asked: Asked, change: Query = {}): Query {
  return {
    q: asked.q,
    ...Object.fromEntries(
      asked.conditions.flatMap(({ column, operator, value }, n) =>
        column === ''
          ? []
          : [
              [`c${n + 1}`, column],
              [`o${n + 1}`, operator === 'eq' ? '' : operator],
              [`v${n + 1}`, value],
            ],
      ),
    ),
    sort: asked.sort,
    ...change,
  };
}

interface Rows {
  readonly answer: SearchAnswer | null;
  readonly records: readonly (readonly unknown[])[];
  readonly filters: Readonly<Record<string, unknown>>;
  /** What is wrong with the conditions. */
  readonly fault: string | null;
}

async function rowsOf(platform: Platform, table: StoredTable, asked: Asked): Promise<Rows> {
  const filters = filtersOf(asked);
  try {
    const answer = await searchTable(platform.db, table, {
      filters,
      ...(asked.q ? { q: asked.q } : {}),
      fields: ['_id', ...table.fields.map((field) => field.id)],
      ...(asked.sort ? { sort: [sortWish(asked.sort)] } : {}),
      limit: perPage,
      offset: (asked.page - 1) * perPage,
      format: 'lists',
    });
    return { answer, records: JSON.parse(answer.records) as unknown[][], filters, fault: null };
  } catch (error) {
    if (!(error instanceof Faulty)) throw error;
    return { answer: null, records: [], filters, fault: error.message };
  }
}

/** Conditions of one column that all hold. */
function filtersOf(asked: Asked): Record<string, unknown> {
  const filters: Record<string, Record<string, unknown>> = {};
  for (const { column, operator, value } of asked.conditions) {
    if (column === '') continue;
    const key = column.startsWith('$') ? `$${column}` : column;
    filters[key] = { ...filters[key], [operator]: value === '' ? null : value };
  }
  return filters;
}

/** `column` or `-column` as an order. */
function sortWish(sort: string): string {
  const [id, direction] = sort.startsWith('-')
    ? [sort.slice(1), ' desc nulls last']
    : [sort, ' asc nulls last'];
  return `"${id.replaceAll('"', '""')}"${direction}`;
}

function dumpHref(
  at: Here,
  resource: ServedResource,
  asked: Asked,
  filters: unknown,
  format: string,
): string {
  const parameters = new URLSearchParams({ format });
  if (asked.q) parameters.set('q', asked.q);
  if (filters && Object.keys(filters).length > 0) parameters.set('filters', JSON.stringify(filters));
  if (asked.sort) parameters.set('sort', sortWish(asked.sort));
  return `${at.site}/datastore/dump/${resource.id}?${parameters}`;
}

function Grid(props: {
  at: Here;
  path: string;
  table: StoredTable;
  asked: Asked;
  rows: Rows;
  resource: ServedResource;
}) {
  const { at, path, table, asked, rows } = props;
  const total = rows.answer?.total ?? 0;
  const first = (asked.page - 1) * perPage + 1;
  const columns = [
    { id: '_id', type: 'int8', label: '№' },
    ...table.fields.map((field) => ({
      id: field.id,
      type: field.type,
      label: String(field.info?.label || field.id),
    })),
  ];
  const options = table.fields.map((field) => ({
    value: field.id,
    label: String(field.info?.label || field.id),
  }));
  const operators = Object.entries(at.text.operators).map(([value, label]) => ({ value, label }));
  // Those that hold, and one more to be filled in.
  const open = Math.min(conditions, asked.conditions.filter(({ column }) => column !== '').length + 1);
  const active = asked.conditions.flatMap(({ column, operator, value }, n) =>
    column === ''
      ? []
      : [
          {
            label: `${column} ${at.text.operators[operator] ?? operator} ${value || at.text.blankCell}`,
            removeHref: at.href(
              path,
              queryOf({ ...asked, conditions: asked.conditions.filter((_, i) => i !== n) }),
            ),
          },
        ],
  );
  return (
    <>
      <Section title={at.text.table}>
        <FilterBar
          action={at.href(path)}
          active={[
            ...(asked.q
              ? [{ label: `«${asked.q}»`, removeHref: at.href(path, queryOf(asked, { q: '' })) }]
              : []),
            ...active,
          ]}
          clearHref={at.href(path)}
          hidden={{ sort: asked.sort || undefined }}
          folded
        >
          <TextInput name="q" label={at.text.find} value={asked.q} />
          {asked.conditions
            .slice(0, open)
            .flatMap((condition, n) => [
              <Select
                key={`c${n}`}
                name={`c${n + 1}`}
                label={n === 0 ? at.text.addCondition : `${at.text.addCondition} ${n + 1}`}
                options={options}
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
        {rows.fault && (
          <Notice tone="danger" title={at.text.wrongQuery}>
            <p>{rows.fault}</p>
          </Notice>
        )}
        <Table
          caption={titleOf(props.resource)}
          quietCaption
          columns={columns.map((column, n) => ({
            key: column.id,
            title: column.label,
            sortable: true,
            header: n === 0,
            numeric: ['int4', 'int8', 'float8', 'numeric'].includes(column.type),
            cell: (cells: readonly unknown[]) => <Value at={at} value={cells[n]} type={column.type} />,
          }))}
          rows={rows.records}
          rowKey={(cells) => String(cells[0])}
          sort={{
            by: asked.sort.replace(/^-/, '') || '_id',
            direction: asked.sort.startsWith('-') ? 'desc' : 'asc',
          }}
          sortHref={({ by, direction }) =>
            at.href(path, queryOf(asked, { sort: direction === 'desc' ? `-${by}` : by }))
          }
          empty={
            <Empty
              title={at.text.noRows}
              icon="search"
              action={<LinkButton href={at.href(path)}>{at.text.clear}</LinkButton>}
            />
          }
        />
        <Pagination
          page={asked.page}
          pages={Math.ceil(total / perPage)}
          href={(target) => at.href(path, queryOf(asked, { page: target }))}
          summary={
            total > 0
              ? at.text.shown(
                  at.number(first),
                  at.number(Math.min(first + perPage - 1, total)),
                  at.number(total),
                )
              : ''
          }
        />
      </Section>
      <Section title={at.text.columns}>
        <Table
          caption={at.text.columns}
          quietCaption
          columns={[
            {
              key: 'id',
              title: at.text.column,
              header: true,
              cell: (field) => <span class="mono">{field.id}</span>,
            },
            { key: 'type', title: at.text.type, cell: (field) => at.text.types[field.type] ?? field.type },
            {
              key: 'meaning',
              title: at.text.meaning,
              cell: (field) => [field.info?.label, field.info?.notes].filter(Boolean).join('. ') || '—',
            },
          ]}
          rows={table.fields}
          rowKey={(field) => field.id}
        />
      </Section>
      <Snippets
        at={at}
        resource={props.resource}
        filters={rows.filters}
        q={asked.q}
        sort={asked.sort ? sortWish(asked.sort) : ''}
      />
    </>
  );
}

function NoTable(props: { at: Here; resource: ServedResource }) {
  const { at, resource } = props;
  const said =
    resource.load_status === 'blocked'
      ? at.text.blocked
      : resource.load_status === 'failed'
        ? at.text.failed
        : resource.load_status && resource.load_status !== 'switched' && resource.load_status !== 'indexed'
          ? at.text.loading
          : at.text.notTable;
  return (
    <Notice
      tone={resource.load_status === 'blocked' || resource.load_status === 'failed' ? 'warning' : 'info'}
    >
      <p>{said}</p>
    </Notice>
  );
}
