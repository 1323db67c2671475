import sharp, { type Sharp } from 'sharp';
import { readTaken, type Taken } from './exif.ts';
import { FileFault } from './faults.ts';
import { kindOf, pictureKinds } from './kinds.ts';

export interface Picture {
  readonly content: Buffer;
  /** In pixels, as people see it. */
  readonly width: number;
  readonly height: number;
}

export interface CleanPicture {
  /** JPEG without anything that the camera added. */
  readonly picture: Picture;
  /** The same, for lists. */
  readonly small: Picture;
  /** What the camera knew of the moment: the only trace of the metadata. */
  readonly taken: Taken;
}

/** 50 megapixels: above every telephone's ordinary photo, far below what fills the memory. */
const mostPixels = 50_000_000;
/** Longest sides, in pixels. */
const sides = { picture: 2048, small: 480 };

sharp.cache(false);
sharp.concurrency(1);

/**
 * Makes of any JPEG, PNG or WebP a picture that tells nothing but itself: turned upright, freed of EXIF, GPS, XMP and
 * colour profiles, drawn anew. Two are drawn at a time in a process, so memory stays bounded whatever comes.
 *
 * @throws FileFault `type`, `heic`, `polyglot`, `pixels` or `broken`.
 */
export async function cleanPicture(bytes: Buffer): Promise<CleanPicture> {
  kindOf(bytes, pictureKinds);
  return inTurn(async () => {
    const options = { limitInputPixels: mostPixels, failOn: 'error' as const, sequentialRead: true };
    const about = await sharp(bytes, { ...options, limitInputPixels: false })
      .metadata()
      .catch(() => {
        throw new FileFault('broken');
      });
    if (about.width * (about.pageHeight ?? about.height) > mostPixels) throw new FileFault('pixels');
    try {
      const picture = await drawn(sharp(bytes, options).autoOrient(), sides.picture, 82);
      const small = await drawn(sharp(picture.content), sides.small, 72);
      return {
        picture,
        small,
        taken: about.exif ? readTaken(about.exif) : { at: null, lat: null, lon: null },
      };
    } catch {
      throw new FileFault('broken');
    }
  });
}

async function drawn(source: Sharp, side: number, quality: number): Promise<Picture> {
  const { data, info } = await source
    .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#fff' })
    .jpeg({ quality, progressive: true })
    .toBuffer({ resolveWithObject: true });
  return { content: data, width: info.width, height: info.height };
}

const atOnce = 2;
let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(draw: () => Promise<T>): Promise<T> {
  if (running >= atOnce) await new Promise<void>((go) => waiting.push(go));
  else running += 1;
  try {
    return await draw();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}
