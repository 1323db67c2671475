import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import type { Content, FileStore } from '#platform/files/index.ts';
import type { JobDefinition, Platform } from '#platform/system.ts';
import type { Work } from '#platform/work.ts';
import { Absent, Denied, faulty } from './faults.ts';
import { largestUpload } from './loading/load-run.ts';
import { isUuid, readableName } from './names.ts';
import { canAnywhere } from './permissions.ts';

/** A file on its way in pieces. */
export interface Pieces {
  readonly id: string;
  readonly name: string;
  /** Of the whole file. */
  readonly bytes: number;
  /** How many have come, from the first on. */
  readonly come: number;
}

/** A piece has at most so many bytes. */
export const largestPiece = 16 * 1024 * 1024;
/** Pieces of a file that nobody goes on with are kept this long, in milliseconds. */
const patience = 24 * 3_600_000;

export const pieceJobs: readonly JobDefinition[] = [
  { name: 'open-data.forget-pieces', schedule: '17 3 * * *', run: (platform) => forgetPieces(platform) },
];

/** Begins a file that will come in pieces. @throws Denied, Faulty for one that is too large. */
export async function beginPieces(work: Work, input: { name: string; bytes: number }): Promise<Pieces> {
  const { actor } = work;
  if (!actor.id || !canAnywhere(actor, 'write')) throw new Denied();
  if (!Number.isInteger(input.bytes) || input.bytes <= 0 || input.bytes > largestUpload)
    throw faulty('bytes', `1 to ${largestUpload}`);
  const id = randomUUID();
  const name = readableName(input.name).slice(0, 254).toWellFormed();
  await work.tx.execute(sql`insert into od_upload (id, person, name, bytes, began_at)
    values (${id}, ${actor.id}, ${name}, ${input.bytes}, ${work.clock.now().toISOString()})`);
  return { id, name, bytes: input.bytes, come: 0 };
}

/** How far one's own file is. @throws Absent, also for another's. */
export async function findPieces(reader: Reader, person: string | null, id: string): Promise<Pieces> {
  const { rows } = isUuid(id)
    ? await reader.execute<{ id: string; name: string; bytes: number; come: number }>(sql`
        select u.id, u.name, u.bytes::float8 as bytes,
          coalesce((select sum(p.bytes) from od_upload_piece p where p.upload = u.id), 0)::float8 as come
        from od_upload u where u.id = ${id} and u.person = ${person}`)
    : { rows: [] };
  if (!rows[0]) throw new Absent();
  return rows[0];
}

/**
 * Takes the next piece of a file in; one that has come before, or that leaves a gap, changes nothing.
 *
 * @param at of its first byte in the file.
 * @returns how far the file is then. @throws Absent; Faulty for a piece that is too large or goes beyond the end.
 */
export async function putPiece(
  work: Work,
  store: FileStore,
  id: string,
  at: number,
  piece: AsyncIterable<Uint8Array>,
): Promise<Pieces> {
  const content = await store.put(piece, largestPiece);
  await work.tx.execute(sql`select from od_upload where id::text = ${id} for update`);
  const before = await findPieces(work.tx, work.actor.id, id);
  if (at !== before.come || content.bytes === 0) return before;
  if (at + content.bytes > before.bytes) throw faulty('at', 'beyond the end of the file');
  await work.tx.execute(sql`insert into od_upload_piece (upload, at, bytes, sha256)
    values (${id}, ${at}, ${content.bytes}, ${content.sha256})`);
  return { ...before, come: at + content.bytes };
}

/** Makes one content of the pieces of a file that has come as a whole. @throws Absent, also while something is missing. */
export async function joinPieces(
  reader: Reader,
  store: FileStore,
  { id, bytes, come }: Pieces,
): Promise<Content> {
  if (come < bytes) throw new Absent();
  const { rows } = await reader.execute<{ sha256: string }>(
    sql`select sha256 from od_upload_piece where upload = ${id} order by at`,
  );
  return store.put(
    (async function* () {
      for (const { sha256 } of rows) yield* await store.open(sha256);
    })(),
    largestUpload,
  );
}

/** Forgets files that nobody goes on with; their bytes go with the nightly round of the store. */
async function forgetPieces({ db, clock }: Platform): Promise<void> {
  const before = new Date(clock.now().getTime() - patience).toISOString();
  await db.execute(sql`delete from od_upload where began_at < ${before}`);
}
