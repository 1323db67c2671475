import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type SQL, sql } from 'drizzle-orm';
import { audit } from '#platform/audit/append.ts';
import type { Reader } from '#platform/database/pool.ts';
import { emit } from '#platform/events/outbox.ts';
import type { Actor, Work } from '#platform/work.ts';
import { personOf, recordActivity } from './activity.ts';
import { asText } from './coercion.ts';
import { type DatasetInput, type DatasetWords, readDatasetInput } from './dataset-input.ts';
import { Absent, Denied, type Faults, faulty } from './faults.ts';
import { keepName } from './former-names.ts';
import { isUuid } from './names.ts';
import { canAnywhere, canIn, isOfficer } from './permissions.ts';
import { changeResources } from './resources.ts';
import { isPublic, may, mustDo, mustRead } from './rights.ts';
import { type DatasetRow, datasetColumns, forget, readWhole, refresh, type Whole } from './served.ts';
import { type DatasetState, type Move, type MoveName, moveOf, servedStates, wireState } from './states.ts';
import { tagIds } from './tags.ts';

/**
 * The dataset called so, by name or id.
 *
 * @throws Absent
 */
export async function findDataset(reader: Reader, idOrName: string, lock: SQL = sql``): Promise<DatasetRow> {
  const { rows } = await reader.execute<DatasetRow & Record<string, unknown>>(sql`
    select ${datasetColumns}, o.unit from od_dataset d left join od_organisation o on o.id = d.organisation
    where ${isUuid(idOrName) ? sql`d.id = ${idOrName} or` : sql``} (d.name = ${idOrName} and d.state <> 'withdrawn')
    order by d.name = ${idOrName} limit 1 ${lock}`);
  const found = rows[0];
  if (!found) throw new Absent();
  return found;
}

/** The dataset for those who may read it. @throws Absent, Denied */
export async function readDataset(reader: Reader, actor: Actor, idOrName: string): Promise<DatasetRow> {
  const dataset = await findDataset(reader, idOrName);
  await mustRead(reader, actor, dataset);
  return dataset;
}

/** The dataset, held until the transaction ends, for those who may change it. @throws Absent, Denied */
export async function lockDataset(work: Work, idOrName: string): Promise<DatasetRow> {
  const dataset = await findDataset(work.tx, idOrName, sql`for update of d`);
  await mustDo(work.tx, work.actor, 'write', dataset);
  return dataset;
}

/** A dataset after a change, as it is served: `text` is read by `packageText`. */
export interface Served {
  readonly id: string;
  readonly text: string;
}

/**
 * Makes a dataset (створити набір). In an organisation that publishes directly it is served at once, else it waits for review,
 * unless the author may publish or asks for a draft.
 *
 * @param input as `package_create` takes it.
 * @throws Denied, Faulty
 */
export async function createDataset(work: Work, input: Readonly<Record<string, unknown>>): Promise<Served> {
  const { actor } = work;
  if (!canAnywhere(actor, 'write')) throw new Denied('not authorized to create packages');
  const owner = asText(input.owner_org);
  const organisation = owner === null ? null : await findOwner(work.tx, owner);
  if (owner !== null && !canIn(actor, 'write', organisation?.unit ?? null))
    throw new Denied('not authorized to add dataset to this organization');
  const { value, faults } = readDatasetInput(input, derivedOf(organisation));
  const id = await newId(work, input.id, faults);
  if (owner === null) {
    faults.add('owner_org', 'An organization must be provided');
    if (value.private) faults.add('private', "Datasets with no organization can't be private.");
  } else if (!organisation) faults.add('owner_org', 'Organization does not exist');
  await checkFree(work, value.name, null, faults);
  faults.refuse();
  const state = firstState(actor, organisation!, input.state);
  const now = work.clock.now().toISOString();
  const served = servedStates.includes(state);
  await insertDataset(work, id, value, organisation!.id, state, now);
  await putTags(work, id, value);
  await putGroups(work, id, value);
  await changeResources(work, { dataset: id, before: [], wanted: value.resources });
  await audit(work, {
    action: 'open-data:create_dataset',
    resource: `open-data-dataset:${id}`,
    detail: { state },
  });
  const text = await serve(work, id);
  await tell(work, 'new package', id, text);
  if (served) await emit(work, 'open-data.dataset.published', { dataset: id }, `open-data:${id}`);
  return { id, text };
}

/**
 * Puts a new text in place of the whole old one; what is missing is cleared, except the organisation. A text that changes
 * nothing leaves no trace. Where changes of a served dataset wait for review, the old text is served meanwhile.
 *
 * @throws Absent, Denied, Faulty
 */
export async function updateDataset(
  work: Work,
  idOrName: string,
  input: Readonly<Record<string, unknown>>,
): Promise<Served> {
  const dataset = await lockDataset(work, idOrName);
  const [before] = (await readWhole(work.tx, [dataset.id])) as [Whole];
  return changeDataset(work, before, input);
}

/** Puts the given keys in place of the old ones; lists as wholes. @throws Absent, Denied, Faulty */
export async function patchDataset(
  work: Work,
  idOrName: string,
  input: Readonly<Record<string, unknown>>,
): Promise<Served> {
  const dataset = await lockDataset(work, idOrName);
  const [before] = (await readWhole(work.tx, [dataset.id])) as [Whole];
  return changeDataset(work, before, { ...inputOf(before), ...input, id: dataset.id });
}

/**
 * The change itself, for a dataset that is held.
 *
 * @param approve the change has been approved already.
 */
export async function changeDataset(
  work: Work,
  before: Whole,
  input: Readonly<Record<string, unknown>>,
  options: { readonly approved?: boolean } = {},
): Promise<Served> {
  const { dataset } = before;
  const owner = asText(input.owner_org) ?? (input.owner_org === undefined ? dataset.organisation : null);
  const organisation = owner === null ? null : await findOwner(work.tx, owner);
  const { value, faults } = readDatasetInput(
    { ...input, name: input.name ?? dataset.name },
    derivedOf(organisation),
  );
  if (owner === null) faults.add('owner_org', 'An organization must be provided');
  else if (!organisation) faults.add('owner_org', 'Organization does not exist');
  else if (organisation.id !== dataset.organisation && !canIn(work.actor, 'write', organisation.unit))
    faults.add('owner_org', 'You cannot add a dataset to this organization');
  if (value.name !== dataset.name) await checkFree(work, value.name, dataset.id, faults);
  faults.refuse();
  const state = await nextState(work, dataset, organisation!, input.state);
  const isServed = servedStates.includes(dataset.state);
  if (
    !options.approved &&
    isServed &&
    state === dataset.state &&
    organisation!.publish_mode === 'review' &&
    !(await may(work.tx, work.actor, 'publish', dataset))
  )
    return propose(work, before, input);

  const now = work.clock.now().toISOString();
  const wordsChanged =
    !isDeepStrictEqual(wordsOf(dataset), wordsOf(value)) ||
    dataset.organisation !== organisation!.id ||
    state !== dataset.state;
  const tagsChanged = await putTags(work, dataset.id, value, before);
  const groupsChanged = await putGroups(work, dataset.id, value, before);
  const resourcesChanged = await changeResources(work, {
    dataset: dataset.id,
    before: before.resources,
    wanted: value.resources,
  });
  if (!wordsChanged && !tagsChanged && !groupsChanged && !resourcesChanged)
    return { id: dataset.id, text: await keptOf(work, dataset.id) };
  await work.tx.execute(sql`
    update od_dataset set ${columnsOf(value)}, organisation = ${organisation!.id}, state = ${state}, revision = revision + 1,
      modified_at = ${now} where id = ${dataset.id}`);
  if (value.name !== dataset.name) await keepName(work, 'dataset', dataset.id, dataset.name);
  await audit(work, {
    action: 'open-data:change_dataset',
    resource: `open-data-dataset:${dataset.id}`,
    detail: { state },
  });
  const text = await serve(work, dataset.id);
  await tell(work, state === 'withdrawn' ? 'deleted package' : 'changed package', dataset.id, text);
  if (state !== dataset.state) await emitMove(work, dataset.id, state);
  return { id: dataset.id, text };
}

/**
 * Moves a dataset from one state to another as `states.ts` allows.
 *
 * @throws Absent, Denied, Faulty when there is no such way, or its reason is missing.
 */
export async function moveDataset(
  work: Work,
  idOrName: string,
  name: MoveName,
  options: { readonly reason?: string } = {},
): Promise<Served> {
  const move = moveOf(name);
  const dataset = await findDataset(work.tx, idOrName, sql`for update of d`);
  await mustDo(work.tx, work.actor, move.needs, dataset);
  await checkMove(work, move, dataset, options.reason);
  const now = work.clock.now().toISOString();
  await work.tx.execute(sql`
    update od_dataset set state = ${move.to}, reason = ${options.reason ?? null}, modified_at = ${now},
      revision = revision + 1 where id = ${dataset.id}`);
  await audit(work, {
    action: `open-data:${name}_dataset`,
    resource: `open-data-dataset:${dataset.id}`,
    detail: { from: dataset.state, to: move.to },
  });
  const text = await serve(work, dataset.id);
  await tell(work, move.to === 'withdrawn' ? 'deleted package' : 'changed package', dataset.id, text);
  await emitMove(work, dataset.id, move.to);
  return { id: dataset.id, text };
}

/** Removes a dataset with everything of it, for ever. @throws Absent, Denied: only the officer may. */
export async function purgeDataset(work: Work, idOrName: string): Promise<void> {
  const dataset = await findDataset(work.tx, idOrName, sql`for update of d`);
  if (!isOfficer(work.actor)) throw new Denied();
  await work.tx.execute(sql`delete from od_follow where kind = 'dataset' and object = ${dataset.id}`);
  await work.tx.execute(sql`delete from od_former_name where object = ${dataset.id}`);
  await work.tx.execute(sql`delete from od_dataset where id = ${dataset.id}`);
  await forget(work, dataset.id);
  await audit(work, { action: 'open-data:purge_dataset', resource: `open-data-dataset:${dataset.id}` });
  await emit(work, 'open-data.dataset.withdrawn', { dataset: dataset.id }, `open-data:${dataset.id}`);
}

/**
 * Marks that a dataset has changed outside of its text (a version was switched, a row was written): it is served anew, and its
 * `metadata_modified` moves.
 */
export async function touchDataset(work: Work, id: string): Promise<Served> {
  await work.tx.execute(
    sql`update od_dataset set modified_at = ${work.clock.now().toISOString()} where id = ${id}`,
  );
  return { id, text: await serve(work, id) };
}

/** The text of a dataset as `updateDataset` takes it back. */
export function inputOf(whole: Whole): Record<string, unknown> {
  const { dataset } = whole;
  return {
    id: dataset.id,
    name: dataset.name,
    title: dataset.title,
    notes: dataset.notes,
    url: dataset.url,
    version: dataset.version,
    author: dataset.author,
    author_email: dataset.author_email,
    maintainer: dataset.maintainer,
    maintainer_email: dataset.maintainer_email,
    license_id: dataset.licence,
    type: dataset.type,
    private: dataset.private,
    state: wireState(dataset.state),
    owner_org: dataset.organisation,
    extras: Object.entries(dataset.extras).map(([key, value]) => ({ key, value })),
    tags: whole.tags.map((tag) => ({ name: tag.name, vocabulary_id: tag.vocabulary })),
    groups: whole.groups.map((group) => ({ id: group.id })),
    resources: whole.resources.map((resource) => ({ ...resource.extra, ...resourceWords(resource) })),
  };
}

function resourceWords(resource: Whole['resources'][number]): Record<string, unknown> {
  return {
    id: resource.id,
    name: resource.name,
    description: resource.description,
    url: resource.url,
    url_type: resource.kind === 'link' ? null : resource.kind === 'upload' ? 'upload' : 'datastore',
    format: resource.format,
    mimetype: resource.mimetype,
    mimetype_inner: resource.mimetype_inner,
    resource_type: resource.resource_type,
    size: resource.size,
    hash: resource.hash,
    cache_url: resource.cache_url,
    cache_last_updated: resource.cache_last_updated,
    last_modified: resource.last_modified,
  };
}

interface Owner extends Record<string, unknown> {
  readonly id: string;
  readonly unit: string;
  readonly publish_mode: 'direct' | 'review';
  readonly edrpou: string | null;
  readonly katottg: string | null;
}

async function findOwner(reader: Reader, idOrName: string): Promise<Owner | null> {
  const { rows } = await reader.execute<Owner>(sql`
    select id, unit, publish_mode, edrpou, katottg from od_organisation where state = 'active'
      and ${isUuid(idOrName) ? sql`id = ${idOrName}` : sql`name = ${idOrName}`} for key share`);
  return rows[0] ?? null;
}

function derivedOf(organisation: Owner | null): ReadonlyMap<string, string> {
  return new Map([
    ['publisherIdentifier', organisation?.edrpou ?? ''],
    ['katottg', organisation?.katottg ?? ''],
    ['archived', 'true'],
  ]);
}

async function newId(work: Work, given: unknown, faults: Faults): Promise<string> {
  const id = asText(given);
  if (id === null) return randomUUID();
  if (!isOfficer(work.actor)) faults.add('id', 'The input field id was not expected.');
  else if (!isUuid(id)) faults.add('id', 'Invalid id provided');
  else {
    const { rows } = await work.tx.execute(sql`select from od_dataset where id = ${id}`);
    if (rows.length > 0) faults.add('id', 'Dataset id already exists');
  }
  return id.toLowerCase();
}

async function checkFree(work: Work, name: string, own: string | null, faults: Faults): Promise<void> {
  if (name === '') return;
  // Two that ask for the same name at once wait for each other here, so that the second hears why.
  await work.tx.execute(
    sql`select pg_advisory_xact_lock(hashtextextended(${`open-data dataset ${name}`}, 0))`,
  );
  const { rows } = await work.tx.execute(sql`
    select from od_dataset where name = ${name} and state <> 'withdrawn' and id is distinct from ${own}`);
  if (rows.length > 0) faults.add('name', 'That URL is already in use.');
}

function firstState(actor: Actor, organisation: Owner, asked: unknown): DatasetState {
  if (asked === 'draft') return 'draft';
  return organisation.publish_mode === 'direct' || canIn(actor, 'publish', organisation.unit)
    ? 'published'
    : 'review';
}

/** The state that a written `state` leads to; what is not one of CKAN's words changes nothing. */
async function nextState(
  work: Work,
  dataset: DatasetRow,
  organisation: Owner,
  asked: unknown,
): Promise<DatasetState> {
  if (asked === 'deleted' && dataset.state !== 'withdrawn') return 'withdrawn';
  if (asked !== 'active' || servedStates.includes(dataset.state)) return dataset.state;
  const mayPublish = await may(work.tx, work.actor, 'publish', dataset);
  if (dataset.state === 'draft' && organisation.publish_mode === 'direct') return 'published';
  if (mayPublish) return 'published';
  return dataset.state === 'draft' ? 'review' : dataset.state;
}

async function checkMove(work: Work, move: Move, dataset: DatasetRow, reason?: string): Promise<void> {
  if (!move.from.includes(dataset.state))
    throw faulty('state', `a ${dataset.state} dataset cannot ${move.name}`);
  if (move.reason === 'required' && !reason?.trim()) throw faulty('reason', 'Missing value');
  if (move.to === 'published' && dataset.organisation === null)
    throw faulty('owner_org', 'An organization must be provided');
  if (move.name !== 'publish') return;
  const owner = await findOwner(work.tx, dataset.organisation!);
  if (owner?.publish_mode === 'review' && !(await may(work.tx, work.actor, 'publish', dataset)))
    throw new Denied('datasets of this organization are reviewed first');
}

/** A change that waits for approval. What is answered is what is served. */
async function propose(work: Work, before: Whole, input: Readonly<Record<string, unknown>>): Promise<Served> {
  const { id } = before.dataset;
  const now = work.clock.now().toISOString();
  const body = JSON.stringify(input);
  await work.tx.execute(sql`
    insert into od_revision (dataset, n, state, body, author, created_at)
    values (${id}, (select coalesce(max(n), 0) + 1 from od_revision where dataset = ${id}), 'review', ${body}::jsonb,
      ${personOf(work)}, ${now})
    on conflict (dataset) where state in ('draft', 'review')
    do update set body = excluded.body, author = excluded.author, state = 'review', reason = null, created_at = excluded.created_at`);
  await audit(work, { action: 'open-data:propose_revision', resource: `open-data-dataset:${id}` });
  await emit(work, 'open-data.revision.proposed', { dataset: id }, `open-data:${id}`);
  return { id, text: await keptOf(work, id) };
}

/** Serves the change that waits, or sends it back with a reason. @throws Absent, Denied, Faulty */
export async function decideRevision(
  work: Work,
  idOrName: string,
  decision: { readonly approve: true } | { readonly approve: false; readonly reason: string },
): Promise<Served> {
  const dataset = await findDataset(work.tx, idOrName, sql`for update of d`);
  await mustDo(work.tx, work.actor, 'publish', dataset);
  const { rows } = await work.tx.execute<{ n: number; body: Record<string, unknown> }>(
    sql`select n, body from od_revision where dataset = ${dataset.id} and state = 'review'`,
  );
  const revision = rows[0];
  if (!revision) throw new Absent('revision');
  if (!decision.approve && !decision.reason.trim()) throw faulty('reason', 'Missing value');
  await work.tx.execute(sql`
    update od_revision set state = ${decision.approve ? 'published' : 'draft'},
      reason = ${decision.approve ? null : decision.reason}, decided_at = ${work.clock.now().toISOString()}
    where dataset = ${dataset.id} and n = ${revision.n}`);
  await audit(work, {
    action: decision.approve ? 'open-data:approve_revision' : 'open-data:return_revision',
    resource: `open-data-dataset:${dataset.id}`,
  });
  if (!decision.approve) return { id: dataset.id, text: await keptOf(work, dataset.id) };
  const [before] = (await readWhole(work.tx, [dataset.id])) as [Whole];
  return changeDataset(work, before, revision.body, { approved: true });
}

const wordsOf = (dataset: DatasetWords): DatasetWords => ({
  name: dataset.name,
  title: dataset.title,
  notes: dataset.notes,
  url: dataset.url,
  version: dataset.version,
  author: dataset.author,
  author_email: dataset.author_email,
  maintainer: dataset.maintainer,
  maintainer_email: dataset.maintainer_email,
  licence: dataset.licence,
  type: dataset.type,
  private: dataset.private,
  extras: dataset.extras,
});

function columnsOf(value: DatasetInput): SQL {
  return sql`name = ${value.name}, title = ${value.title}, notes = ${value.notes}, url = ${value.url},
    version = ${value.version}, author = ${value.author}, author_email = ${value.author_email},
    maintainer = ${value.maintainer}, maintainer_email = ${value.maintainer_email}, licence = ${value.licence},
    type = ${value.type}, private = ${value.private}, extras = ${JSON.stringify(value.extras)}::jsonb`;
}

async function insertDataset(
  work: Work,
  id: string,
  value: DatasetInput,
  organisation: string,
  state: DatasetState,
  now: string,
): Promise<void> {
  await work.tx.execute(sql`
    insert into od_dataset (id, name, title, notes, url, version, author, author_email, maintainer, maintainer_email, licence,
      type, organisation, creator, private, state, extras, created_at, modified_at)
    values (${id}, ${value.name}, ${value.title}, ${value.notes}, ${value.url}, ${value.version}, ${value.author},
      ${value.author_email}, ${value.maintainer}, ${value.maintainer_email}, ${value.licence}, ${value.type}, ${organisation},
      ${personOf(work)}, ${value.private}, ${state}, ${JSON.stringify(value.extras)}::jsonb, ${now}, ${now})`);
}

/** @returns whether anything has changed. */
async function putTags(work: Work, id: string, value: DatasetInput, before?: Whole): Promise<boolean> {
  const key = (tag: { name: string; vocabulary: string | null }) => `${tag.vocabulary ?? ''} ${tag.name}`;
  const had = new Set(before?.tags.map(key));
  if (had.size === value.tags.length && value.tags.every((tag) => had.has(key(tag)))) return false;
  const ids = await tagIds(work, value.tags);
  await work.tx.execute(sql`delete from od_dataset_tag where dataset = ${id} and tag not in
    (select jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb)::uuid)`);
  await work.tx.execute(sql`insert into od_dataset_tag (dataset, tag)
    select ${id}::uuid, jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb)::uuid on conflict do nothing`);
  return true;
}

/** @returns whether anything has changed. @throws Absent for a theme that is not there. */
async function putGroups(work: Work, id: string, value: DatasetInput, before?: Whole): Promise<boolean> {
  const { rows } = await work.tx.execute<{ id: string; name: string }>(sql`
    select id, name from od_group where state = 'active' and (id::text in ${listOf(value.groups)} or name in ${listOf(value.groups)})`);
  if (value.groups.some((one) => !rows.some((row) => row.id === one || row.name === one)))
    throw new Absent('Group was not found.');
  const ids = [...new Set(rows.map((row) => row.id))];
  const had = new Set(before?.groups.map((group) => group.id));
  if (had.size === ids.length && ids.every((one) => had.has(one))) return false;
  await work.tx.execute(
    sql`delete from od_dataset_group where dataset = ${id} and "group"::text not in ${listOf(ids)}`,
  );
  await work.tx.execute(sql`insert into od_dataset_group (dataset, "group")
    select ${id}::uuid, jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb)::uuid on conflict do nothing`);
  return true;
}

const listOf = (values: readonly string[]) =>
  sql`(select jsonb_array_elements_text(${JSON.stringify(values)}::jsonb))`;

async function serve(work: Work, id: string): Promise<string> {
  return (await refresh(work, [id])).get(id)!;
}

async function keptOf(work: Work, id: string): Promise<string> {
  const { rows } = await work.tx.execute<{ package: string }>(
    sql`select package from od_search where dataset = ${id}`,
  );
  return rows[0]!.package;
}

/** Writes the activity with the dataset as it is now. */
export async function tell(
  work: Work,
  type: 'new package' | 'changed package' | 'deleted package',
  id: string,
  text: string,
): Promise<void> {
  const dataset = await findDataset(work.tx, id);
  const { rows } = await work.tx.execute<{ id: string }>(
    sql`select "group" as id from od_dataset_group where dataset = ${id}`,
  );
  await recordActivity(work, {
    type,
    object: id,
    organisation: dataset.organisation,
    groups: rows.map((row) => row.id),
    hidden: !isPublic(dataset),
    data: { package: JSON.parse(text), actor: work.actor.name },
  });
}

async function emitMove(work: Work, id: string, state: DatasetState): Promise<void> {
  const happened = state === 'published' ? 'published' : state === 'withdrawn' ? 'withdrawn' : 'moved';
  await emit(work, `open-data.dataset.${happened}`, { dataset: id, state }, `open-data:${id}`);
}
