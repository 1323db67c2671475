import { indexLexemes, plainText } from '#platform/search/index.ts';
import type { Judged } from '../quality/reading.ts';
import type { Whole } from '../served.ts';
import { wireState } from '../states.ts';

/** Fields whose words are looked for in any form of the word. `rest` is only met by words without a field. */
export const textFields = ['title', 'name', 'notes', 'tags', 'res_name', 'res_description', 'rest'] as const;
export type TextField = (typeof textFields)[number];

/** Changes with the shape below: documents of another shape are made anew when they are met. */
export const documentShape = 3;

/** What search knows of one dataset: a row of od_search. */
export interface SearchDocument {
  readonly shape: number;
  readonly id: string;
  readonly name: string;
  readonly title: string;
  /** `2026-01-02T03:04:05.123456`, UTC. */
  readonly created: string;
  readonly modified: string;
  readonly due: string | null;
  readonly private: boolean;
  readonly state: 'draft' | 'active' | 'deleted';
  readonly archived: boolean;
  readonly unit: string | null;
  /** Points of both scales together. */
  readonly quality: number;
  /** How often its data were used of late. */
  readonly uses: number;
  readonly creator: string | null;
  /** Lexemes by field. */
  readonly words: Partial<Record<TextField, readonly string[]>>;
  /** Values by field, compared as they are. */
  readonly values: Readonly<Record<string, readonly string[]>>;
  /** What its organisation and themes are called, by `organization name` and `groups name`. */
  readonly titles: Readonly<Record<string, string>>;
  /** Plain words by field, for phrases. */
  readonly plain: Partial<Record<TextField, string>>;
}

export function documentOf(whole: Whole, { quality, hasPlaces }: Judged, uses: number): SearchDocument {
  const { dataset, organisation, resources, tags, groups } = whole;
  const joined = (texts: readonly (string | null | undefined)[]) => texts.filter(Boolean).join('\n');
  const texts: Record<TextField, string> = {
    title: dataset.title,
    name: dataset.name.replaceAll(/[-_]/g, ' '),
    notes: dataset.notes ?? '',
    tags: joined(tags.map((tag) => tag.name)),
    res_name: joined(resources.map((resource) => resource.name)),
    res_description: joined(resources.map((resource) => resource.description)),
    rest: joined([
      organisation?.title,
      organisation?.name,
      ...groups.map((group) => group.title),
      dataset.author,
      dataset.maintainer,
      ...Object.values(dataset.extras),
      ...resources.flatMap((resource) => columnNames(resource.table_schema)),
    ]),
  };
  const filled = textFields.filter((field) => texts[field].trim() !== '');
  const values: Record<string, string[]> = {
    tags: tags.filter((tag) => tag.vocabulary === null).map((tag) => tag.name),
    groups: groups.map((group) => group.name),
    theme: groups.flatMap((group) => group.theme ?? []),
    organization: organisation ? [organisation.name] : [],
    owner_org: dataset.organisation ? [dataset.organisation] : [],
    res_format: unique(resources.map((resource) => resource.format)),
    res_type: unique(resources.map((resource) => resource.resource_type ?? '')),
    res_url: unique(resources.map((resource) => resource.url)),
    license_id: dataset.licence ? [dataset.licence] : [],
    author: dataset.author ? [dataset.author] : [],
    maintainer: dataset.maintainer ? [dataset.maintainer] : [],
    creator_user_id: dataset.creator ? [dataset.creator] : [],
    version: dataset.version ? [dataset.version] : [],
    url: dataset.url ? [dataset.url] : [],
    dataset_type: [dataset.type],
    hvd: dataset.hvd_category ? [dataset.hvd_category] : [],
    update_frequency: dataset.extras.update_frequency ? [dataset.extras.update_frequency] : [],
    quality: [quality.rating],
    obligation: dataset.extras.obligation ? [dataset.extras.obligation] : [],
    has: [...(resources.some((one) => one.datastore_active) ? ['api'] : []), ...(hasPlaces ? ['map'] : [])],
  };
  for (const [key, value] of Object.entries(dataset.extras)) values[`extras_${key}`] = [value];
  if (dataset.state === 'archived') values.extras_archived = ['true'];
  for (const tag of tags)
    if (tag.vocabulary_name !== null) {
      const field = `vocab_${tag.vocabulary_name}`;
      values[field] = [...(values[field] ?? []), tag.name];
    }
  return {
    shape: documentShape,
    id: dataset.id,
    name: dataset.name,
    title: dataset.title || dataset.name,
    created: dataset.created,
    modified: dataset.modified,
    due: dataset.due_at && new Date(dataset.due_at).toISOString(),
    private: dataset.private,
    state: wireState(dataset.state),
    archived: dataset.state === 'archived',
    unit: dataset.unit,
    quality: quality.mqa + quality.city,
    uses,
    creator: dataset.creator,
    words: Object.fromEntries(filled.map((field) => [field, indexLexemes(texts[field])])),
    values: Object.fromEntries(Object.entries(values).filter(([, list]) => list.length > 0)),
    titles: Object.fromEntries([
      ...(organisation
        ? [[`organization ${organisation.name}`, organisation.title || organisation.name]]
        : []),
      ...groups.map((group) => [`groups ${group.name}`, group.title || group.name]),
    ]),
    plain: Object.fromEntries(filled.map((field) => [field, plainText(texts[field])])),
  };
}

const unique = (list: readonly string[]) => [...new Set(list)].filter((value) => value !== '');

/** What the columns of a table are called, in its schema. */
function columnNames(schema: unknown): string[] {
  const columns = (schema as { columns?: readonly { id?: unknown; title_uk?: unknown }[] } | null)?.columns;
  return (columns ?? []).flatMap((column) => [column.id, column.title_uk].map((name) => String(name ?? '')));
}
