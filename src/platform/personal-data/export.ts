import { sql } from 'drizzle-orm';
import { audit } from '../audit/append.ts';
import { NotFound } from '../errors.ts';
import { filesOf, shownName } from '../files/index.ts';
import { largestZip, type ZipEntry, zip } from '../files/zip.ts';
import type { Language } from '../i18n/index.ts';
import type { Platform } from '../system.ts';
import type { Actor, Work } from '../work.ts';
import { readable } from './readable.tsx';
import { exportPerson } from './rights.ts';

const week = 7 * 86_400_000;

/** A link by which a person downloads their own data. */
export interface DataLink {
  readonly id: string;
  readonly madeAt: Date;
  readonly until: Date;
}

/** Makes a link that works for seven days, for nobody but the actor. */
export async function makeDataLink(work: Work): Promise<void> {
  const now = work.clock.now();
  const { rows } = await work.tx.execute<{ id: string }>(
    sql`insert into data_export (person_id, made_at, expires_at)
        values (${work.actor.id}, ${now.toISOString()}, ${new Date(now.getTime() + week).toISOString()}) returning id`,
  );
  await audit(work, {
    action: 'personal-data:ask-export',
    resource: `export:${rows[0]!.id}`,
    subjects: [work.actor.id!],
  });
}

/** The actor's links that still work, newest first. */
export async function dataLinks(work: Work): Promise<readonly DataLink[]> {
  const { rows } = await work.tx.execute<{ id: string; made_at: string; expires_at: string }>(
    sql`select id, made_at, expires_at from data_export
        where person_id = ${work.actor.id} and expires_at > ${work.clock.now().toISOString()}
        order by made_at desc, id desc`,
  );
  return rows.map((row) => ({
    id: row.id,
    madeAt: new Date(row.made_at),
    until: new Date(row.expires_at),
  }));
}

/**
 * Everything about the actor as one archive: `index.html` to read, `data.json` for programs, and the bytes of every file.
 * What could not be put in is named in both.
 *
 * @throws NotFound for a link that is over or somebody else's.
 */
export async function dataArchive(
  platform: Platform,
  actor: Actor & { id: string },
  linkId: string,
  language: Language,
): Promise<AsyncGenerator<Uint8Array>> {
  const { rows } = await platform.db.execute(
    sql`select from data_export where id = ${linkId} and person_id = ${actor.id}
          and expires_at > ${platform.clock.now().toISOString()}`,
  );
  if (!rows[0]) throw new NotFound('export');
  const whole = await exportPerson(platform, actor, actor.id);
  const { included, missing } = await filesFor(platform, actor.id, whole);
  return zip(entries(platform, { ...whole, filesNotIncluded: missing }, included, language));
}

interface Included {
  readonly path: string;
  readonly sha256: string;
}

/** The files that the data speaks of under `file`, and those that belong to the person, as long as the store holds them. */
async function filesFor(platform: Platform, personId: string, whole: Record<string, unknown>) {
  const named = JSON.stringify([...new Set(fileIds(whole))]);
  const { rows } = await platform.db.execute<{
    id: string;
    sha256: string;
    bytes: number;
    name: string;
    scan: string;
  }>(
    sql`select id, sha256, bytes::float8 as bytes, name, scan from file
        where variant_of is null and (owner = ${personId}
          or id::text in (select jsonb_array_elements_text(${named}::jsonb))) order by created_at, id`,
  );
  const store = filesOf(platform.config);
  const included: Included[] = [];
  const missing: Record<string, unknown>[] = [];
  let total = 0;
  for (const file of rows) {
    const why =
      file.scan === 'infected'
        ? 'infected'
        : total + file.bytes > largestZip
          ? 'the archive is full: ask the privacy officer for the rest'
          : (await store.has(file.sha256))
            ? null
            : 'the file store does not hold it';
    if (why) missing.push({ file: file.id, name: file.name, why });
    else {
      total += file.bytes;
      included.push({ path: `files/${file.id.slice(-12)}-${shownName(file.name)}`, sha256: file.sha256 });
    }
  }
  return { included, missing };
}

function fileIds(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(fileIds);
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, one]) =>
    key === 'file' && typeof one === 'string' ? [one] : fileIds(one),
  );
}

async function* entries(
  platform: Platform,
  whole: Record<string, unknown>,
  files: readonly Included[],
  language: Language,
): AsyncGenerator<ZipEntry> {
  const at = platform.clock.now();
  const text = (name: string, content: string) => ({ name, content: Buffer.from(content), at });
  yield text('index.html', readable(platform.systems, whole, language));
  yield text('data.json', `${JSON.stringify(whole, null, 2)}\n`);
  const store = filesOf(platform.config);
  for (const { path, sha256 } of files) {
    const pieces: Uint8Array[] = [];
    for await (const piece of await store.open(sha256)) pieces.push(piece);
    yield { name: path, content: Buffer.concat(pieces), at };
  }
}
