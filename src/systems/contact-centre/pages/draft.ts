import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { Reader } from '#platform/database/pool.ts';
import { removeFiles } from '#platform/files/orphans.ts';
import type { MistoEnv } from '#platform/system.ts';
import type { Work } from '#platform/work.ts';
import { readCity } from '../city.ts';
import { defaultsOf } from '../defaults.ts';
import type { KeptPhoto } from '../photos.ts';

/** What a resident has told so far; each page of the journey fills its part. */
export interface DraftData {
  readonly place?: {
    readonly building?: string;
    readonly address?: string;
    readonly lat?: number;
    readonly lon?: number;
    /** Words about the place when it has no known address. */
    readonly words?: string;
    readonly flat?: string;
    /** Id of the thing that it is about. */
    readonly asset?: string;
  };
  /** The resident has looked at the neighbours and goes on with an own request. */
  readonly nearbySeen?: boolean;
  /** Nothing was near, so the page about neighbours is left out; the same for a category without questions. */
  readonly noNearby?: boolean;
  readonly noQuestions?: boolean;
  /** Numbers that were shown and are another problem. */
  readonly others?: readonly string[];
  /** Number of the request to join instead of sending an own one. */
  readonly join?: string | null;
  /** What is joined was closed, and is not fixed: it is opened again. */
  readonly reopen?: boolean;
  /** Number of the request of which this one is the continuation. */
  readonly follows?: string;
  readonly category?: string;
  readonly answers?: Readonly<Record<string, readonly string[]>>;
  readonly answered?: boolean;
  readonly text?: string;
  readonly contact?: {
    readonly how: 'none' | 'phone' | 'email';
    readonly name?: string;
    readonly phone?: string;
    readonly email?: string;
    /** The code that was sent to the address, and whether it came back. */
    readonly codeId?: string;
    readonly confirmed?: boolean;
    readonly private: boolean;
    /** Who was signed in and gave it: it is nobody else's, though the browser may be. */
    readonly person?: string;
  };
}

/** What a sent report got: shown again when the same form is sent again. */
export interface Receipt {
  readonly number: string;
  /** The secret of the follow link, sealed with the browser's cookie: the database alone cannot open it. */
  readonly sealed?: string;
  /** Joined to a request that was there. */
  readonly joined?: boolean;
}

export interface Draft {
  /** What the browser holds. */
  readonly secret: string;
  readonly hash: string;
  readonly intakeKey: string;
  readonly data: DraftData;
  readonly receipt: Receipt | null;
}

const cookie = 'cc_draft';
/** Seconds for which a draft is kept after its last change. */
async function keptFor(db: Reader): Promise<number> {
  return defaultsOf((await readCity(db)).settings).draftDays * 86_400;
}

const hashOf = (secret: string) => createHash('sha256').update(secret).digest('hex');

/** The draft of this browser, or null when there is none that can still be used. */
export async function findDraft(c: Context<MistoEnv>, db: Reader, now: Date): Promise<Draft | null> {
  const secret = getCookie(c, cookie);
  if (!secret) return null;
  const { rows } = await db.execute<Record<string, unknown>>(
    sql`select key_hash, intake_key, data, receipt from cc_draft
      where key_hash = ${hashOf(secret)} and updated_at > ${new Date(now.getTime() - (await keptFor(db)) * 1000).toISOString()}`,
  );
  const row = rows[0];
  if (!row) return null;
  return {
    secret,
    hash: String(row.key_hash),
    intakeKey: String(row.intake_key),
    data: opened(secret, row.data),
    receipt: row.receipt as Receipt | null,
  };
}

/** Begins a new draft and hands its secret to the browser. */
export async function beginDraft(c: Context<MistoEnv>, db: Reader, now: Date): Promise<Draft> {
  const secret = randomBytes(16).toString('base64url');
  const { rows } = await db.execute<Record<string, unknown>>(
    sql`insert into cc_draft (key_hash, made_at, updated_at)
      values (${hashOf(secret)}, ${now.toISOString()}, ${now.toISOString()}) returning key_hash, intake_key`,
  );
  setCookie(c, cookie, secret, {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: c.var.visit.origin.startsWith('https:'),
    maxAge: await keptFor(db),
  });
  return {
    secret,
    hash: String(rows[0]!.key_hash),
    intakeKey: String(rows[0]!.intake_key),
    data: {},
    receipt: null,
  };
}

/** Stores what one page asked; the rest of the draft stays as it is. */
export async function keepDraft(db: Reader, draft: Draft, part: DraftData, now: Date): Promise<void> {
  await db.execute(
    sql`update cc_draft set data = data || to_jsonb(${close(keyOf('draft', draft.secret), JSON.stringify(part))}::text), updated_at = ${now.toISOString()}
      where key_hash = ${draft.hash} and receipt is null`,
  );
}

/**
 * What is typed is closed with the browser's secret, part by part, so that two tabs add to one draft without reading it:
 * the database alone cannot open a draft.
 */
function opened(secret: string, parts: unknown): DraftData {
  if (!Array.isArray(parts)) return {};
  const sealed = parts.filter((part) => typeof part === 'string');
  return Object.assign({}, ...sealed.map((part) => JSON.parse(open(keyOf('draft', secret), part))));
}

/** Closes the follow link's secret so that only the browser that sent the report can show it again. */
export function seal(draft: Draft, token: string): string {
  return close(keyOf('receipt', draft.secret), token);
}

export function unseal(draft: Draft, sealed: string): string {
  return open(keyOf('receipt', draft.secret), sealed);
}

const keyOf = (what: 'draft' | 'receipt', secret: string) =>
  createHash('sha256').update(`${what} ${secret}`).digest();

function close(key: Buffer, plain: string): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const closed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), closed]).toString('base64url');
}

function open(key: Buffer, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(12, 28));
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
}

/** Holds the draft until the transaction ends; the receipt that another press of the button got first, if any. */
export async function lockDraft(db: Reader, draft: Draft): Promise<Receipt | null> {
  const { rows } = await db.execute<Record<string, unknown>>(
    sql`select receipt from cc_draft where key_hash = ${draft.hash} for update`,
  );
  return (rows[0]?.receipt as Receipt | undefined) ?? null;
}

/** Marks the draft as sent. What was typed goes; the receipt stays for the one who reloads the page. */
export async function finishDraft(db: Reader, draft: Draft, receipt: Receipt, now: Date): Promise<void> {
  await db.execute(
    sql`update cc_draft set data = '{}', receipt = ${JSON.stringify(receipt)}::jsonb, updated_at = ${now.toISOString()}
      where key_hash = ${draft.hash}`,
  );
  await db.execute(sql`delete from cc_draft_photo where draft = ${draft.hash}`);
}

/** A photo that waits for its report; its file is in the store already. */
export interface DraftPhoto extends KeptPhoto {
  readonly id: string;
  readonly name: string;
}

export async function photosOf(db: Reader, draft: Draft): Promise<DraftPhoto[]> {
  const { rows } = await db.execute<Record<string, unknown>>(
    sql`select id, name, file, width, height, taken_at, lat, lon from cc_draft_photo where draft = ${draft.hash} order by id`,
  );
  const number = (value: unknown) => (value === null ? null : Number(value));
  return rows.map((row) => ({
    id: String(row.id),
    name: String(row.name),
    file: String(row.file),
    width: Number(row.width),
    height: Number(row.height),
    takenAt: row.taken_at === null ? null : new Date(String(row.taken_at)),
    lat: number(row.lat),
    lon: number(row.lon),
  }));
}

export async function addPhoto(
  db: Reader,
  draft: Draft,
  photo: KeptPhoto & { readonly name: string },
  now: Date,
): Promise<void> {
  await db.execute(
    sql`insert into cc_draft_photo (draft, name, file, width, height, taken_at, lat, lon, made_at)
      values (${draft.hash}, ${photo.name}, ${photo.file}, ${photo.width}, ${photo.height},
        ${photo.takenAt?.toISOString() ?? null}, ${photo.lat}, ${photo.lon}, ${now.toISOString()})`,
  );
}

/** Takes a photo back out; its file goes with it. */
export async function dropPhoto(work: Work, draft: Draft, id: string): Promise<void> {
  if (!/^[0-9a-f-]{36}$/.test(id)) return;
  const { rows } = await work.tx.execute<{ file: string }>(
    sql`delete from cc_draft_photo where draft = ${draft.hash} and id = ${id}::uuid returning file`,
  );
  await removeFiles(
    work,
    rows.map(({ file }) => file),
  );
}

/** Drafts are forgotten after the days that the city says. */
export async function forgetDrafts(db: Reader, now: Date): Promise<void> {
  await db.execute(
    sql`delete from cc_draft where updated_at < ${new Date(now.getTime() - (await keptFor(db)) * 1000).toISOString()}`,
  );
}
