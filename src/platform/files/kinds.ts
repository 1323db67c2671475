import { namesInArchive, proveArchive } from './archive.ts';
import { FileFault } from './faults.ts';

/** The kinds of files that the city takes; each field of a form names those it wants. */
export const kinds = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  pdf: 'application/pdf',
  p7s: 'application/pkcs7-signature',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  odt: 'application/vnd.oasis.opendocument.text',
  csv: 'text/csv',
} as const;

export type FileKind = keyof typeof kinds;

export const pictureKinds = ['jpeg', 'png', 'webp'] as const satisfies readonly FileKind[];

/**
 * What the bytes themselves show; names and what a browser says prove nothing. A picture is yet to be drawn anew
 * (`cleanPicture`), an office document yet to be proved (`proveDocument`).
 *
 * @throws FileFault `heic`, `type` for anything else than the allowed kinds, `polyglot` for a file that is two things at once.
 */
export function kindOf(bytes: Buffer, allowed: readonly FileKind[]): FileKind {
  const kind = sniff(bytes, allowed);
  if (kind === 'heic') throw new FileFault('heic');
  if (!kind || !allowed.includes(kind)) throw new FileFault('type', { allowed });
  if (!isArchive(kind) && isAnotherToo(bytes, kind)) throw new FileFault('polyglot');
  return kind;
}

/**
 * Finds out what a document is and that it can be unfolded in bounded time and memory.
 *
 * @throws FileFault as `kindOf`, and `broken`.
 */
export async function proveDocument(bytes: Buffer, allowed: readonly FileKind[]): Promise<FileKind> {
  const kind = kindOf(bytes, allowed);
  if (isArchive(kind)) await proveArchive(bytes);
  return kind;
}

const isArchive = (kind: FileKind) => kind === 'docx' || kind === 'xlsx' || kind === 'odt';

function sniff(bytes: Buffer, allowed: readonly FileKind[]): FileKind | 'heic' | null {
  const ascii = (from: number, to: number) => bytes.toString('latin1', from, to);
  if (bytes.length < 12) return null;
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpeg';
  if (ascii(0, 8) === '\x89PNG\r\n\x1a\n') return 'png';
  if (ascii(0, 4) === 'RIFF' && ascii(8, 12) === 'WEBP') return 'webp';
  if (ascii(4, 8) === 'ftyp' && /^(hei[cxms]|hev[cmx]|mif1|msf1|avif)$/.test(ascii(8, 12))) return 'heic';
  if (ascii(0, 5) === '%PDF-') return 'pdf';
  if (ascii(0, 4) === 'PK\x03\x04') return officeKind(bytes);
  // A DER sequence that begins with the identifier of signed data (RFC 5652).
  if (bytes[0] === 0x30 && bytes.indexOf(signedData) > 0 && bytes.indexOf(signedData) <= 8) return 'p7s';
  // A table has no mark of its own: it is text, and only where one is asked for.
  return allowed.includes('csv') && isText(bytes) ? 'csv' : null;
}

const signedData = Buffer.from('06092a864886f70d010702', 'hex');

function officeKind(bytes: Buffer): FileKind | null {
  const names = namesInArchive(bytes);
  if (names.some((name) => /vbaProject\.bin$/i.test(name))) return null;
  if (names.includes('[Content_Types].xml')) {
    if (names.includes('word/document.xml')) return 'docx';
    if (names.includes('xl/workbook.xml')) return 'xlsx';
  }
  const type = 'application/vnd.oasis.opendocument.text';
  return names[0] === 'mimetype' && bytes.toString('latin1', 38, 38 + type.length) === type ? 'odt' : null;
}

/** No NUL and no other control characters than tabs and line ends; UTF-8 or Windows-1251 alike. */
function isText(bytes: Buffer): boolean {
  return bytes.every((byte) => byte >= 32 || byte === 9 || byte === 10 || byte === 13);
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
