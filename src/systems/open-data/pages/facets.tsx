import type { Actor } from '#platform/work.ts';
import { officialTables } from '../checks/official-tables.ts';
import { frequencyOf } from '../passport.ts';
import { qualityText } from '../quality/words.ts';
import type { DatasetSearch, FacetItem, Wanted } from '../search/search.ts';
import type { Here, Query } from './kit.tsx';

/** What a search can be narrowed by, in the order of the page. */
export const facetFields = [
  'organization',
  'groups',
  'res_format',
  'freshness',
  'quality',
  'has',
  'obligation',
  'update_frequency',
  'tags',
  'license_id',
] as const;
export type FacetField = (typeof facetFields)[number];
export type Chosen = Readonly<Record<FacetField, readonly string[]>>;

/** Reads the chosen values from an address; repeated ones are alternatives. */
export function chosenOf(query: URLSearchParams): Chosen {
  return Object.fromEntries(
    facetFields.map((field) => [
      field,
      [...new Set(query.getAll(field).filter((one) => one.length <= 200))].slice(0, 20),
    ]),
  ) as unknown as Chosen;
}

const phrase = (value: string): string => `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** Filters of the search: all fields must be met, each by one of its values. */
export function filtersOf(chosen: Chosen, except?: FacetField): string[] {
  return facetFields.flatMap((field) =>
    field === except || chosen[field].length === 0
      ? []
      : [`${field}:(${chosen[field].map(phrase).join(' OR ')})`],
  );
}

/**
 * Values of each field with counts. For a field that something is chosen of, the counts are those without that choice: what
 * another choice there would bring.
 */
export async function facetsOf(
  search: DatasetSearch,
  actor: Actor,
  wanted: Wanted,
  chosen: Chosen,
  found: ReadonlyMap<string, readonly FacetItem[]>,
): Promise<ReadonlyMap<FacetField, readonly FacetItem[]>> {
  const entries = await Promise.all(
    facetFields.map(async (field) => {
      if (chosen[field].length === 0) return [field, found.get(field) ?? []] as const;
      const wider = await search.find(actor, {
        ...wanted,
        fq: filtersOf(chosen, field),
        rows: 0,
        start: 0,
        facets: [field],
      });
      return [field, wider.facets.get(field) ?? []] as const;
    }),
  );
  return new Map(entries);
}

/** What a value is called. */
export function labelOf(at: Here, field: FacetField, item: Pick<FacetItem, 'name' | 'display_name'>): string {
  if (field === 'update_frequency') return frequencyOf(item.name).title[at.language];
  if (field === 'freshness') return at.text.freshness[item.name as 'late'] ?? item.display_name;
  if (field === 'quality') return qualityText(at.language).ratings[item.name as 'good'] ?? item.display_name;
  if (field === 'has') return at.text.has[item.name as 'api'] ?? item.display_name;
  if (field === 'obligation') return obligationTitle(at, item.name);
  return item.display_name;
}

/** Додаток of Resolution 835 with what it is about. */
export function obligationTitle(at: Here, obligation: string): string {
  const appendix = Number(/^835\/(\d+)/.exec(obligation)?.[1]);
  const title = officialTables.find((table) => table.appendix === appendix)?.dataset;
  return title ? `${at.text.appendix(appendix)}: ${title}` : obligation;
}

/** Values that are shown before the rest is unfolded. */
const shownAtOnce = 6;

/** All facets as links; a chosen value leads back to the page without it. */
export function Facets(props: {
  at: Here;
  facets: ReadonlyMap<FacetField, readonly FacetItem[]>;
  chosen: Chosen;
  kept: Query;
}) {
  const { at, chosen } = props;
  return (
    <nav class="facets" id="facets" aria-label={at.text.facets}>
      {facetFields.map((field) => {
        const items = props.facets.get(field) ?? [];
        if (items.length === 0) return null;
        const link = (item: FacetItem) => {
          const isChosen = chosen[field].includes(item.name);
          const values = isChosen
            ? chosen[field].filter((one) => one !== item.name)
            : [...chosen[field], item.name];
          return (
            <li key={item.name}>
              <a
                href={at.href('', { ...props.kept, ...chosen, [field]: values })}
                aria-current={isChosen ? 'true' : undefined}
              >
                {labelOf(at, field, item)} <span class="count">{at.number(item.count)}</span>
              </a>
            </li>
          );
        };
        return (
          <details
            key={field}
            class="details"
            open={chosen[field].length > 0 || field === 'organization' || field === 'groups'}
          >
            <summary>{at.text.facet[field]}</summary>
            <ul>{items.slice(0, shownAtOnce).map(link)}</ul>
            {items.length > shownAtOnce && (
              <details class="details">
                <summary>{at.text.moreValues(items.length - shownAtOnce)}</summary>
                <ul>{items.slice(shownAtOnce).map(link)}</ul>
              </details>
            )}
          </details>
        );
      })}
    </nav>
  );
}
