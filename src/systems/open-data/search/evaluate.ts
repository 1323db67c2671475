import { isFunctionWord, plainText, wordsIn } from '#platform/search/index.ts';
import { freshnessOf } from '../freshness.ts';
import { type Catalogue, type Entry, type Mask, matcher } from './catalogue.ts';
import { instantOf } from './dates.ts';
import { type TextField, textFields } from './document.ts';
import type { Query } from './query.ts';

/** What a find of a word weighs in each field. */
const weights: Readonly<Record<TextField, number>> = {
  title: 8,
  name: 6,
  tags: 4,
  notes: 2,
  res_name: 2,
  res_description: 1,
  rest: 1,
};

/** Fields that are looked up by their words. */
const byWords: Readonly<Record<string, readonly TextField[]>> = {
  text: textFields,
  title: ['title'],
  notes: ['notes'],
  res_name: ['res_name'],
  res_description: ['res_description'],
};

/** Fields of one value that every dataset has. */
const computed: Readonly<
  Record<string, (entry: Entry, at: { now: Date; catalogue: Catalogue; number: number }) => string>
> = {
  id: (entry) => entry.id,
  name: (entry) => entry.name,
  title_string: (entry) => entry.title,
  state: (entry) => entry.state,
  capacity: (entry) => (entry.private ? 'private' : 'public'),
  private: (entry) => String(entry.private),
  entity_type: () => 'package',
  freshness: (entry, { now, catalogue, number }) =>
    freshnessOf(entry.due, catalogue.valuesOf(number, 'update_frequency')[0], now),
};

const times: Readonly<Record<string, (entry: Entry) => number>> = {
  metadata_modified: (entry) => entry.modifiedAt,
  metadata_created: (entry) => entry.createdAt,
};

const valueFields = new Set(
  `tags groups organization owner_org res_format res_type res_url license_id author maintainer dataset_type type theme hvd version
   url update_frequency creator_user_id quality obligation has`.split(/\s+/),
);

/** Whether a field is looked up by words; null: any field. */
export function isTextField(field: string | null): boolean {
  return field === null || field in byWords;
}

/** Whether a name is a field of the catalogue. */
export function isField(name: string): boolean {
  return (
    name in byWords ||
    name in computed ||
    name in times ||
    name === 'site_id' ||
    valueFields.has(name) ||
    /^(extras|vocab)_\S+$/.test(name)
  );
}

/** How often each value of a field stands in these datasets. */
export function countsOf(
  catalogue: Catalogue,
  field: string,
  numbers: Uint32Array,
  now: Date,
): [string, number][] {
  const one = computed[field];
  if (!one) return catalogue.count(aliasOf(field), numbers);
  const counts = new Map<string, number>();
  for (const number of numbers) {
    const value = one(catalogue.entry(number)!, { now, catalogue, number });
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts];
}

const aliasOf = (field: string) => (field === 'type' ? 'dataset_type' : field);

export interface Evaluation {
  readonly catalogue: Catalogue;
  readonly now: Date;
  /** Ids of the datasets, of those in the mask, in which a phrase stands word for word; found before, since texts are not in memory. */
  readonly phrases: ReadonlyMap<string, ReadonlySet<string>>;
  /** Weights by number, added to while words are found. */
  readonly scores?: Float32Array;
}

/** Which datasets a query means. */
export function evaluate(query: Query, by: Evaluation): Mask {
  const { catalogue } = by;
  switch (query.kind) {
    case 'all':
      return catalogue.select(() => true);
    case 'and': {
      const telling = query.parts.filter((part) => !isIdle(part));
      return (telling.length > 0 ? telling : query.parts)
        .map((part) => evaluate(part, by))
        .reduce((all, one) => {
          for (let n = 0; n < all.length; n += 1) all[n]! &= one[n]!;
          return all;
        });
    }
    case 'or':
      return query.parts
        .map((part) => evaluate(part, by))
        .reduce((all, one) => {
          for (let n = 0; n < all.length; n += 1) all[n]! |= one[n]!;
          return all;
        });
    case 'not': {
      const { scores: _, ...unweighed } = by;
      const without = evaluate(query.part, unweighed);
      const all = catalogue.select(() => true);
      for (let n = 0; n < all.length; n += 1) if (without[n]) all[n] = 0;
      return all;
    }
    case 'word':
      return matching(query.field, query.text, query.boost, by);
    case 'phrase':
      return phrase(query.field, query.text, query.boost, by);
    case 'pattern':
      return pattern(query, by);
    case 'range':
      return range(query, by);
  }
}

/** «у», «на» between other words tell nothing. */
function isIdle(part: Query): boolean {
  return part.kind === 'word' && isTextField(part.field) && isFunctionWord(part.text);
}

function matching(field: string | null, text: string, boost: number, by: Evaluation): Mask {
  const fields = byWords[field ?? 'text'];
  if (fields) return words(text, fields, boost, by);
  return exactly(field!, text, by);
}

function words(text: string, fields: readonly TextField[], boost: number, by: Evaluation): Mask {
  const { catalogue, scores } = by;
  const found = wordsIn(text).map((word) =>
    catalogue.withWord(
      word.text,
      fields,
      scores &&
        ((number, field) => {
          scores[number]! += weights[field] * boost;
        }),
    ),
  );
  // Only signs: nothing is written with them.
  if (found.length === 0) return new Uint8Array(catalogue.size);
  return found.reduce((all, one) => {
    for (let n = 0; n < all.length; n += 1) all[n]! &= one[n]!;
    return all;
  });
}

function exactly(field: string, text: string, { catalogue, now }: Evaluation): Mask {
  if (field === 'site_id') return catalogue.select(() => true);
  const one = computed[field];
  if (one) return catalogue.select((entry, number) => one(entry, { now, catalogue, number }) === text);
  const time = times[field];
  if (time) {
    const at = instantOf(text, now);
    return catalogue.select((entry) => at !== null && time(entry) === at);
  }
  if (field === 'res_format') {
    const lower = text.toLowerCase();
    return catalogue.withValue(field, (value) => value.toLowerCase() === lower);
  }
  if (field.startsWith('extras_')) {
    const plain = ` ${plainText(text)} `;
    return catalogue.withValue(field, (value) => value === text || ` ${plainText(value)} `.includes(plain));
  }
  return catalogue.withExactly(aliasOf(field), text);
}

/** The key under which a phrase's finds are handed to `evaluate`. */
export const phraseKey = (field: string | null, plain: string) => `${field ?? 'text'} ${plain}`;

function phrase(field: string | null, text: string, boost: number, by: Evaluation): Mask {
  const fields = byWords[field ?? 'text'];
  if (!fields) return exactly(field!, text, by);
  const found = words(text, fields, boost, by);
  const plain = plainText(text);
  const ids = plain.includes(' ') ? by.phrases.get(phraseKey(field, plain)) : undefined;
  if (ids)
    for (let n = 0; n < found.length; n += 1)
      if (found[n] && !ids.has(by.catalogue.entry(n)?.id ?? '')) found[n] = 0;
  return found;
}

function pattern(query: Query & { kind: 'pattern' }, { catalogue, now }: Evaluation): Mask {
  const { field } = query;
  const onlyStar =
    query.pattern.length === 1 && typeof query.pattern[0] !== 'string' && query.pattern[0]!.any === 'many';
  const fields = byWords[field ?? 'text'];
  if (fields) return catalogue.withWordLike(query.pattern, fields);
  if (field === 'site_id') return catalogue.select(() => true);
  if (field! in times) return catalogue.select(() => onlyStar);
  const one = computed[field!];
  const meets = matcher(query.pattern);
  if (one) return catalogue.select((entry, number) => meets(one(entry, { now, catalogue, number })));
  return catalogue.withValue(aliasOf(field!), meets);
}

function range(query: Query & { kind: 'range' }, by: Evaluation): Mask {
  const { catalogue, now } = by;
  const time = times[query.field];
  const limits =
    <T extends number | string>(from: T | null, to: T | null) =>
    (value: T) =>
      (from === null || value > from || (query.withFrom && value === from)) &&
      (to === null || value < to || (query.withTo && value === to));
  if (time) {
    const limit = (text: string | null) => {
      if (text === null) return null;
      const at = instantOf(text, now);
      if (at === null) throw new RangeLimitError(text);
      return at;
    };
    const within = limits(limit(query.from), limit(query.to));
    return catalogue.select((entry) => within(time(entry)));
  }
  const within = limits(query.from, query.to);
  const one = computed[query.field];
  if (one) return catalogue.select((entry, number) => within(one(entry, { now, catalogue, number })));
  if (query.field in byWords)
    return query.from === null && query.to === null
      ? catalogue.withWordLike([{ any: 'many' }], byWords[query.field]!)
      : new Uint8Array(catalogue.size);
  return catalogue.withValue(aliasOf(query.field), within);
}

/** A limit of a range of times that is none. */
export class RangeLimitError extends Error {
  override name = 'RangeLimitError';
  constructor(text: string) {
    super(`Invalid Date String:'${text.slice(0, 100)}'`);
  }
}
