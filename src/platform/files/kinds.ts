import { FileFault } from './faults.ts';

/** The kinds of files that the city takes; each field of a form names those it wants. */
export const kinds = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  pdf: 'application/pdf',
} as const;

export type FileKind = keyof typeof kinds;

export const pictureKinds = ['jpeg', 'png', 'webp'] as const satisfies readonly FileKind[];

/**
 * What the bytes themselves show; names and what a browser says prove nothing.
 *
 * @throws FileFault `heic`, `type` for anything else than the allowed kinds, `polyglot` for a file that is two things at once.
 */
export function kindOf(bytes: Buffer, allowed: readonly FileKind[]): FileKind {
  const kind = sniff(bytes);
  if (kind === 'heic') throw new FileFault('heic');
  if (!kind || !allowed.includes(kind)) throw new FileFault('type', { allowed });
  if (isAnotherToo(bytes, kind)) throw new FileFault('polyglot');
  return kind;
}

function sniff(bytes: Buffer): FileKind | 'heic' | null {
  const ascii = (from: number, to: number) => bytes.toString('latin1', from, to);
  if (bytes.length < 12) return null;
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpeg';
  if (ascii(0, 8) === '\x89PNG\r\n\x1a\n') return 'png';
  if (ascii(0, 4) === 'RIFF' && ascii(8, 12) === 'WEBP') return 'webp';
  if (ascii(4, 8) === 'ftyp' && /^(hei[cxms]|hev[cmx]|mif1|msf1|avif)$/.test(ascii(8, 12))) return 'heic';
  if (ascii(0, 5) === '%PDF-') return 'pdf';
  return null;
}

/** Readers look for PDF within the first kilobyte and for ZIP at the end; browsers guess HTML from the beginning. */
function isAnotherToo(bytes: Buffer, kind: FileKind): boolean {
  const head = bytes.toString('latin1', 0, 1024);
  if (kind !== 'pdf' && head.includes('%PDF-')) return true;
  if (/<(script|html|svg|iframe|body|\?php)/i.test(head)) return true;
  return endsAsZip(bytes);
}

function endsAsZip(bytes: Buffer): boolean {
  const tail = Math.max(0, bytes.length - 65_557);
  for (
    let at = bytes.lastIndexOf('PK\x05\x06');
    at >= tail;
    at = at === 0 ? -1 : bytes.lastIndexOf('PK\x05\x06', at - 1)
  )
    if (at + 22 <= bytes.length && at + 22 + bytes.readUInt16LE(at + 20) === bytes.length) return true;
  return false;
}
