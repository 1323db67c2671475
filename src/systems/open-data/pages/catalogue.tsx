import { sql } from 'drizzle-orm';
import type { Context } from 'hono';
import type { Reader } from '#platform/database/pool.ts';
import { page } from '#platform/http/page.tsx';
import { localPath } from '#platform/i18n/index.ts';
import { excerpt, readSearch } from '#platform/search/index.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { Card, Empty, LinkButton, PageHead, Pagination, Search, Split } from '#ui/index.ts';
import { SearchError, searchOf, usualSort, type Wanted } from '../search/search.ts';
import { probablyMeant } from '../search/typo.ts';
import { readSettings } from '../settings.ts';
import {
  type Chosen,
  chosenOf,
  type FacetField,
  Facets,
  facetFields,
  facetsOf,
  filtersOf,
  labelOf,
} from './facets.tsx';
import { Feeds } from './follow.tsx';
import {
  datasetOf,
  extraOf,
  Formats,
  FreshnessBadge,
  type Here,
  here,
  instantOf,
  pageOf,
  queryString,
  type ServedDataset,
} from './kit.tsx';
import { CatalogueAlternates } from './other-forms.tsx';

const perPage = 20;
/** Values of a facet that the page tells at most. */
const facetValues = 30;

const sorts = {
  relevance: usualSort,
  newest: 'metadata_modified desc',
  use: 'views_recent desc, title_string asc',
  quality: 'quality desc, title_string asc',
  title: 'title_string asc',
} as const;
type SortName = keyof typeof sorts;

/** `/open-data` and `/open-data/dataset`: every public dataset, narrowed by words and facets. */
export function catalogue(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const query = new URL(c.req.url).searchParams;
    const q = (query.get('q') ?? '').trim().slice(0, 200);
    const chosen = chosenOf(query);
    const sort = sortOf(query.get('sort'), q);
    const number = pageOf(c);
    const search = searchOf(platform);
    const wanted: Wanted = {
      q: q === '' ? '*:*' : q,
      fq: filtersOf(chosen),
      sort: sorts[sort],
      rows: perPage,
      start: (number - 1) * perPage,
      facets: [...facetFields],
      facetLimit: facetValues,
      facetMinCount: 1,
      includeDrafts: false,
      includePrivate: false,
      includeDeleted: false,
    };
    const { actor } = c.var.visit;
    // A text that a query language cannot read is what somebody typed: it finds nothing, and the page says so.
    const found = await search.find(actor, wanted).catch((error: unknown) => {
      if (error instanceof SearchError) return null;
      throw error;
    });
    const facets = found ? await facetsOf(search, actor, wanted, chosen, found.facets) : new Map();
    const datasets = (found?.packages ?? []).map((kept) => datasetOf(kept, at));
    const due = await dueOf(platform.db, datasets);
    const total = found?.count ?? 0;
    const kept = { q, sort: query.get('sort') };
    const first = (number - 1) * perPage + 1;
    return page(
      c,
      {
        title: at.text.portal,
        description: at.text.lead,
        width: 'wide',
        index: !q,
        head: <CatalogueAlternates at={at} />,
      },
      <>
        <PageHead title={at.text.portal} lead={at.text.lead} />
        <Search action={at.href('')} label={at.text.search} value={q} large />
        <p>
          <a href="#facets">{at.text.facets}</a> ·{' '}
          <a href={at.href('/organization')}>{at.text.organisations}</a> ·{' '}
          <a href={at.href('/group')}>{at.text.groups}</a> · <a href={at.href('/query')}>{at.text.query}</a> ·{' '}
          <a href={at.href('/coverage')}>{at.text.coverage}</a> ·{' '}
          <a href={localPath(at.language, '/api')}>API</a>
        </p>
        <Split
          aside={
            <Facets at={at} facets={facets as ReadonlyMap<FacetField, never>} chosen={chosen} kept={kept} />
          }
        >
          <div class="actions">
            <p role="status">
              <strong>{at.number(total)}</strong> {at.text.datasets(total)}
            </p>
            <ul class="chips">{chips(at, chosen, facets as never, kept)}</ul>
            <p class="muted">
              {at.text.sort}:{' '}
              {(Object.keys(sorts) as SortName[]).map((name, n) => (
                <>
                  {n > 0 && ' · '}
                  {name === sort ? (
                    <strong>{at.text.sorts[name]}</strong>
                  ) : (
                    <a href={at.href('', { q, ...chosen, sort: name })}>{at.text.sorts[name]}</a>
                  )}
                </>
              ))}
            </p>
          </div>
          {datasets.length === 0 ? (
            await Nothing({ platform, c, at, q, wanted, chosen })
          ) : (
            <DatasetCards at={at} datasets={datasets} due={due} now={platform.clock.now()} q={q} />
          )}
          <Pagination
            page={number}
            pages={Math.ceil(total / perPage)}
            href={(target) => at.href('', { ...kept, ...chosen, page: target })}
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
          <p class="muted">
            <Feeds at={at} {...feedOf(at, q, wanted.fq)} />
          </p>
        </Split>
      </>,
    );
  };
}

/** The feed of just what the page lists. */
function feedOf(at: Here, q: string, fq: readonly string[]): { address: string; query?: string } {
  if (q === '' && fq.length === 0) return { address: `${at.site}/feeds/dataset` };
  return { address: `${at.site}/feeds/custom`, query: queryString({ q, fq: fq.join(' ') }) };
}

/** Nothing was found: what was probably meant, what the filters hide, and how to ask for the data. */
async function Nothing(props: {
  platform: Platform;
  c: Context<MistoEnv>;
  at: Here;
  q: string;
  wanted: Wanted;
  chosen: Chosen;
}) {
  const { platform, at, q } = props;
  const isNarrowed = facetFields.some((field) => props.chosen[field].length > 0);
  const [meant, wider, { values }] = await Promise.all([
    probablyMeant(platform, q),
    isNarrowed
      ? searchOf(platform)
          .find(props.c.var.visit.actor, { ...props.wanted, fq: [], rows: 0, start: 0, facets: [] })
          .catch(() => null)
      : null,
    readSettings(platform.db),
  ]);
  return (
    <Empty
      title={at.text.none}
      icon="search"
      action={<LinkButton href={at.href('')}>{at.text.all}</LinkButton>}
    >
      {meant && (
        <p>
          {at.text.meant}: <a href={at.href('', { q: meant })}>{meant}</a>?
        </p>
      )}
      {wider && wider.count > 0 && (
        <p>
          <a href={at.href('', { q })}>{at.text.withoutFilters(at.number(wider.count))}</a>
        </p>
      )}
      <p>{at.text.noneWhy}</p>
      <p>
        {at.text.askForData}{' '}
        {values.email_to ? (
          <a href={`mailto:${values.email_to}?subject=${encodeURIComponent(q)}`}>{at.text.askMail}</a>
        ) : (
          <a href={at.href('/organization')}>{at.text.askWho}</a>
        )}
      </p>
    </Empty>
  );
}

function sortOf(given: string | null, q: string): SortName {
  if (given && given in sorts) return given as SortName;
  return q ? 'relevance' : 'newest';
}

function chips(
  at: Here,
  chosen: Chosen,
  facets: ReadonlyMap<FacetField, readonly { name: string; display_name: string; count: number }[]>,
  kept: Record<string, string | null>,
) {
  return facetFields.flatMap((field) =>
    chosen[field].map((value) => {
      const item = facets.get(field)?.find((one) => one.name === value) ?? {
        name: value,
        display_name: value,
      };
      return (
        <li key={`${field} ${value}`}>
          <a
            class="chip"
            href={at.href('', { ...kept, ...chosen, [field]: chosen[field].filter((one) => one !== value) })}
          >
            {labelOf(at, field, item)} <span aria-hidden="true">×</span>
          </a>
        </li>
      );
    }),
  );
}

/** When each dataset is to be updated next, by id. */
export async function dueOf(
  reader: Reader,
  datasets: readonly Pick<ServedDataset, 'id'>[],
): Promise<ReadonlyMap<string, string>> {
  if (datasets.length === 0) return new Map();
  const ids = JSON.stringify(datasets.map(({ id }) => id));
  const { rows } = await reader.execute<{ id: string; due: string }>(sql`
    select id, due_at::text as due from od_dataset
    where due_at is not null and id in (select jsonb_array_elements_text(${ids}::jsonb)::uuid)`);
  return new Map(rows.map((row) => [row.id, row.due]));
}

/** Datasets as cards: what, whose, in which formats, how fresh. */
export function DatasetCards(props: {
  at: Here;
  datasets: readonly ServedDataset[];
  due: ReadonlyMap<string, string>;
  now: Date;
  q?: string;
}) {
  const { at } = props;
  const search = props.q ? readSearch(props.q) : null;
  return (
    <>
      {props.datasets.map((dataset) => (
        <Card
          key={dataset.id}
          level={2}
          title={dataset.title}
          href={at.href(`/dataset/${dataset.name}`)}
          aside={
            <FreshnessBadge
              at={at}
              due={props.due.get(dataset.id) ?? null}
              frequency={extraOf(dataset, 'update_frequency')}
              now={props.now}
            />
          }
          footer={
            <span class="muted">
              <Formats dataset={dataset} at={at} />{' '}
              {dataset.organization && `${dataset.organization.title || dataset.organization.name} · `}
              {at.text.updated.toLowerCase()} {at.date(instantOf(dataset.metadata_modified))}
            </span>
          }
        >
          {dataset.notes && <p>{excerpt(dataset.notes, search, 220)}</p>}
        </Card>
      ))}
    </>
  );
}
