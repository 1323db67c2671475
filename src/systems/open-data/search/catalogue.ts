import { stemsOf } from '#platform/search/index.ts';
import { type SearchDocument, type TextField, textFields } from './document.ts';
import type { PatternPart } from './query.ts';

/** Which datasets, by number: 1 where it is one of them. */
export type Mask = Uint8Array;

/** What of a document is kept beside the postings. */
export type Entry = Omit<SearchDocument, 'words' | 'plain' | 'values' | 'titles'> & {
  readonly modifiedAt: number;
  readonly createdAt: number;
};

type Postings = Map<string, number[]>;

/** Whole numbers one behind the other, close together. */
class Numbers {
  data = new Uint32Array(64);
  length = 0;

  push(value: number): void {
    if (this.length === this.data.length) {
      const wider = new Uint32Array(this.length * 2);
      wider.set(this.data);
      this.data = wider;
    }
    this.data[this.length] = value;
    this.length += 1;
  }

  /** Fills up with a value until there is one at this place. */
  reach(place: number, value: number): void {
    while (this.length <= place) this.push(value);
  }
}

/** The values of one field: each value has a number, each dataset those of its values. */
interface Column {
  readonly numbers: Map<string, number>;
  readonly values: string[];
  /** Where the values of each dataset begin in `all`; they end where those of the next number begin. */
  readonly starts: Numbers;
  readonly all: Numbers;
  readonly postings: number[][];
}

/**
 * The whole catalogue in memory, for finding and counting. A changed dataset gets a new number behind the others and its old number
 * dies; when too many are dead, the numbers are given out anew. Twenty thousand datasets take some tens of megabytes.
 */
export class Catalogue {
  #entries: (Entry | null)[] = [];
  #numbers = new Map<string, number>();
  #words = new Map<TextField, Postings>(textFields.map((field) => [field, new Map()]));
  #columns = new Map<string, Column>();
  #titles = new Map<string, string>();
  #public: Mask = new Uint8Array(1024);
  #orders = new Map<string, Uint32Array>();

  /** Numbers given out, dead ones among them. */
  get size(): number {
    return this.#entries.length;
  }

  /** How many numbers are dead. */
  get dead(): number {
    return this.#entries.length - this.#numbers.size;
  }

  entry(number: number): Entry | null {
    return this.#entries[number] ?? null;
  }

  numberOf(id: string): number | undefined {
    return this.#numbers.get(id);
  }

  /** Takes a document in, in place of an older one of the same dataset. */
  put({ words, plain: _, values: byField, titles, ...document }: SearchDocument): void {
    this.remove(document.id);
    const number = this.#entries.length;
    this.#entries.push({
      ...document,
      modifiedAt: Date.parse(`${document.modified.slice(0, 23)}Z`),
      createdAt: Date.parse(`${document.created.slice(0, 23)}Z`),
    });
    this.#numbers.set(document.id, number);
    if (number >= this.#public.length) {
      const wider = new Uint8Array(this.#public.length * 2);
      wider.set(this.#public);
      this.#public = wider;
    }
    this.#public[number] = document.state === 'active' && !document.private && !document.archived ? 1 : 0;
    for (const [key, title] of Object.entries(titles)) this.#titles.set(key, title);
    for (const [field, lexemes] of Object.entries(words) as [TextField, readonly string[]][])
      for (const lexeme of lexemes) append(this.#words.get(field)!, lexeme, number);
    for (const [field, values] of Object.entries(byField)) {
      const column = this.#column(field);
      column.starts.reach(number, column.all.length);
      for (const value of values) {
        const n = numberOf(column, value);
        column.all.push(n);
        column.postings[n]!.push(number);
      }
      column.starts.reach(number + 1, column.all.length);
    }
    this.#orders.clear();
  }

  remove(id: string): void {
    const number = this.#numbers.get(id);
    if (number === undefined) return;
    this.#entries[number] = null;
    this.#numbers.delete(id);
    this.#public[number] = 0;
    this.#orders.clear();
  }

  /** All living datasets that fulfil a condition. */
  select(condition: (entry: Entry, number: number) => boolean): Mask {
    const mask = new Uint8Array(this.size);
    for (let n = 0; n < this.size; n += 1) {
      const entry = this.#entries[n];
      if (entry && condition(entry, n)) mask[n] = 1;
    }
    return mask;
  }

  /** Datasets that hold a word in any of its forms, in one of these fields. `weigh` hears of each find. */
  withWord(
    word: string,
    fields: readonly TextField[],
    weigh?: (number: number, field: TextField) => void,
  ): Mask {
    const mask = new Uint8Array(this.size);
    for (const field of fields)
      for (const lexeme of stemsOf(word))
        for (const number of this.#words.get(field)!.get(lexeme) ?? []) {
          mask[number] = 1;
          weigh?.(number, field);
        }
    return mask;
  }

  /** Datasets with a word that a pattern meets; a pattern is met by the word's stem. */
  withWordLike(pattern: readonly PatternPart[], fields: readonly TextField[]): Mask {
    const mask = new Uint8Array(this.size);
    const lower = pattern.map((part) => (typeof part === 'string' ? part.toLowerCase() : part));
    const meets = matcher(lower);
    const [first] = lower;
    // `водопостачання*` is longer than the stem of what it means.
    const stems =
      lower.length === 2 && typeof first === 'string' ? new Set(stemsOf(first)) : new Set<string>();
    for (const field of fields)
      for (const [lexeme, numbers] of this.#words.get(field)!)
        if (meets(lexeme) || stems.has(lexeme)) for (const number of numbers) mask[number] = 1;
    return mask;
  }

  /** Living datasets that everybody may see, without the archived ones. */
  public(): Mask {
    return this.#public.slice(0, this.size);
  }

  /** Datasets whose field has a value that meets the condition. */
  withValue(field: string, meets: (value: string) => boolean): Mask {
    const mask = new Uint8Array(this.size);
    const column = this.#columns.get(field);
    for (const [value, n] of column?.numbers ?? [])
      if (meets(value)) for (const number of column!.postings[n]!) mask[number] = 1;
    return mask;
  }

  /** Datasets whose field has exactly this value. */
  withExactly(field: string, value: string): Mask {
    const mask = new Uint8Array(this.size);
    const column = this.#columns.get(field);
    const n = column?.numbers.get(value);
    if (n !== undefined) for (const number of column!.postings[n]!) mask[number] = 1;
    return mask;
  }

  /** How often each value of a field stands in these datasets. */
  count(field: string, numbers: Uint32Array): [value: string, count: number][] {
    const column = this.#columns.get(field);
    if (!column) return [];
    const counts = new Uint32Array(column.values.length);
    const { data: starts, length } = column.starts;
    const all = column.all.data;
    for (const number of numbers) {
      // Datasets behind the last that has this field.
      if (number + 1 >= length) continue;
      for (let at = starts[number]!; at < starts[number + 1]!; at += 1) counts[all[at]!]! += 1;
    }
    const found: [string, number][] = [];
    for (let n = 0; n < counts.length; n += 1)
      if (counts[n]! > 0) found.push([column.values[n]!, counts[n]!]);
    return found;
  }

  /** What an organisation (`organization`) or theme (`groups`) is called; its name where it has no title. */
  titleOf(field: string, name: string): string {
    return this.#titles.get(`${field} ${name}`) ?? name;
  }

  /** The values of a field of one dataset. */
  valuesOf(number: number, field: string): readonly string[] {
    const column = this.#columns.get(field);
    if (!column || number + 1 >= column.starts.length) return [];
    const [from, to] = [column.starts.data[number]!, column.starts.data[number + 1]!];
    return [...column.all.data.slice(from, to)].map((n) => column.values[n]!);
  }

  #column(field: string): Column {
    const column = this.#columns.get(field) ?? {
      numbers: new Map(),
      values: [],
      starts: new Numbers(),
      all: new Numbers(),
      postings: [],
    };
    this.#columns.set(field, column);
    return column;
  }

  /** Numbers of the living in an order, kept until something changes. */
  order(name: string, compare: (a: Entry, b: Entry) => number): Uint32Array {
    const known = this.#orders.get(name);
    if (known) return known;
    const numbers = Uint32Array.from(this.#numbers.values());
    numbers.sort((a, b) => compare(this.#entries[a]!, this.#entries[b]!));
    if (this.#orders.size >= 20) this.#orders.clear();
    this.#orders.set(name, numbers);
    return numbers;
  }
}

/** A pattern as a test of whole values. */
export function matcher(pattern: readonly PatternPart[]): (value: string) => boolean {
  const source = pattern
    .map((part) =>
      typeof part === 'string'
        ? part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
        : part.any === 'one'
          ? '.'
          : '.*',
    )
    // Many stars in a row would take exponential time.
    .join('')
    .replaceAll(/(?:\.\*){2,}/g, '.*');
  const expression = new RegExp(`^${source}$`, 'su');
  return (value) => expression.test(value);
}

function numberOf(column: Column, value: string): number {
  const known = column.numbers.get(value);
  if (known !== undefined) return known;
  const n = column.values.length;
  column.numbers.set(value, n);
  column.values.push(value);
  column.postings.push([]);
  return n;
}

function append(postings: Postings, key: string, number: number): void {
  const known = postings.get(key);
  if (known) known.push(number);
  else postings.set(key, [number]);
}
