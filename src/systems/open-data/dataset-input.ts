import { asBoolean, asText, isRecord } from './coercion.ts';
import { Faults, type FieldFaults } from './faults.ts';
import { checkEmail, checkName } from './names.ts';
import { isPassportField } from './passport.ts';
import { type ResourceInput, readResourceInput } from './resource-input.ts';

/** The words about a dataset, as they are kept. */
export interface DatasetWords {
  readonly name: string;
  readonly title: string;
  readonly notes: string | null;
  readonly url: string | null;
  readonly version: string | null;
  readonly author: string | null;
  readonly author_email: string | null;
  readonly maintainer: string | null;
  readonly maintainer_email: string | null;
  readonly licence: string | null;
  readonly type: string;
  readonly private: boolean;
  readonly extras: Readonly<Record<string, string>>;
}

/** The words about a dataset and what hangs on it, as they are to be kept. */
export interface DatasetInput extends DatasetWords {
  readonly tags: readonly TagInput[];
  /** Names or ids of themes. */
  readonly groups: readonly string[];
  readonly resources: readonly ResourceInput[];
}

export interface TagInput {
  readonly name: string;
  readonly vocabulary: string | null;
}

/** Keys of a dataset that are no extras. */
const schemaKeys = new Set(
  `id name title notes url version author author_email maintainer maintainer_email license_id type private state owner_org extras
   tags tag_string groups resources organization relationships_as_subject relationships_as_object metadata_created
   metadata_modified creator_user_id isopen license_title license_url num_tags num_resources`.split(/\s+/),
);
const longestTitle = 254;

/**
 * Reads the whole text of a dataset as clients send it: `package_create`, `package_update` and what `package_show` answered.
 * Keys that nobody knows are left out; the passport's fields may stand at the top or among the extras.
 *
 * @param derived texts that the portal itself says in `extras`: handed back, they are not kept.
 * @returns the text and everything that is wrong with it.
 */
export function readDatasetInput(
  input: Readonly<Record<string, unknown>>,
  derived: ReadonlyMap<string, string>,
): { readonly value: DatasetInput; readonly faults: Faults } {
  const faults = new Faults();
  const name = checkName(input.name, faults);
  const text = (key: string) => asText(input[key]);
  const title = text('title') ?? '';
  if (title.length > longestTitle)
    faults.add('title', `Title must be a maximum of ${longestTitle} characters long`);
  const version = text('version');
  if (version && version.length > 100)
    faults.add('version', 'Version must be a maximum of 100 characters long');
  checkEmail('author_email', text('author_email'), faults);
  checkEmail('maintainer_email', text('maintainer_email'), faults);
  return {
    faults,
    value: {
      name: name ?? '',
      title,
      notes: text('notes'),
      url: text('url'),
      version,
      author: text('author'),
      author_email: text('author_email'),
      maintainer: text('maintainer'),
      maintainer_email: text('maintainer_email'),
      licence: text('license_id'),
      type: text('type') ?? 'dataset',
      private: asBoolean(input.private),
      extras: readExtras(input, derived, faults),
      tags: readTags(input, faults),
      groups: readGroups(input.groups),
      resources: readResources(input.resources, faults),
    },
  };
}

function readExtras(
  input: Readonly<Record<string, unknown>>,
  derived: ReadonlyMap<string, string>,
  faults: Faults,
): Record<string, string> {
  const found = new Map<string, string>();
  const rows: FieldFaults[] = [];
  const repeated = new Set<string>();
  const given = Array.isArray(input.extras)
    ? input.extras
    : isRecord(input.extras)
      ? Object.entries(input.extras).map(([key, value]) => ({ key, value }))
      : [];
  for (const one of given) {
    const row = new Faults();
    const { key, value, deleted } = isRecord(one) ? one : {};
    const name = asText(key);
    if (name === null) row.add('key', 'Missing value');
    else if (schemaKeys.has(name)) row.add('key', 'There is a schema field with the same name');
    else if (value === undefined) row.add('value', 'Missing value');
    else if (!asBoolean(deleted)) {
      if (found.has(name)) repeated.add(name);
      const text = asText(value);
      if (text !== null && derived.get(name) !== text) found.set(name, text);
      else if (text !== null) found.set(name, '');
    }
    rows.push(row.fields);
  }
  if (rows.some((row) => Object.keys(row).length > 0)) for (const row of rows) faults.add('extras', row);
  for (const key of repeated) faults.add('extras_validation', `Duplicate key "${key}"`);
  for (const [key, value] of Object.entries(input)) {
    if (!isPassportField(key)) continue;
    const text = asText(value);
    if (text !== null && derived.get(key) !== text) found.set(key, text);
  }
  return Object.fromEntries([...found].filter(([, value]) => value !== ''));
}

function readTags(input: Readonly<Record<string, unknown>>, faults: Faults): TagInput[] {
  const given = Array.isArray(input.tags)
    ? input.tags.map((tag) =>
        isRecord(tag)
          ? { name: asText(tag.name) ?? '', vocabulary: asText(tag.vocabulary_id) }
          : { name: asText(tag) ?? '', vocabulary: null },
      )
    : [];
  const listed = (asText(input.tag_string) ?? '')
    .split(',')
    .map((tag) => tag.trim())
    .filter(Boolean);
  const field = given.length === 0 && listed.length > 0 ? 'tag_string' : 'tags';
  const all = given.length > 0 ? given : listed.map((name) => ({ name, vocabulary: null }));
  const found = new Map<string, TagInput>();
  for (const tag of all) {
    const name = tag.name.trim().normalize('NFC');
    checkTag(name, field, faults);
    found.set(`${tag.vocabulary ?? ''} ${name}`, { name, vocabulary: tag.vocabulary });
  }
  return [...found.values()];
}

/** Whether a word may be a tag. */
export function checkTag(name: string, field: string, faults: Faults): void {
  if (name.length < 2) faults.add(field, `Tag "${name}" length is less than minimum 2`);
  else if (name.length > 100) faults.add(field, `Tag "${name}" length is more than maximum 100`);
  if (!/^[\p{L}\p{N}_ \-.]*$/u.test(name))
    faults.add(
      field,
      `Tag "${name}" can only contain alphanumeric characters, spaces (" "), hyphens ("-"), underscores ("_") or dots (".")`,
    );
}

function readGroups(given: unknown): string[] {
  if (!Array.isArray(given)) return [];
  const names = given.map((group) =>
    isRecord(group) ? (asText(group.id) ?? asText(group.name)) : asText(group),
  );
  return [...new Set(names.filter((name) => name !== null))];
}

function readResources(given: unknown, faults: Faults): ResourceInput[] {
  if (!Array.isArray(given)) return [];
  const read = given.map((one) => readResourceInput(isRecord(one) ? one : {}));
  if (read.some((one) => one.faults.any)) for (const one of read) faults.add('resources', one.faults.fields);
  return read.map((one) => one.value);
}
