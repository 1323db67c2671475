import { sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import {
  checkContent,
  cleanPicture,
  FileFault,
  type FileFaultKind,
  filesOf,
  keepFile,
  sayFault,
  shownName,
} from '#platform/files/index.ts';
import { removeFiles } from '#platform/files/orphans.ts';
import { countBytes } from '#platform/files/quota.ts';
import { toMetres } from '#platform/geo/index.ts';
import type { Language } from '#platform/i18n/index.ts';
import type { Platform } from '#platform/system.ts';
import type { Actor, Work } from '#platform/work.ts';

/** A photo in the file store that no request shows yet. What is never handed to one goes after seven days. */
export interface KeptPhoto {
  /** Id of the file. */
  readonly file: string;
  readonly width: number;
  readonly height: number;
  /** What the camera said of the moment: evidence, never shown to the public. WGS84 degrees. */
  readonly takenAt: Date | null;
  readonly lat: number | null;
  readonly lon: number | null;
}

/** What was brought: photos that are kept, each with its name, and what was left out, in words. */
export interface Received {
  readonly photos: readonly (KeptPhoto & { readonly name: string })[];
  readonly faults: readonly string[];
}

/** A request shows at most ten photos of its reporter. */
export const mostPhotos = 10;
/** Bytes of one photo, as it comes from the camera. */
export const largestPhoto = 15 * 1024 * 1024;
/** For `accept` of a file field. */
export const photoTypes = 'image/jpeg,image/png,image/webp';

/** Name of the small picture of each photo, and its longest side in pixels. */
export const smallVariant = 'small';
const smallSide = 480;

/** The size in which lists show a photo. */
export function smallSize(photo: { readonly width: number; readonly height: number }) {
  const scale = Math.min(1, smallSide / Math.max(photo.width, photo.height));
  return { width: Math.round(photo.width * scale), height: Math.round(photo.height * scale) };
}

/**
 * Takes the photos of a form before its act: each is cleaned and kept by itself, and what is no photo, too large or one too
 * many is named and left out. Call it outside any transaction; drawing takes time.
 *
 * @param room how many may still be added.
 */
export async function receivePhotos(
  platform: Platform,
  actor: Actor,
  files: readonly (File | { readonly name: string; readonly content: Buffer })[],
  options: {
    readonly language: Language;
    readonly room?: number;
    readonly requestId?: string;
    /** Of a visitor: who has not signed in is counted by it. */
    readonly network?: string | null;
  },
): Promise<Received> {
  const photos: (KeptPhoto & { name: string })[] = [];
  const faults: string[] = [];
  for (const file of files) {
    const leaveOut = (kind: FileFaultKind) => faults.push(sayFault(options.language, file.name, kind));
    const size = 'content' in file ? file.content.length : file.size;
    // Browsers send an empty file without a name for a field that was left alone.
    if (size === 0 && !file.name) continue;
    if (photos.length >= (options.room ?? mostPhotos)) leaveOut('too-many');
    else if (size > largestPhoto) leaveOut('too-large');
    else if (!(await countBytes(platform, actor, options.network ?? null, size))) leaveOut('day-full');
    else {
      try {
        const content = 'content' in file ? file.content : Buffer.from(await file.arrayBuffer());
        photos.push({
          ...(await keepPhoto(platform, actor, { name: file.name, content }, options)),
          name: shownName(file.name),
        });
      } catch (error) {
        if (!(error instanceof FileFault)) throw error;
        leaveOut(error.kind);
      }
    }
  }
  return { photos, faults };
}

/** Cleans one photo and keeps it. @throws FileFault for what is no picture that we can read. */
async function keepPhoto(
  platform: Platform,
  actor: Actor,
  photo: { readonly name: string; readonly content: Buffer },
  options: { readonly requestId?: string },
): Promise<KeptPhoto> {
  const scan = await checkContent(platform.config, photo.content);
  const { picture, small, taken } = await cleanPicture(photo.content);
  const type = 'image/jpeg';
  const file = await platform.work(
    actor,
    (work) =>
      keepFile(work, filesOf(platform.config), {
        ...picture,
        type,
        name: photo.name,
        scan,
        variants: { [smallVariant]: { ...small, type } },
      }),
    options.requestId ? { requestId: options.requestId } : {},
  );
  return {
    file,
    width: picture.width,
    height: picture.height,
    takenAt: taken.at,
    lat: taken.lat,
    lon: taken.lon,
  };
}

/** A photo on its way to a request. */
export type GivenPhoto = Pick<KeptPhoto, 'file'> & Partial<KeptPhoto>;

/** Puts photos to a request: only staff and whose they are see them until a moderator has looked. */
export async function addPhotos(
  work: Work,
  number: string,
  photos: readonly (GivenPhoto & { readonly kind: 'before' | 'after' | 'veto' })[],
  reporter: string | null = null,
): Promise<void> {
  if (photos.length === 0) return;
  await work.tx.execute(sql`
    insert into cc_photo (request, file, kind, width, height, taken_at, lat, lon, reporter, at)
    select ${number}, file, kind, width, height, "takenAt", lat, lon, ${reporter}::uuid, ${work.clock.now().toISOString()}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(photos)}::jsonb)
      as p(file text, kind text, width int, height int, "takenAt" timestamptz, lat float8, lon float8)
    on conflict do nothing`);
}

/** Farthest from the place of the problem, in metres, that a photo counts as taken there. */
const there = 150;

/** A photo of the work; where and when may come from the camera or from the device that sent it. */
export type EvidencePhoto = GivenPhoto & { readonly kind: 'before' | 'after' };

/**
 * What is wrong with the photos that a category wants: `missing-`, `unplaced-` (none says where it was taken) or `far-` (none
 * was taken within 150 m), each with `before` or `after`. A request without a point cannot be far from anything.
 */
export function evidenceFaultsOf(
  wanted: readonly ('before' | 'after')[],
  photos: readonly EvidencePhoto[],
  place: { readonly lat: number | null; readonly lon: number | null },
): string[] {
  return wanted.flatMap((kind) => {
    const given = photos.filter((photo) => photo.kind === kind);
    if (given.length === 0) return [`missing-${kind}`];
    if (place.lat === null || place.lon === null) return [];
    const centre = [place.lon, place.lat] as const;
    const placed = given.filter((photo) => photo.lat != null && photo.lon != null);
    if (placed.length === 0) return [`unplaced-${kind}`];
    const near = placed.some(({ lat, lon }) => {
      const { x, y } = toMetres(centre, { lat: lat!, lon: lon! });
      return Math.hypot(x, y) <= there;
    });
    return near ? [] : [`far-${kind}`];
  });
}

/** A person's own photos, for the export of their data. */
export async function photosOfPerson(reader: Reader, person: string): Promise<Record<string, unknown>[]> {
  const { rows } = await reader.execute<Record<string, unknown>>(
    sql`select p.request, p.file, p.kind, f.name, p.taken_at as "takenAt", p.lat, p.lon, p.public, p.at
      from cc_photo p join cc_reporter r on r.id = p.reporter left join file f on f.id::text = p.file
      where r.person = ${person} order by p.at, p.id`,
  );
  return rows;
}

/** Takes the reporters' photos from their requests and out of the store: they may show what the words told. */
export async function erasePhotosOf(work: Work, reporters: readonly string[]): Promise<void> {
  const { rows } = await work.tx.execute<{ file: string; original: string | null }>(
    sql`delete from cc_photo where reporter = any(array(
      select jsonb_array_elements_text(${JSON.stringify(reporters)}::jsonb))::uuid[]) returning file, original`,
  );
  await removeFiles(
    work,
    rows.flatMap(({ file, original }) => (original ? [file, original] : [file])),
  );
}
