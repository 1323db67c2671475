import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { localDate } from '#platform/calendar/index.ts';
import { type Clock, type ManualClock, manualClock } from '#platform/clock.ts';
import { filesOf } from '#platform/files/index.ts';
import { personaActor } from '#platform/identity/personas.ts';
import { createPerson } from '#platform/identity/persons.ts';
import { createStaffAccount } from '#platform/identity/staff.ts';
import type { Platform } from '#platform/system.ts';
import type { Actor, Work } from '#platform/work.ts';
import { openDataCity } from '../../../city/dnipro/index.ts';
import { chooseTable } from './chosen-table.ts';
import { createDataset, moveDataset } from './datasets.ts';
import { demoFile } from './demo-files.ts';
import { usualLicence } from './licences.ts';
import { findLoad, runOneLoad } from './loading/loads.ts';
import { Upload } from './resource-input.ts';
import { patchResource } from './resources.ts';
import { demoOfficer } from './tokens.ts';
import { createUnit, findUnit, putMember } from './units.ts';

const day = 86_400_000;
/** Of the long table, in bytes. */
const largestUpload = 100 * 1024 * 1024;

/**
 * The demo's publishers with their officers, and the datasets that are there when the city opens: those with a history, so that some
 * are late, some have several versions and one was held by the gate.
 */
export async function demo(platform: Platform, clock: ManualClock): Promise<void> {
  const officer = await personaActor(platform, demoOfficer);
  const now = clock.now();
  await at(platform, now, 800).work(officer, async (work) => {
    for (const publisher of openDataCity.publishers) await makePublisher(work, publisher);
  });
  for (const dataset of openDataCity.datasets)
    if (dataset.first) await makeDataset(platform, officer, now, dataset);
}

/** All other datasets. */
export async function fillPortal(platform: Platform, now: Date, stopping: AbortSignal): Promise<void> {
  const officer = await personaActor(platform, demoOfficer);
  for (const dataset of openDataCity.datasets)
    if (!stopping.aborted) await makeDataset(platform, officer, now, dataset);
}

/** The rest of the portal while the city is open, the long table last. With `MISTO_DEMO=city` there is none. */
export async function demoPast(platform: Platform, clock: ManualClock, stopping: AbortSignal): Promise<void> {
  if (platform.config.demo !== 'year') return;
  await fillPortal(platform, clock.now(), stopping);
  const { rows: _, ...table } = openDataCity.passengerCounts;
  const pieces = () => openDataCity.passengerCountsCsv(localDate(clock.now()));
  if (!stopping.aborted) await makeLongTable(platform, { ...table, pieces }, stopping);
}

/** A dataset of one file that nobody holds whole. */
export interface LongTable extends Words {
  readonly file: { readonly title: string; readonly fileName: string };
  /** The file as pieces of text. */
  pieces(): Iterable<string>;
}

/** Makes a dataset of one long file, has it loaded in the background like everybody's upload, and waits for that. */
export async function makeLongTable(
  platform: Platform,
  { file, pieces, ...passport }: LongTable,
  stopping: AbortSignal,
): Promise<void> {
  const officer = await personaActor(platform, demoOfficer);
  if (!(await idOf(platform, passport.name))) {
    const encoded = async function* () {
      for (const text of pieces()) {
        if (stopping.aborted) return;
        yield new TextEncoder().encode(text);
      }
    };
    const store = filesOf(platform.config);
    const content = await store.put(encoded(), largestUpload);
    if (stopping.aborted) return;
    const resources = [{ name: file.title, upload: new Upload(content, file.fileName, store) }];
    await platform.work(officer, (work) => createDataset(work, { ...wordsOf(passport), resources }));
  }
  await loaded(platform, passport.name, stopping);
}

/** Waits until nothing of a dataset is being loaded. */
async function loaded(platform: Platform, name: string, stopping: AbortSignal): Promise<void> {
  const { rows } = await platform.db.execute<{ id: string }>(sql`
    select l.id from od_load l join od_resource r on r.id = l.resource join od_dataset d on d.id = r.dataset
    where d.name = ${name} and l.ended_at is null`);
  for (const { id } of rows) {
    // The queue has it too, unless it died with the process that took it; whoever comes second leaves it to the first.
    await runOneLoad(platform, id);
    while (!stopping.aborted && !(await findLoad(platform.db, id)).endedAt) await sleep(500);
  }
}

/** The platform as it was so many days ago. */
function at(platform: Platform, now: Date, daysAgo: number): Platform {
  const clock: Clock = manualClock(new Date(now.getTime() - daysAgo * day));
  return {
    ...platform,
    clock,
    work: (actor, act, options) => platform.work(actor, act, { ...options, clock }),
  };
}

async function idOf(platform: Platform, name: string): Promise<string | undefined> {
  const { rows } = await platform.db.execute<{ id: string }>(
    sql`select id from od_dataset where name = ${name}`,
  );
  return rows[0]?.id;
}

async function makePublisher(
  work: Work,
  { officer, ...publisher }: openDataCity.PublisherData,
): Promise<void> {
  const { rows } = await work.tx.execute(sql`select from od_organisation where name = ${publisher.name}`);
  if (rows.length > 0) return;
  await createUnit(work, 'organization', { ...publisher });
  const { unit } = await findUnit(work.tx, work.actor, 'organization', publisher.name);
  const person = await createPerson(work, work.secrets, {
    name: officer.name,
    handle: `demo:${officer.login}`,
  });
  await createStaffAccount(work, {
    personId: person,
    login: officer.login,
    post: officer.post,
    organisation: unit!,
    password: null,
  });
  await putMember(work, 'organization', publisher.name, officer.login, 'admin');
}

type Words = Pick<
  openDataCity.DatasetData,
  'name' | 'publisher' | 'title' | 'notes' | 'themes' | 'tags' | 'frequency' | 'obligation' | 'highValue'
>;

function wordsOf(dataset: Words): Record<string, unknown> {
  const { officer } = openDataCity.publisherCalled(dataset.publisher);
  return {
    name: dataset.name,
    title: dataset.title,
    notes: `${dataset.notes}\n\nДемонстраційні дані: усі цифри, назви й люди вигадані.`,
    owner_org: dataset.publisher,
    license_id: usualLicence,
    maintainer: officer.name,
    maintainer_email: 'data@misto.example',
    language: 'ua',
    update_frequency: dataset.frequency,
    purpose_of_collecting_information: 'Показ можливостей порталу',
    ...(dataset.obligation ? { obligation: dataset.obligation } : {}),
    ...(dataset.highValue ? { hvd_category: dataset.highValue } : {}),
    tags: dataset.tags.map((name) => ({ name })),
    groups: dataset.themes.map((name) => ({ name })),
  };
}

/** Makes a dataset with all its versions; what an earlier try has made is left as it is. */
export async function makeDataset(
  platform: Platform,
  officer: Actor,
  now: Date,
  dataset: openDataCity.DatasetData,
): Promise<void> {
  const id = await createOnItsDay(platform, officer, now, dataset);
  const resources = await resourcesOf(platform.db, id);
  // The days of a dataset go forward only: first what it was opened with, then what came later.
  const opened = at(platform, now, openedDaysAgo(dataset));
  for (const resource of resources) await loadAll(opened, resource);
  for (const [n, file] of dataset.files.entries())
    for (
      let version = await uploadsOf(platform, resources[n]!);
      version < file.versions.length;
      version += 1
    ) {
      const then = at(platform, now, file.versions[version]!.daysAgo);
      const upload = await uploadOf(platform, now, file, version);
      await then.work(officer, (work) => patchResource(work, resources[n]!, { upload }));
      await loadAll(then, resources[n]!);
    }
}

const openedDaysAgo = ({ files }: openDataCity.DatasetData) =>
  Math.max(...files.map((file) => file.versions[0]!.daysAgo));

/** Makes a dataset with its first files by the functions that the API calls, on the clock of its day. @returns its id */
export async function createOnItsDay(
  platform: Platform,
  officer: Actor,
  now: Date,
  dataset: openDataCity.DatasetData,
): Promise<string> {
  const known = await idOf(platform, dataset.name);
  if (known) return known;
  const uploads = await Promise.all(dataset.files.map((file) => uploadOf(platform, now, file, 0)));
  const resources = dataset.files.map((file, n) => ({ name: file.title, upload: uploads[n]! }));
  const opened = at(platform, now, openedDaysAgo(dataset));
  return opened.work(officer, (work) => createAsItStands(work, dataset, resources));
}

async function uploadOf(
  platform: Platform,
  now: Date,
  { official, versions }: openDataCity.FileData,
  version: number,
): Promise<Upload> {
  const store = filesOf(platform.config);
  const today = localDate(now);
  const { table: make, note = '' } = versions[version]!;
  const table = make(today);
  const upload = new Upload(await store.put(demoFile(table, today, official)), table.fileName, store);
  upload.note = note;
  return upload;
}

async function createAsItStands(
  work: Work,
  dataset: openDataCity.DatasetData,
  resources: readonly Record<string, unknown>[],
): Promise<string> {
  const isDraft = dataset.state === 'draft' || dataset.state === 'review';
  const { id } = await createDataset(work, {
    ...wordsOf(dataset),
    resources,
    ...(isDraft ? { state: 'draft' } : {}),
  });
  const ids = await resourcesOf(work.tx, id);
  for (const [n, { official }] of dataset.files.entries())
    if (official) await chooseTable(work, ids[n]!, { table: official, strictness: 'tolerant' });
  if (dataset.state === 'review') await moveDataset(work, id, 'submit');
  if (dataset.state === 'archived') await moveDataset(work, id, 'archive');
  return id;
}

async function resourcesOf(reader: Work['tx'] | Platform['db'], dataset: string): Promise<string[]> {
  const { rows } = await reader.execute<{ id: string }>(
    sql`select id from od_resource where dataset = ${dataset} and state = 'active' order by position`,
  );
  return rows.map(({ id }) => id);
}

/** How many files of a resource were handed over. */
async function uploadsOf({ db }: Platform, resource: string): Promise<number> {
  const { rows } = await db.execute<{ n: number }>(
    sql`select count(*)::int as n from od_load where resource = ${resource}`,
  );
  return rows[0]!.n;
}

/** Does now what the queue would do, and has nothing to do any more when it comes. */
async function loadAll(platform: Platform, resource: string): Promise<void> {
  const { rows } = await platform.db.execute<{ id: string }>(
    sql`select id from od_load where resource = ${resource} and ended_at is null order by n`,
  );
  for (const { id } of rows) await runOneLoad(platform, id);
}
