import { sql } from 'drizzle-orm';
import type { Db } from '#platform/database/pool.ts';
import { plainText } from '#platform/search/index.ts';
import type { Platform } from '#platform/system.ts';
import { type Actor, systemActor } from '#platform/work.ts';
import { licenceOf } from '../licences.ts';
import { canIn, isOfficer } from '../permissions.ts';
import { refresh } from '../served.ts';
import { Catalogue, type Entry, type Mask } from './catalogue.ts';
import { documentShape, type SearchDocument } from './document.ts';
import { countsOf, evaluate, isField, isTextField, phraseKey, RangeLimitError } from './evaluate.ts';
import { fieldsOf, parseQuery, type Query, QuerySyntaxError, wordsQuery } from './query.ts';

/** What is looked for. */
export interface Wanted {
  readonly q: string;
  /** Filters, each of which must be met. */
  readonly fq: readonly string[];
  readonly sort: string;
  readonly rows: number;
  readonly start: number;
  readonly facets: readonly string[];
  /** Values of a facet that are told at most; below 0: all. */
  readonly facetLimit: number;
  readonly facetMinCount: number;
  readonly includeDrafts: boolean;
  readonly includePrivate: boolean;
  readonly includeDeleted: boolean;
}

export interface FacetItem {
  readonly name: string;
  readonly display_name: string;
  readonly count: number;
}

export interface Found {
  readonly count: number;
  /** Kept answers of the datasets of this page (`packageText`). */
  readonly packages: readonly string[];
  readonly ids: readonly string[];
  /** By field, the most counted first. */
  readonly facets: ReadonlyMap<string, readonly FacetItem[]>;
}

/** A query or sort order that cannot be understood: `what` says which. */
export class SearchError extends Error {
  override name = 'SearchError';
  readonly what: 'query' | 'sort';
  constructor(what: 'query' | 'sort', message: string) {
    super(message);
    this.what = what;
  }
}

/** Finds datasets. What somebody may not see is neither found nor counted, whatever the query says. */
export interface DatasetSearch {
  find(actor: Actor, wanted: Wanted): Promise<Found>;
  /** Reads the catalogue before anybody asks, in pieces between which others are served. */
  warm(): Promise<void>;
}

const searches = new WeakMap<Platform, DatasetSearch>();

/** The one search of this process, filled when it is first asked. */
export function searchOf(platform: Platform): DatasetSearch {
  const search = searches.get(platform) ?? createSearch(platform);
  searches.set(platform, search);
  return search;
}

function createSearch(platform: Platform): DatasetSearch {
  const current = follower(platform);
  return {
    async warm() {
      await current();
    },
    async find(actor, wanted) {
      const now = platform.clock.now();
      const q = readQuery(wanted.q);
      const filters = wanted.fq.map(readFilter);
      const sort = readSort(wanted.sort);
      const catalogue = await current();
      const { seen, onlyPublic } = visibleTo(actor, wanted, [q, ...filters]);
      const phrases = await phrasesOf(platform.db, catalogue, [q, ...filters], now);
      const scores = sort.byScore ? new Float32Array(catalogue.size) : undefined;
      let mask: Mask;
      try {
        mask = filters.reduce(
          (all, filter) => both(all, evaluate(filter, { catalogue, now, phrases })),
          both(
            evaluate(q, { catalogue, now, phrases, ...(scores ? { scores } : {}) }),
            onlyPublic ? catalogue.public() : catalogue.select(seen),
          ),
        );
      } catch (error) {
        if (error instanceof RangeLimitError) throw new SearchError('query', error.message);
        throw error;
      }
      const numbers = page(catalogue, mask, sort, scores, wanted);
      const ids = numbers.map((number) => catalogue.entry(number)!.id);
      // Counted before anything is waited for: the catalogue changes meanwhile.
      const met = numbersOf(mask);
      const facets = facetsOf(catalogue, met, wanted, now);
      return { count: met.length, ...(await readPackages(platform.db, ids, seen)), facets };
    },
  };
}

const firstId = '00000000-0000-0000-0000-000000000000';
/** So many documents are taken in before others are served again: about a hundredth of a second. */
const pieceSize = 100;

/**
 * The catalogue in memory, brought up to date before each use by one question to the database: which rows did transactions write
 * that the last look did not see. So every process sees its own and others' changes as soon as they are committed.
 */
function follower(platform: Platform): () => Promise<Catalogue> {
  let catalogue = new Catalogue();
  /** What the last look has seen; null: nothing yet. */
  let snapshot: string | null = null;
  /** Documents that another version of the program wrote. */
  const outdated = new Set<string>();
  let running: Promise<Catalogue> | null = null;
  let next: Promise<Catalogue> | null = null;

  /** Reads everything there is, piece by piece: what changes meanwhile is seen by the look that follows. */
  async function readAll(): Promise<string> {
    const pool = platform.db.$client;
    const { rows } = await pool.query<{ snapshot: string }>('select pg_current_snapshot()::text as snapshot');
    for (let last = firstId; ; ) {
      const piece = await pool.query<{ id: string; document: SearchDocument | null }>({
        name: 'open-data-search-all',
        text: `select dataset as id, document - 'plain' as document from od_search where dataset > $1 order by dataset limit ${pieceSize}`,
        values: [last],
      });
      for (const { id, document } of piece.rows) take(id, document);
      if (piece.rows.length < pieceSize) return rows[0]!.snapshot;
      last = piece.rows.at(-1)!.id;
    }
  }

  function take(id: string, document: SearchDocument | null): void {
    if (document?.shape === documentShape) catalogue.put(document);
    else catalogue.remove(id);
    if (document && document.shape !== documentShape) outdated.add(id);
  }

  async function look(): Promise<Catalogue> {
    snapshot ??= await readAll();
    const { rows } = await platform.db.$client.query<{
      snapshot: string;
      id: string | null;
      document: SearchDocument | null;
    }>({
      name: 'open-data-search-changes',
      text: `with now as materialized (select pg_current_snapshot() as snapshot)
        select now.snapshot::text as snapshot, s.dataset as id, s.document - 'plain' as document
        from now left join od_search s on s.changed >= pg_snapshot_xmin($1::pg_snapshot)
          and s.changed < pg_snapshot_xmax(now.snapshot) and not pg_visible_in_snapshot(s.changed, $1::pg_snapshot)`,
      values: [snapshot],
    });
    snapshot = rows[0]!.snapshot;
    for (const { id, document } of rows) if (id) take(id, document);
    if (outdated.size > 0) {
      const ids = [...outdated];
      outdated.clear();
      for (let from = 0; from < ids.length; from += 500)
        await platform.work(systemActor('open-data'), (work) => refresh(work, ids.slice(from, from + 500)));
      return look();
    }
    if (catalogue.dead > 1_000 && catalogue.dead > catalogue.size / 2) {
      catalogue = new Catalogue();
      snapshot = null;
      return look();
    }
    return catalogue;
  }

  return () => {
    // A look that has begun already may have missed what was committed before we were asked.
    if (!running) {
      running = look().finally(() => {
        running = null;
      });
      return running;
    }
    next ??= running
      .catch(() => {})
      .then(() => {
        next = null;
        running = look().finally(() => {
          running = null;
        });
        return running;
      });
    return next;
  };
}

function readQuery(text: string): Query {
  const plain = text.trim();
  if (plain === '') return { kind: 'all' };
  if (/^\{!/.test(plain)) throw new SearchError('query', "Local parameters are not supported in param 'q'.");
  try {
    return parseQuery(plain, isField);
  } catch (error) {
    if (!(error instanceof QuerySyntaxError)) throw error;
    if ([...plain.matchAll(/(\w+):/g)].some((match) => isField(match[1]!)))
      throw new SearchError('query', error.message);
    // Nobody types brackets and quotation marks into a search field as a program would.
    return wordsQuery(plain);
  }
}

function readFilter(text: string): Query {
  const plain = text.trim();
  if (/^\{!/.test(plain)) throw new SearchError('query', "Local parameters are not supported in param 'fq'.");
  try {
    return parseQuery(plain, (name) => {
      if (isField(name)) return true;
      if (/^[A-Za-z_]\w*$/.test(name)) throw new QuerySyntaxError(`undefined field ${name}`);
      return false;
    });
  } catch (error) {
    if (error instanceof QuerySyntaxError) throw new SearchError('query', error.message);
    throw error;
  }
}

/** Who may be shown what: private datasets and drafts only where asked for, and only to those who may read them. */
function visibleTo(
  actor: Actor,
  wanted: Wanted,
  queries: readonly Query[],
): {
  readonly seen: (entry: Pick<Entry, 'archived' | 'state' | 'private' | 'unit' | 'creator'>) => boolean;
  /** What is seen is what everybody sees. */
  readonly onlyPublic: boolean;
} {
  const named = new Set(queries.flatMap((query) => [...fieldsOf(query)]));
  const drafts = wanted.includeDrafts || named.has('state');
  const deleted = wanted.includeDeleted || named.has('state');
  const archived = named.has('extras_archived') || wanted.includeDeleted;
  const officer = isOfficer(actor);
  const units = new Map<string | null, boolean>();
  const mayRead = (entry: Pick<Entry, 'unit' | 'creator'>) => {
    if (officer) return true;
    const known = units.get(entry.unit) ?? canIn(actor, 'read_private', entry.unit);
    units.set(entry.unit, known);
    return known || (actor.id !== null && entry.creator === actor.id && entry.unit === null);
  };
  return {
    onlyPublic: !archived && ((!drafts && !deleted && !wanted.includePrivate) || actor.id === null),
    seen: (entry) => {
      if (entry.archived && !archived) return false;
      if (entry.state === 'draft' && !drafts) return false;
      if (entry.state === 'deleted' && !deleted) return false;
      if (entry.private && !wanted.includePrivate) return false;
      return (entry.state === 'active' && !entry.private) || mayRead(entry);
    },
  };
}

function both(a: Mask, b: Mask): Mask {
  for (let n = 0; n < a.length; n += 1) a[n]! &= b[n]!;
  return a;
}

/** The numbers of a mask. */
function numbersOf(mask: Mask): Uint32Array {
  const numbers = new Uint32Array(mask.length);
  let count = 0;
  for (let n = 0; n < mask.length; n += 1)
    if (mask[n]) {
      numbers[count] = n;
      count += 1;
    }
  return numbers.subarray(0, count);
}

interface Sort {
  readonly byScore: boolean;
  /** The rest of the order, `name asc, …`. */
  readonly name: string;
  readonly compare: (a: Entry, b: Entry) => number;
}

const collator = new Intl.Collator('uk');
const keys: Readonly<Record<string, (a: Entry, b: Entry) => number>> = {
  id: (a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  name: (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  title: (a, b) => collator.compare(a.title, b.title),
  title_string: (a, b) => collator.compare(a.title, b.title),
  metadata_modified: (a, b) => a.modifiedAt - b.modifiedAt,
  metadata_created: (a, b) => a.createdAt - b.createdAt,
  quality: (a, b) => a.quality - b.quality,
  // As CKAN calls it.
  views_recent: (a, b) => a.uses - b.uses,
};

export const usualSort = 'score desc, metadata_modified desc';

function readSort(text: string): Sort {
  const wanted = text === 'rank' || text.trim() === '' ? usualSort : text;
  const parts = wanted.split(',').map((part) => /^\s*(\w+)\s+(asc|desc)\s*$/i.exec(part));
  if (parts.some((part) => part === null || !(part[1] === 'score' || part[1]! in keys)))
    throw new SearchError('sort', 'Invalid "sort" parameter');
  const chain = parts.map((part) => ({ field: part![1]!, sign: part![2]!.toLowerCase() === 'asc' ? 1 : -1 }));
  const rest = chain.filter((part) => part.field !== 'score');
  return {
    byScore: chain[0]!.field === 'score',
    name: rest.map((part) => `${part.field} ${part.sign}`).join(),
    compare: (a, b) => {
      for (const { field, sign } of rest) {
        const order = keys[field]!(a, b);
        if (order !== 0) return order * sign;
      }
      // Total, so that pages neither lose nor repeat anything.
      return keys.id!(a, b);
    },
  };
}

/** The numbers of one page, without sorting what is not shown. */
function page(
  catalogue: Catalogue,
  mask: Mask,
  sort: Sort,
  scores: Float32Array | undefined,
  wanted: Pick<Wanted, 'rows' | 'start'>,
): number[] {
  const order = catalogue.order(sort.name, sort.compare);
  const end = wanted.start + wanted.rows;
  const found: number[] = [];
  if (!scores) {
    for (const number of order) {
      if (!mask[number]) continue;
      found.push(number);
      if (found.length >= end) break;
    }
    return found.slice(wanted.start);
  }
  const buckets = new Map<number, number[]>();
  for (const number of order) {
    if (!mask[number]) continue;
    const bucket = buckets.get(scores[number]!);
    if (bucket) bucket.push(number);
    else buckets.set(scores[number]!, [number]);
  }
  for (const score of [...buckets.keys()].sort((a, b) => b - a)) {
    for (const number of buckets.get(score)!) found.push(number);
    if (found.length >= end) break;
  }
  return found.slice(wanted.start, end);
}

async function readPackages(
  db: Db,
  ids: readonly string[],
  seen: ReturnType<typeof visibleTo>['seen'],
): Promise<Pick<Found, 'packages' | 'ids'>> {
  if (ids.length === 0) return { packages: [], ids: [] };
  const { rows } = await db.$client.query<
    Pick<Entry, 'private' | 'state' | 'archived' | 'unit' | 'creator'> & {
      dataset: string;
      package: string;
    }
  >({
    name: 'open-data-search-packages',
    text: `select dataset, package, (document ->> 'private')::boolean as private, document ->> 'state' as state,
        (document ->> 'archived')::boolean as archived, document ->> 'unit' as unit, document ->> 'creator' as creator
      from od_search where dataset = any($1::uuid[]) and package is not null`,
    values: [ids],
  });
  // One that was taken from the public since the look is not shown either.
  const byId = new Map(rows.filter(seen).map((row) => [row.dataset, row.package]));
  const shown = ids.filter((id) => byId.has(id));
  return { ids: shown, packages: shown.map((id) => byId.get(id)!) };
}

/** In which datasets the quoted phrases stand word for word. */
async function phrasesOf(
  db: Db,
  catalogue: Catalogue,
  queries: readonly Query[],
  now: Date,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const found = new Map<string, ReadonlySet<string>>();
  const ask = async (query: Query): Promise<void> => {
    if (query.kind === 'and' || query.kind === 'or') for (const part of query.parts) await ask(part);
    else if (query.kind === 'not') await ask(query.part);
    else if (query.kind === 'phrase') {
      const plain = plainText(query.text);
      const key = phraseKey(query.field, plain);
      if (!isTextField(query.field) || !plain.includes(' ') || found.has(key)) return;
      const candidates = evaluate(query, { catalogue, now, phrases: new Map() });
      const ids: string[] = [];
      for (let n = 0; n < candidates.length; n += 1)
        if (candidates[n]) ids.push(...(catalogue.entry(n) ? [catalogue.entry(n)!.id] : []));
      const { rows } = await db.execute<{ dataset: string }>(sql`
        select s.dataset from od_search s where s.dataset in (select jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb)::uuid)
          and exists (select from jsonb_each_text(s.document -> 'plain') as p
            where ${query.field === null || query.field === 'text' ? sql`true` : sql`p.key = ${query.field}`}
              and strpos(' ' || p.value || ' ', ${` ${plain} `}) > 0)`);
      found.set(key, new Set(rows.map((row) => row.dataset)));
    }
  };
  for (const query of queries) await ask(query);
  return found;
}

function facetsOf(
  catalogue: Catalogue,
  met: Uint32Array,
  wanted: Wanted,
  now: Date,
): Map<string, FacetItem[]> {
  const facets = new Map<string, FacetItem[]>();
  for (const field of wanted.facets) {
    const counts = countsOf(catalogue, field, met, now)
      .filter(([, count]) => count >= wanted.facetMinCount)
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    const told = wanted.facetLimit < 0 ? counts : counts.slice(0, wanted.facetLimit);
    const title = (name: string) =>
      field === 'license_id' ? (licenceOf(name)?.title ?? name) : catalogue.titleOf(field, name);
    facets.set(
      field,
      told.map(([name, count]) => ({ name, display_name: title(name), count })),
    );
  }
  return facets;
}
