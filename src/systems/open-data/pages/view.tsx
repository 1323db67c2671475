import type { VNode } from 'preact';
import type { Platform } from '#platform/system.ts';
import type { Actor } from '#platform/work.ts';
import { Empty, Island, LinkButton, Pagination } from '#ui/index.ts';
import { searchTable } from '../datastore/search.ts';
import type { StoredTable } from '../datastore/tables.ts';
import { Faulty } from '../faults.ts';
import { type Asked, askedQuery, filtersOf, sortWish, type View } from './asked.ts';
import { ChartView, drawn } from './chart.tsx';
import { titleOf } from './dataset.tsx';
import { RowsTable } from './grid.tsx';
import type { Here, ServedResource } from './kit.tsx';
import { PlacesView, placesOf } from './places.tsx';
import { RefusedNotice, refusalOf } from './refusal.tsx';
import { viewText } from './view-text.ts';

/** A table, who looks at it, and how. */
export interface Viewed {
  readonly platform: Platform;
  readonly actor: Actor;
  readonly at: Here;
  /** Of the page that shows it, below the portal. */
  readonly path: string;
  readonly resource: ServedResource;
  readonly table: StoredTable;
  readonly asked: Asked;
  /** In a frame of another site: fewer rows, and nothing to choose. */
  readonly isEmbed?: boolean;
}

/** A table as rows, chart or map, as was asked; what is wrong with the question is said in its place. */
export const tableView = (viewed: Viewed): Promise<VNode> => views[viewed.asked.view](viewed);

const views: Readonly<Record<View, (viewed: Viewed) => Promise<VNode>>> = { grid, chart, map };

async function grid({ platform, at, path, resource, table, asked, isEmbed }: Viewed): Promise<VNode> {
  const perPage = isEmbed ? 10 : 50;
  const from = (asked.page - 1) * perPage;
  try {
    const answer = await searchTable(platform.db, table, {
      filters: filtersOf(asked),
      ...(asked.q ? { q: asked.q } : {}),
      fields: ['_id', ...table.fields.map((field) => field.id)],
      ...(asked.sort ? { sort: [sortWish(asked.sort)] } : {}),
      limit: perPage,
      offset: from,
      format: 'lists',
    });
    const total = answer.total ?? 0;
    return (
      <>
        <RowsTable
          at={at}
          caption={titleOf(resource)}
          fields={table.fields}
          records={JSON.parse(answer.records) as unknown[][]}
          sort={asked.sort}
          sortHref={(sort) => at.href(path, askedQuery(asked, { sort }))}
          empty={
            <Empty
              title={at.text.noRows}
              icon="search"
              action={!isEmbed && <LinkButton href={at.href(path)}>{at.text.clear}</LinkButton>}
            />
          }
        />
        <Pagination
          page={asked.page}
          pages={Math.ceil(total / perPage)}
          href={(page) => at.href(path, askedQuery(asked, { page }))}
          summary={
            total > 0
              ? at.text.shown(
                  at.number(from + 1),
                  at.number(Math.min(from + perPage, total)),
                  at.number(total),
                )
              : ''
          }
        />
      </>
    );
  } catch (error) {
    if (error instanceof Faulty) return <RefusedNotice at={at} refused={refusalOf(at.language, error)} />;
    throw error;
  }
}

async function chart({ platform, actor, at, path, table, asked, isEmbed }: Viewed): Promise<VNode> {
  const found = await drawn(platform, actor, at, table, asked);
  return <ChartView at={at} path={path} table={table} asked={asked} drawn={found} plain={isEmbed === true} />;
}

async function map({ platform, actor, at, path, table, asked, isEmbed }: Viewed): Promise<VNode> {
  const places = await placesOf(platform, actor, at, table, asked);
  if (!places) return <Empty title={viewText(at.language).badView} icon="map" />;
  const tiles = platform.systems.find((one) => one.mapTiles)?.mapTiles;
  const view = <PlacesView at={at} path={path} asked={asked} places={places} tiles={tiles} rowPath={path} />;
  return isEmbed || !tiles ? view : <Island name="places-map">{view}</Island>;
}
