import type { Context } from 'hono';
import { NotFound } from '#platform/errors.ts';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { Badge, Breadcrumbs, Notice, PageHead, Section, SummaryList, Table, Tabs } from '#ui/index.ts';
import { placeColumns } from '../datastore/place-columns.ts';
import { publicTable, rowsText } from '../datastore/question.ts';
import { type StoredTable, tablesNamed } from '../datastore/tables.ts';
import { Faulty } from '../faults.ts';
import { may } from '../rights.ts';
import { tombstonesOf } from '../takedown.ts';
import { type Asked, askedOf, filtersOf, isNarrowed, narrowedQuery, sortWish, views } from './asked.ts';
import { Cite } from './cite.tsx';
import { Conditions } from './conditions.tsx';
import { Tell, titleOf } from './dataset.tsx';
import { Downloads } from './downloads.tsx';
import { EmbedCode } from './embed-code.tsx';
import { type Here, here, instantOf, type ServedDataset, type ServedResource } from './kit.tsx';
import { datasetFor, onlyAddress } from './reads.ts';
import { Snippets } from './snippets.tsx';
import { Tombstones } from './tombstones.tsx';
import { versionSections } from './versions/section.tsx';
import { tableView, type Viewed } from './view.tsx';
import { viewText } from './view-text.ts';

/** `/open-data/dataset/{name}/resource/{id}`: a table as rows, chart or map, narrowed as its address says; or what there is to download. */
export function resource(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const { row, dataset } = await datasetFor(platform, c, at, c.req.param('dataset')!);
    const found = dataset.resources.find((one) => one.id === c.req.param('resource'));
    if (!found) throw new NotFound('resource');
    const moved = onlyAddress(c, dataset);
    if (moved) return moved;
    const path = `/dataset/${dataset.name}/resource/${found.id}`;
    const table = found.datastore_active
      ? (await tablesNamed(platform.db, [found.id])).get(found.id)
      : undefined;
    const asked = askedOf(c);
    const stones = await tombstonesOf(platform.db, found.id);
    const isPublic = !row.private && (row.state === 'published' || row.state === 'archived');
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
        <Downloads at={at} path={path} resource={found} asked={asked} table={table} />
        {table ? (
          await wholeTable({ platform, actor: c.var.visit.actor, at, path, resource: found, table, asked })
        ) : (
          <NoTable at={at} resource={found} />
        )}
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

/** A table in the view that was asked for, with what it means and how programs ask the same. */
async function wholeTable(viewed: Viewed) {
  const { at, path, table, asked, resource } = viewed;
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
        {await tableView(viewed)}
      </Section>
      <Columns at={at} path={path} table={table} />
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

function Columns(props: { at: Here; path: string; table: StoredTable }) {
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
      <p class="muted">
        <Tell at={at} address={at.href(`${props.path}/structure`)} />
      </p>
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
