import { sql } from 'drizzle-orm';
import type { Context } from 'hono';
import type { Reader } from '#platform/database/pool.ts';
import { NotFound } from '#platform/errors.ts';
import { filesOf, findFile, readFile } from '#platform/files/index.ts';
import { messages } from '#platform/i18n/index.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { Photos, Section, type Photo as UiPhoto } from '#ui/index.ts';
import { permission } from '../permissions.ts';
import { purposes, recordSeen } from '../personal.ts';
import { smallSize, smallVariant } from '../photos.ts';
import { sha256 } from '../requests.ts';
import { scopeWhere } from '../scope.ts';
import type { Here } from './kit.tsx';
import { instant, isPublic } from './reads.ts';

export type PhotoKind = 'report' | 'before' | 'after' | 'veto';

/** A photo as lists and pages show it. */
export interface ShownPhoto {
  readonly id: string;
  readonly kind: PhotoKind;
  readonly width: number;
  readonly height: number;
  readonly at: Date;
}

const words = messages(
  {
    photos: 'Фото',
    kinds: {
      report: 'Фото заявника',
      before: 'До робіт',
      after: 'Після робіт',
      veto: 'Що лишилося не так',
    },
    alt: (kind: string, what: string) => `${kind}: ${what}`,
    numbered: (text: string, number: string) => `${text}, фото ${number}`,
  },
  {
    en: {
      photos: 'Photos',
      kinds: {
        report: 'Reporter’s photo',
        before: 'Before the work',
        after: 'After the work',
        veto: 'What is still wrong',
      },
      alt: (kind, what) => `${kind}: ${what}`,
      numbered: (text, number) => `${text}, photo ${number}`,
    },
  },
);

/** Public photos of a request, oldest first. */
export async function publicPhotos(db: Reader, number: string): Promise<ShownPhoto[]> {
  const { rows } = await db.execute<Record<string, unknown>>(
    sql`select p.id, p.kind, p.width, p.height, p.at from cc_photo p join cc_request r on r.number = p.request
      where p.request = ${number} and p.public and ${isPublic} order by p.at, p.id limit 50`,
  );
  return rows.map(toShown);
}

/**
 * What the holder of a follow link sees: what is published, the photos of their own, and those with which the executor
 * proves that the work was done, since it is for the reporter to judge them.
 */
const ofReporter = sql`(p.public or p.reporter = l.reporter or (p.kind in ('before', 'after') and exists (
    select from cc_attempt a where a.request = p.request
      and a.evidence @> jsonb_build_array(jsonb_build_object('file', p.file)))))`;
const byLink = (token: string) =>
  sql`from cc_link l join cc_request r on r.number = l.request join cc_photo p on p.request in (r.number, r.master)
    where l.token_hash = ${sha256(token)} and l.kind = 'follow' and l.revoked_at is null and ${ofReporter}`;

/** The photos for the holder of a follow link, oldest first. */
export async function photosByLink(db: Reader, token: string): Promise<ShownPhoto[]> {
  const { rows } = await db.execute<Record<string, unknown>>(
    sql`select p.id, p.kind, p.width, p.height, p.at ${byLink(token)} order by p.at, p.id limit 50`,
  );
  return rows.map(toShown);
}

export function toShown(row: Record<string, unknown>): ShownPhoto {
  return {
    id: String(row.id),
    kind: row.kind as PhotoKind,
    width: Number(row.width ?? 4),
    height: Number(row.height ?? 3),
    at: instant(row.at)!,
  };
}

/** `base` is where the pictures are served: `/contact-centre/photos`, or below a follow link. */
export function thumbnailOf(
  at: Here,
  photo: Pick<ShownPhoto, 'id' | 'kind' | 'width' | 'height'>,
  what: string,
  base = '/contact-centre/photos',
): UiPhoto {
  const own = words(at.language);
  return {
    src: `${base}/${photo.id}/${smallVariant}`,
    ...smallSize(photo),
    alt: own.alt(own.kinds[photo.kind], what),
  };
}

/** The photos of a request under their heading; nothing when there are none. `what` says what they show. */
export function RequestPhotos(props: {
  at: Here;
  photos: readonly ShownPhoto[];
  what: string;
  base?: string;
}) {
  const { at, photos, what, base = '/contact-centre/photos' } = props;
  if (photos.length === 0) return null;
  const own = words(at.language);
  return (
    <Section title={own.photos}>
      <Photos
        photos={photos.map((photo, index) => ({
          ...thumbnailOf(at, photo, own.numbered(what, at.number(index + 1)), base),
          href: `${base}/${photo.id}`,
          caption: `${own.kinds[photo.kind]}, ${at.date(photo.at)}`,
        }))}
      />
    </Section>
  );
}

interface Found {
  readonly file: string;
  readonly request: string;
  readonly open: boolean;
}

/** A day: what a moderator takes back is gone from every cache by then, while a page's pictures are asked for once. */
const publicCache = 'public, max-age=86400, immutable';

/**
 * `/photos/{id}` and `/photos/{id}/small`: for everybody once a moderator has published it, before that for staff who may
 * read the request. Each read asks anew; whoever may not know of it gets what a photo that is not there gets.
 */
export function photo(platform: Platform) {
  return async (c: Context<MistoEnv>): Promise<Response> => {
    const { actor, requestId } = c.var.visit;
    const id = idOf(c);
    const { rows } = await platform.db.execute<{ file: string; request: string; open: boolean }>(
      sql`select p.file, p.request, p.public and ${isPublic} as open from cc_photo p
        join cc_request r on r.number = p.request
        where p.id = ${id} and ((p.public and ${isPublic})
          or (not r.sandbox and ${scopeWhere(actor, permission('read_private'))}))`,
    );
    const found: Found | undefined = rows[0];
    if (!found) throw new NotFound('photo');
    const small = isSmall(c);
    // Small ones belong to the page that shows them, which has left its own trace.
    if (!found.open && !small)
      await platform.work(
        actor,
        async (work) => {
          const { rows: people } = await work.tx.execute<{ id: string; person: string | null }>(
            sql`select id, person from cc_reporter where request = ${found.request}`,
          );
          await recordSeen(work, `request:${found.request}`, purposes.work, people, ['photo']);
        },
        { requestId },
      );
    return answer(platform, c, found, small);
  };
}

/** `/follow/{token}/photos/{id}`: the link is the right. */
export function photoByLink(platform: Platform) {
  return async (c: Context<MistoEnv>): Promise<Response> => {
    const { rows } = await platform.db.execute<{ file: string; request: string }>(
      sql`select p.file, p.request ${byLink(c.req.param('token') ?? '')} and p.id = ${idOf(c)}`,
    );
    if (!rows[0]) throw new NotFound('photo');
    return answer(platform, c, { ...rows[0], open: false }, isSmall(c));
  };
}

const isSmall = (c: Context<MistoEnv>) => c.req.path.endsWith(`/${smallVariant}`);

function idOf(c: Context<MistoEnv>): string {
  const id = c.req.param('id') ?? '';
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) throw new NotFound('photo');
  return id;
}

async function answer(
  platform: Platform,
  c: Context<MistoEnv>,
  found: Found,
  small: boolean,
): Promise<Response> {
  const variant = small ? smallVariant : undefined;
  const file = await findFile(platform.db, found.file, variant);
  if (file.scan === 'infected' || (file.scan === 'pending' && found.open)) throw new NotFound('photo');
  const etag = `"${file.sha256.slice(0, 32)}"`;
  const headers = {
    etag,
    'cache-control': found.open ? publicCache : 'private, no-store',
    'x-content-type-options': 'nosniff',
  };
  if (c.req.header('if-none-match') === etag) return c.body(null, 304, headers);
  const content = await readFile(platform.db, filesOf(platform.config), found.file, variant);
  return c.body(new Uint8Array(content), 200, { ...headers, 'content-type': file.type });
}
