import { sql } from 'drizzle-orm';
import { audit } from '#platform/audit/append.ts';
import { Conflict, Invalid, NotFound } from '#platform/errors.ts';
import type { Work } from '#platform/work.ts';
import { permission } from './permissions.ts';
import type { KeptPhoto } from './photos.ts';
import { mask } from './publication.ts';
import { announce, type Held, holdFor } from './tell.ts';

/** Whether words or photos of a request may stand in public at all. */
export interface Publication {
  readonly publication: 'published' | 'awaiting' | 'hidden' | 'removed';
  /** What stands, or would stand, in public. */
  readonly text: string;
  /** Statutory or private: never public, whoever wishes it. */
  readonly closed: boolean;
}

/** How the words of a request stand towards the public. @throws NotFound, Forbidden. */
export async function publicationOf(work: Work, number: string): Promise<Publication> {
  await holdFor(work, number, 'publish');
  const { rows } = await work.tx.execute<Record<string, unknown>>(
    sql`select publication, coalesce(public_text, text) as text, regime, private from cc_request where number = ${number}`,
  );
  const row = rows[0]!;
  return {
    publication: row.publication as Publication['publication'],
    text: mask(String(row.text)),
    closed: row.regime === 'statutory' || row.private === true,
  };
}

/**
 * Lets the words of a request out, as masked or as edited. Edited words are masked too: what slips from a moderator's pen
 * gives way as what slips from a reporter's.
 *
 * @throws NotFound, Forbidden, Invalid (`text`), Conflict `never-public` for statutory and private requests.
 */
export async function publishRequest(
  work: Work,
  number: string,
  input: { readonly text?: string } = {},
): Promise<void> {
  const held = await holdFor(work, number, 'publish');
  const now = await publicationOf(work, number);
  if (now.closed) throw new Conflict('never-public', 'statutory and private requests are never public');
  const text = mask(input.text?.trim() ?? now.text);
  if (!text) throw new Invalid([{ field: 'text', message: 'is needed' }]);
  await work.tx.execute(
    sql`update cc_request set publication = 'published', public_text = ${text} where number = ${number}`,
  );
  await tellPublication(work, held, { publication: 'published', edited: text !== now.text }, null);
}

/**
 * Keeps words that wait from the public, or takes out what was published, photos too.
 *
 * @param ground masked words that the reporter is told.
 * @throws NotFound, Forbidden, Invalid (`ground`).
 */
export async function withholdRequest(work: Work, number: string, ground: string): Promise<void> {
  const held = await holdFor(work, number, 'publish');
  if (!ground.trim()) throw new Invalid([{ field: 'ground', message: 'is needed' }]);
  const before = await publicationOf(work, number);
  // What awaits a moderator stands in open data already, without its words: copies of it must learn that it went.
  const publication = before.publication === 'hidden' ? 'hidden' : 'removed';
  await work.tx.execute(
    sql`update cc_request set publication = ${publication}, public_text = null where number = ${number}`,
  );
  if (publication === 'removed')
    await work.tx.execute(sql`update cc_photo set public = false,
      moderated_at = coalesce(moderated_at, ${work.clock.now().toISOString()}::timestamptz) where request = ${number}`);
  await tellPublication(work, held, { publication }, mask(ground));
}

/** Shows a photo to everybody, or never. @throws NotFound, Forbidden, Conflict `never-public`. */
export async function judgePhoto(
  work: Work,
  number: string,
  photo: string,
  verdict: 'publish' | 'refuse',
): Promise<void> {
  const held = await holdFor(work, number, 'publish');
  if (verdict === 'publish' && (await publicationOf(work, number)).closed)
    throw new Conflict('never-public', 'photos of statutory and private requests are never public');
  await photoFile(work, number, photo);
  await work.tx.execute(sql`update cc_photo set public = ${verdict === 'publish'},
    moderated_at = ${work.clock.now().toISOString()}::timestamptz where id = ${photo}`);
  await tellPublication(work, held, { photo, verdict }, null);
}

/** Puts a picture with black boxes in place of a photo, and shows that one. The photo as it came stays with the city alone. */
export async function coverPhoto(
  work: Work,
  number: string,
  photo: string,
  covered: Pick<KeptPhoto, 'file' | 'width' | 'height'>,
): Promise<void> {
  const held = await holdFor(work, number, 'publish');
  if ((await publicationOf(work, number)).closed)
    throw new Conflict('never-public', 'photos of statutory and private requests are never public');
  const before = await photoFile(work, number, photo);
  await work.tx.execute(sql`update cc_photo set original = coalesce(original, file), file = ${covered.file},
    width = ${covered.width}, height = ${covered.height}, public = true,
    moderated_at = ${work.clock.now().toISOString()}::timestamptz where id = ${photo}`);
  // What a claim shows as evidence follows the picture.
  await work.tx.execute(sql`update cc_attempt set evidence = replace(evidence::text, ${before}, ${covered.file})::jsonb
    where request = ${number} and evidence @> jsonb_build_array(jsonb_build_object('file', ${before}::text))`);
  await tellPublication(work, held, { photo, verdict: 'cover' }, null);
}

/** The file of a photo of the request. @throws NotFound. */
export async function photoFile(work: Pick<Work, 'tx'>, number: string, photo: string): Promise<string> {
  const { rows } = /^[0-9a-f-]{36}$/.test(photo)
    ? await work.tx.execute<{ file: string }>(
        sql`select file from cc_photo where id = ${photo} and request = ${number}`,
      )
    : { rows: [] };
  if (!rows[0]) throw new NotFound('photo');
  return rows[0].file;
}

async function tellPublication(
  work: Work,
  held: Held,
  data: Readonly<Record<string, unknown>>,
  note: string | null,
): Promise<void> {
  await announce(work, held, {
    move: 'publish',
    data,
    note,
    template: note ? 'publish' : null,
    event: 'request.publication',
  });
  await audit(work, { action: permission('publish'), resource: `request:${held.number}`, detail: data });
}
