import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import type { Config } from '../config/index.ts';
import type { Reader } from '../database/pool.ts';
import { NotFound, Refusal } from '../errors.ts';
import type { Work } from '../work.ts';
import { shownName } from './faults.ts';
import { folderStore } from './folder.ts';
import { bucketStore, readBucket } from './s3.ts';
import type { Content, FileStore } from './store.ts';

export { checkContent } from './check.ts';
export { FileFault, type FileFaultKind, sayFault, shownName } from './faults.ts';
export { type FileKind, kindOf, kinds, pictureKinds, proveDocument } from './kinds.ts';
export { type CleanPicture, cleanPicture, type Picture } from './pictures.ts';
export type { Content, FileStore } from './store.ts';
export { largestFile } from './store.ts';

export type Scan = 'pending' | 'clean' | 'infected' | 'not scanned';

/** A file to keep: what it is has been found out from its content. */
export interface NewFile {
  readonly content: Uint8Array;
  /** Media type, by content. */
  readonly type: string;
  /** As it was called where it came from. */
  readonly name: string;
  /** Pixels, for pictures. */
  readonly width?: number;
  readonly height?: number;
  readonly scan?: Scan;
  /** Other forms of it, such as a smaller picture; they live and go with it. */
  readonly variants?: Readonly<Record<string, Omit<NewFile, 'name' | 'scan' | 'variants'>>>;
}

export interface StoredFile {
  readonly id: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly type: string;
  readonly name: string;
  readonly owner: string | null;
  readonly scan: Scan;
  readonly width: number | null;
  readonly height: number | null;
  readonly createdAt: Date;
}

const stores = new WeakMap<Config, FileStore>();

/** The file store of this installation. */
export function filesOf(config: Config): FileStore {
  let store = stores.get(config);
  if (!store) {
    store = config.filesUrl
      ? bucketStore(readBucket(config.filesUrl))
      : folderStore(join(config.dataDirectory, 'files'));
    stores.set(config, store);
  }
  return store;
}

/** First half of the advisory locks that guard one content each, by its hash. */
export const contentLock = 4_702_518;

/**
 * Keeps a file: its bytes in the store first, then the row that makes it visible, in the caller's transaction. A rollback
 * leaves bytes that nobody sees, which the nightly job removes. The file belongs to the person who acts.
 *
 * @returns its id; a system that refers to it says so in `System.fileReferences`, or it goes after seven days.
 */
export async function keepFile(work: Work, files: FileStore, file: NewFile): Promise<string> {
  const id = await keepOne(work, files, file, file.name, null, null);
  for (const [variant, form] of Object.entries(file.variants ?? {}))
    await keepOne(
      work,
      files,
      { ...form, ...(file.scan ? { scan: file.scan } : {}) },
      file.name,
      id,
      variant,
    );
  return id;
}

async function keepOne(
  work: Work,
  files: FileStore,
  file: Omit<NewFile, 'name' | 'variants'>,
  name: string,
  variantOf: string | null,
  variant: string | null,
): Promise<string> {
  const content = await files.put(file.content);
  // Whoever removes this content waits for us and then finds our row; if it was faster, we store the bytes again.
  await work.tx.execute(
    sql`select pg_advisory_xact_lock_shared(${contentLock}, hashtext(${content.sha256}))`,
  );
  if (!(await files.has(content.sha256))) await files.put(file.content);
  return insertFile(work, content, file, name, variantOf, variant);
}

async function insertFile(
  work: Work,
  { sha256, bytes }: Content,
  file: Pick<NewFile, 'type' | 'scan' | 'width' | 'height'>,
  name: string,
  variantOf: string | null,
  variant: string | null,
): Promise<string> {
  const { actor } = work;
  const owner = actor.kind === 'person' || actor.kind === 'staff' ? actor.id : null;
  const { rows } = await work.tx.execute<{ id: string }>(
    sql`insert into file (sha256, bytes, type, name, owner, scan, variant_of, variant, width, height, created_at)
      values (${sha256}, ${bytes}, ${file.type}, ${shownName(name)}, ${owner}, ${file.scan ?? 'not scanned'}, ${variantOf},
        ${variant}, ${file.width ?? null}, ${file.height ?? null}, ${work.clock.now().toISOString()})
      returning id`,
  );
  return rows[0]!.id;
}

/**
 * Keeps content that is in the store already, such as a large file that was written there while it came in: the row that makes
 * it visible, in the caller's transaction.
 *
 * @returns its id, as `keepFile` does. @throws Refusal 503 when the content was removed meanwhile: it is to be sent again.
 */
export async function keepStored(
  work: Work,
  files: FileStore,
  content: Content,
  file: Pick<NewFile, 'type' | 'name' | 'scan'>,
): Promise<string> {
  await work.tx.execute(
    sql`select pg_advisory_xact_lock_shared(${contentLock}, hashtext(${content.sha256}))`,
  );
  if (!(await files.has(content.sha256)))
    throw new Refusal(503, 'file-store', 'the file is gone from the store; send it again', { retryAfter: 1 });
  return insertFile(work, content, file, file.name, null, null);
}

/** A file of its own with the content and the variants of one that is kept already. @returns its id. @throws NotFound */
export async function keepAgain(work: Work, id: string): Promise<string> {
  const copy = (of: ReturnType<typeof sql>, variantOf: string | null) =>
    work.tx.execute<{ id: string }>(
      sql`insert into file (sha256, bytes, type, name, owner, scan, variant_of, variant, width, height, created_at)
        select sha256, bytes, type, name, owner, scan, ${variantOf}::uuid, variant, width, height, ${work.clock.now().toISOString()}
        from file where ${of} for share returning id`,
    );
  const [made] = (await copy(sql`id = ${id}`, null)).rows;
  if (!made) throw new NotFound('file');
  await copy(sql`variant_of = ${id}`, made.id);
  return made.id;
}

/** What is known of a file or of one of its variants, without its bytes. @throws NotFound */
export async function findFile(db: Reader, id: string, variant?: string): Promise<StoredFile> {
  const { rows } = isId(id)
    ? await db.execute<Record<string, unknown>>(
        variant
          ? sql`select * from file where variant_of = ${id} and variant = ${variant}`
          : sql`select * from file where id = ${id}`,
      )
    : { rows: [] };
  const row = rows[0];
  if (!row) throw new NotFound('file');
  return {
    id: String(row.id),
    sha256: String(row.sha256),
    bytes: Number(row.bytes),
    type: String(row.type),
    name: String(row.name),
    owner: row.owner === null ? null : String(row.owner),
    scan: row.scan as Scan,
    width: row.width === null ? null : Number(row.width),
    height: row.height === null ? null : Number(row.height),
    createdAt: new Date(String(row.created_at)),
  };
}

/**
 * Opens a file; its bytes are proved against its hash while they are read. Who may have it is for the caller to decide,
 * at each read.
 *
 * @throws NotFound, MissingContent; the bytes may end with BrokenContent.
 */
export async function openFile(
  db: Reader,
  files: FileStore,
  id: string,
  variant?: string,
): Promise<StoredFile & { readonly content: AsyncIterable<Uint8Array> }> {
  const file = await findFile(db, id, variant);
  return { ...file, content: await files.open(file.sha256) };
}

/** The whole of a file of at most 20 MB. */
export async function readFile(db: Reader, files: FileStore, id: string, variant?: string): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of (await openFile(db, files, id, variant)).content) pieces.push(piece);
  return Buffer.concat(pieces);
}

const isId = (id: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
