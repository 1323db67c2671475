import { asBoolean, asText } from '../../../coercion.ts';
import { type Found, searchOf, usualSort, type Wanted } from '../../../search/search.ts';
import { packageText } from '../../../served.ts';
import { type Actions, Json, reading } from '../action.ts';
import { SearchQueryError } from '../errors.ts';
import { flag, integer, list, natural, text } from '../parameters.ts';

/** How other search engines are tuned: read, and without a meaning here. */
const ofOtherEngines = ['qf', 'defType', 'mm', 'df', 'tie', 'bf', 'boost', 'wt', 'bq', 'extras', 'q.op'];

const parameters = {
  q: text,
  fq: list(),
  fq_list: list(),
  sort: text,
  rows: natural(10, 1000),
  start: natural(0),
  facet: text,
  'facet.field': list({ comma: false }),
  'facet.limit': integer(50),
  'facet.mincount': natural(1),
  include_drafts: flag,
  include_private: flag,
  include_deleted: flag,
  use_default_schema: flag,
  fl: list({ comma: true }),
};
const known: ReadonlySet<string> = new Set([...Object.keys(parameters), ...ofOtherEngines]);

/** Finding datasets. */
export const searchActions: Actions = {
  package_search: reading({
    about: 'Datasets by words, fields and filters, with counts by facet.',
    parameters,
    async run(call, given) {
      const foreign = Object.keys(call.sent).filter((name) => !known.has(name) && !name.startsWith('ext_'));
      if (foreign.length > 0)
        throw new SearchQueryError(
          `Invalid search parameters: [${foreign.map((name) => `'${name}'`).join(', ')}]`,
        );
      const sort = given.sort ?? usualSort;
      const wantsFacets = given.facet === undefined || asBoolean(given.facet);
      const wanted: Wanted = {
        q: given.q ?? '*:*',
        fq: [...(given.fq ?? []), ...(given.fq_list ?? [])],
        sort,
        rows: given.rows,
        start: given.start,
        facets: wantsFacets ? facetFields(given['facet.field'] ?? []) : [],
        facetLimit: given['facet.limit'],
        facetMinCount: given['facet.mincount'],
        includeDrafts: given.include_drafts,
        includePrivate: given.include_private,
        includeDeleted: given.include_deleted,
      };
      const found = await searchOf(call.platform).find(call.actor, wanted);
      const facets = Object.fromEntries(
        [...found.facets].map(([field, items]) => [
          field,
          Object.fromEntries(items.map((item) => [item.name, item.count])),
        ]),
      );
      return new Json(
        `{"count":${found.count},"facets":${JSON.stringify(facets)},"results":${results(found, given.fl, call.site)},"sort":${JSON.stringify(sort)},"search_facets":${JSON.stringify(searchFacets(found))}}`,
      );
    },
  }),
};

/** Some clients send the list as JSON in one string, some with spaces. */
function facetFields(given: readonly string[]): string[] {
  return [...new Set(given.flatMap((one) => asText(one)?.trim() ?? []))];
}

function results(found: Found, fields: readonly string[] | undefined, site: string): string {
  // One look through the whole costs less than one through each.
  const whole = packageText(`[${found.packages.join()}]`, site);
  if (!fields || fields.length === 0 || fields.includes('*')) return whole;
  return JSON.stringify(
    (JSON.parse(whole) as Record<string, unknown>[]).map((one) =>
      Object.fromEntries(fields.filter((field) => field in one).map((field) => [field, one[field]])),
    ),
  );
}

function searchFacets(found: Found): Record<string, unknown> {
  const down = new Intl.Collator('uk');
  return Object.fromEntries(
    [...found.facets].map(([field, items]) => [
      field,
      { title: field, items: [...items].sort((a, b) => down.compare(b.display_name, a.display_name)) },
    ]),
  );
}
