import type { Context } from 'hono';
import { NotFound } from '#platform/errors.ts';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import {
  Actions,
  Badge,
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
  Tabs,
  TextInput,
} from '#ui/index.ts';
import { placeColumns } from '../datastore/place-columns.ts';
import { publicTable, rowsText } from '../datastore/question.ts';
import { type SearchAnswer, searchTable } from '../datastore/search.ts';
import { type StoredTable, tablesNamed } from '../datastore/tables.ts';
import { Faulty } from '../faults.ts';
import { may } from '../rights.ts';
import { tombstonesOf } from '../takedown.ts';
import {
  type Asked,
  askedOf,
  askedQuery,
  filtersOf,
  isNarrowed,
  narrowedQuery,
  sortWish,
  views,
} from './asked.ts';
import { ChartView, drawn } from './chart.tsx';
import { Cite } from './cite.tsx';
import { titleOf } from './dataset.tsx';
import { EmbedCode } from './embed-code.tsx';
import { RowsTable } from './grid.tsx';
import { type Here, here, instantOf, type ServedDataset, type ServedResource, sizeOf } from './kit.tsx';
import { PlacesView, placesOf } from './places.tsx';
import { datasetFor } from './reads.ts';
import { type Refused, RefusedNotice, refusalOf } from './refusal.tsx';
import { Snippets } from './snippets.tsx';
import { Tombstones } from './tombstones.tsx';
import { versionSections } from './versions/section.tsx';
import { viewText } from './view-text.ts';

const perPage = 50;
/** Conditions that the form offers at once; those that hold are all there. */
const offered = 3;

/** `/open-data/dataset/{name}/resource/{id}`: a table as rows, chart or map, narrowed as its address says; or what there is to download. */
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
    const stones = await tombstonesOf(platform.db, found.id);
    const isPublic = !row.private && (row.state === 'published' || row.state === 'archived');
    const shown: Shown = { platform, c, at, path, asked, dataset, resource: found };
    return page(
      c,
      {
        title: `${titleOf(found)} · ${dataset.title}`,
        description: found.description || dataset.title,
        width: 'wide',
        private: !isPublic,
        index: !isNarrowed(asked) && asked.page === 1,
      },
      <>
        <Breadcrumbs
          items={[
            { title: at.text.portal, href: at.href('') },
            { title: dataset.title, href: at.href(`/dataset/${dataset.name}`) },
          ]}
        />
        <PageHead
          title={titleOf(found)}
          lead={found.description || undefined}
          kicker={<Facts at={at} dataset={dataset} resource={found} />}
        />
        <Downloads at={at} path={path} resource={found} asked={asked} hasRows={table !== undefined} />
        {table ? await tableView(shown, table) : <NoTable at={at} resource={found} />}
        {
          await versionSections(platform, at, {
            path,
            resource: found,
            seesAll: await may(platform.db, c.var.visit.actor, 'read_private', row),
          })
        }
        {isPublic && table && <EmbedCode at={at} resource={found} asked={asked} />}
        <Cite at={at} dataset={dataset} resource={found} now={platform.clock.now()} />
        <Tombstones at={at} stones={stones} />
        <Section title={viewText(at.language).about}>
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

interface Shown {
  readonly platform: Platform;
  readonly c: Context<MistoEnv>;
  readonly at: Here;
  readonly path: string;
  readonly asked: Asked;
  readonly dataset: ServedDataset;
  readonly resource: ServedResource;
}

function Facts(props: { at: Here; dataset: ServedDataset; resource: ServedResource }) {
  const { at, dataset, resource } = props;
  return (
    <>
      {resource.format && <Badge tone="info">{resource.format}</Badge>}{' '}
      {resource.rows !== null && `${at.number(resource.rows)} ${at.text.rows(resource.rows)} · `}
      {resource.version !== null && `${viewText(at.language).version(resource.version)} · `}
      {dataset.organization && (dataset.organization.title || dataset.organization.name)}
    </>
  );
}

/** The file as it came, and the chosen rows in other forms. */
function Downloads(props: {
  at: Here;
  path: string;
  resource: ServedResource;
  asked: Asked;
  hasRows: boolean;
}) {
  const { at, resource, asked } = props;
  const isDump = resource.url_type === 'datastore';
  const kinds = [
    ...(isDump && !isNarrowed(asked) ? [] : ([['CSV', dumpHref(at, resource, asked, 'csv')]] as const)),
    [
      viewText(at.language).excel,
      at.href(`${props.path}/excel.csv`, { ...narrowedQuery(asked), sort: asked.sort }),
    ],
    ['JSON', dumpHref(at, resource, asked, 'json')],
    ['XML', dumpHref(at, resource, asked, 'xml')],
  ] as const;
  return (
    <Actions>
      <LinkButton href={resource.url}>
        {resource.url_type === 'upload' ? at.text.original : at.text.download}
        {resource.format && ` ${resource.format}`}
        {resource.size !== null && ` (${sizeOf(at, resource.size)})`}
      </LinkButton>
      {props.hasRows && (
        <p class="muted">
          {isNarrowed(asked) ? at.text.filtered : at.text.download}:{' '}
          {kinds.map(([title, href], n) => (
            <>
              {n > 0 && ' · '}
              <a href={href}>{title}</a>
            </>
          ))}
        </p>
      )}
    </Actions>
  );
}

function dumpHref(at: Here, resource: ServedResource, asked: Asked, format: string): string {
  const parameters = new URLSearchParams({ format });
  if (asked.q) parameters.set('q', asked.q);
  if (asked.conditions.length > 0) parameters.set('filters', JSON.stringify(filtersOf(asked)));
  if (asked.sort) parameters.set('sort', sortWish(asked.sort));
  return `${at.site}/datastore/dump/${resource.id}?${parameters}`;
}

/** A table in the view that was asked for, with what it means and how programs ask the same. */
async function tableView(shown: Shown, table: StoredTable) {
  const { at, path, asked, resource } = shown;
  const words = viewText(at.language);
  const sort = asked.sort ? sortWish(asked.sort) : '';
  return (
    <>
      <Section title={at.text.files}>
        <Tabs
          label={words.viewsLabel}
          items={views
            .filter((view) => view !== 'map' || placeColumns(table.fields) !== null)
            .map((view) => ({
              title: words.views[view],
              href: at.href(path, {
                view: view === 'grid' ? '' : view,
                ...narrowedQuery(asked),
                sort: asked.sort,
              }),
              current: view === asked.view,
            }))}
        />
        <Conditions at={at} path={path} table={table} asked={asked} />
        {asked.view === 'grid'
          ? await grid(shown, table)
          : asked.view === 'chart'
            ? await chart(shown, table)
            : await map(shown, table)}
      </Section>
      <Columns at={at} table={table} />
      <Snippets
        at={at}
        resource={resource}
        filters={filtersOf(asked)}
        q={asked.q}
        sort={sort}
        sql={sqlOf(table, asked, sort)}
      />
    </>
  );
}

/** The chosen rows in SQL; while a condition is wrong, the whole table. */
function sqlOf(table: StoredTable, asked: Asked, sort: string): string {
  const order = sort ? { sort: [sort] } : {};
  try {
    return rowsText(publicTable(table), { filters: filtersOf(asked), q: asked.q, ...order, limit: 100 });
  } catch (error) {
    if (!(error instanceof Faulty)) throw error;
    return rowsText(publicTable(table), { limit: 100 });
  }
}

async function chart({ platform, c, at, path, asked }: Shown, table: StoredTable) {
  const found = await drawn(platform, c.var.visit.actor, at, table, asked);
  return <ChartView at={at} path={path} table={table} asked={asked} drawn={found} />;
}

async function map({ platform, c, at, path, asked }: Shown, table: StoredTable) {
  const places = await placesOf(platform, c.var.visit.actor, at, table, asked);
  if (!places) return <Empty title={viewText(at.language).badView} icon="map" />;
  const tiles = platform.systems.find((one) => one.mapTiles)?.mapTiles;
  return <PlacesView at={at} path={path} asked={asked} places={places} tiles={tiles} rowPath={path} />;
}

async function grid({ platform, at, path, asked, resource }: Shown, table: StoredTable) {
  const { answer, refused } = await rowsOf(platform, at, table, asked);
  const total = answer?.total ?? 0;
  const first = (asked.page - 1) * perPage + 1;
  if (refused) return <RefusedNotice at={at} refused={refused} />;
  return (
    <>
      <RowsTable
        at={at}
        caption={titleOf(resource)}
        fields={table.fields}
        records={JSON.parse(answer!.records) as unknown[][]}
        sort={asked.sort}
        sortHref={(sort) => at.href(path, askedQuery(asked, { sort }))}
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
        href={(target) => at.href(path, askedQuery(asked, { page: target }))}
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
    </>
  );
}

async function rowsOf(
  platform: Platform,
  at: Here,
  table: StoredTable,
  asked: Asked,
): Promise<{ readonly answer: SearchAnswer | null; readonly refused: Refused | null }> {
  try {
    const answer = await searchTable(platform.db, table, {
      filters: filtersOf(asked),
      ...(asked.q ? { q: asked.q } : {}),
      fields: ['_id', ...table.fields.map((field) => field.id)],
      ...(asked.sort ? { sort: [sortWish(asked.sort)] } : {}),
      limit: perPage,
      offset: (asked.page - 1) * perPage,
      format: 'lists',
    });
    return { answer, refused: null };
  } catch (error) {
    if (error instanceof Faulty) return { answer: null, refused: refusalOf(at.language, error) };
    throw error;
  }
}

/** The words and conditions that narrow the rows, of every view alike. */
function Conditions(props: { at: Here; path: string; table: StoredTable; asked: Asked }) {
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

function Columns(props: { at: Here; table: StoredTable }) {
  const { at, table } = props;
  return (
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
            cell: (field) =>
              [field.info?.label, field.info?.title, field.info?.notes].filter(Boolean).join('. ') || '—',
          },
        ]}
        rows={table.fields}
        rowKey={(field) => field.id}
      />
    </Section>
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
