import { isAscii, isUtf8 } from 'node:buffer';
import { LoadFault } from './faults.ts';
import { inPieces } from './pieces.ts';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1251' | 'koi8-u';

/** What the bytes of a file turned out to be. `bom` is the length of the mark to skip, in bytes. */
export interface FoundEncoding {
  readonly encoding: Encoding;
  readonly bom: 0 | 2 | 3;
  /** NUL characters in the text; they are taken out. */
  readonly nuls: number;
}

/**
 * Finds the encoding of a text from all of its bytes: a byte order mark, else strict UTF-8, else UTF-16, windows-1251 or
 * KOI8-U by what Ukrainian text looks like in each.
 *
 * @throws LoadFault `empty`; `encoding-mixed` with the `offset` of the byte at which another encoding begins;
 *   `encoding-unknown` for what is no text.
 */
export async function findEncoding(bytes: AsyncIterable<Uint8Array>): Promise<FoundEncoding> {
  const seen = new Seen();
  for await (const piece of inPieces(bytes, 64 * 1024)) seen.add(piece);
  return seen.verdict();
}

/** Decodes a text into pieces of UTF-8 without mark and NULs; each piece ends on a whole character. */
export async function* asUtf8(
  bytes: AsyncIterable<Uint8Array>,
  { encoding, bom, nuls }: FoundEncoding,
): AsyncGenerator<Buffer, void, undefined> {
  const decoder = encoding === 'utf-8' ? null : new TextDecoder(encoding, { ignoreBOM: true });
  let skip: number = bom;
  let rest: Buffer = Buffer.alloc(0);
  for await (let piece of inPieces(bytes, 1024 * 1024)) {
    if (skip) {
      piece = piece.subarray(skip);
      skip = 0;
    }
    let out: Buffer;
    if (decoder) out = Buffer.from(decoder.decode(piece, { stream: true }));
    else {
      const all: Buffer = rest.length ? Buffer.concat([rest, piece]) : piece;
      const whole = all.length - unfinished(all);
      rest = Buffer.from(all.subarray(whole));
      out = all.subarray(0, whole);
    }
    // Those of wide encodings are not counted: half of the bytes of plain words are zero there.
    yield nuls || decoder ? withoutNuls(out) : out;
  }
  if (rest.length) yield rest;
}

function withoutNuls(text: Buffer): Buffer {
  if (!text.includes(0)) return text;
  const kept = Buffer.allocUnsafe(text.length);
  let n = 0;
  for (const byte of text) if (byte !== 0) kept[n++] = byte;
  return kept.subarray(0, n);
}

/** How many bytes at the end belong to a UTF-8 character that goes on in the next piece: 0–3. */
function unfinished(piece: Buffer): number {
  for (let back = 1; back <= 3 && back <= piece.length; back += 1) {
    const byte = piece[piece.length - back]!;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? back : 0;
  }
  return 0;
}

/** What separates cells: within one cell the encoding does not change. */
const boundaries = new Set([...'\n\r\t;,|"'].map((sign) => sign.charCodeAt(0)));

/** Everything that the verdict needs, gathered piece by piece. */
class Seen {
  private length = 0;
  private first: Buffer = Buffer.alloc(0);
  private rest: Buffer = Buffer.alloc(0);
  private nuls = 0;
  private controls = 0;
  /** Offset of the first cell that can only be UTF-8, and of the first byte that cannot. */
  private utf8At = -1;
  private otherAt = -1;
  private readonly times = new Float64Array(256);
  private readonly raised = { 'windows-1251': 0, 'koi8-u': 0 };
  private readonly evenOdd = new Float64Array(4);

  add(piece: Buffer): void {
    if (this.length === 0) this.first = Buffer.from(piece.subarray(0, 4096));
    this.countWide(piece);
    const start = this.length - this.rest.length;
    this.length += piece.length;
    const all = this.rest.length ? Buffer.concat([this.rest, piece]) : piece;
    // A cell may go on in the next piece; it is judged when it is whole.
    let whole = all.length - unfinished(all);
    if (!isAscii(all)) {
      let boundary = whole;
      while (boundary > 0 && !boundaries.has(all[boundary - 1]!)) boundary -= 1;
      if (boundary > 0) whole = boundary;
    }
    this.rest = Buffer.from(all.subarray(whole));
    this.judge(all.subarray(0, whole), start);
  }

  verdict(): FoundEncoding {
    this.judge(this.rest, this.length - this.rest.length);
    const mark = markOf(this.first);
    const size = this.length - (mark?.bom ?? 0);
    if (size <= 0) throw new LoadFault('empty');
    if (mark && mark.encoding !== 'utf-8') return { ...mark, nuls: 0 };
    const bom = mark?.bom ?? 0;
    const wide = this.wide();
    if (wide && !mark) return { encoding: wide, bom: 0, nuls: 0 };
    if (this.controls + this.nuls > this.length / 10) throw new LoadFault('encoding-unknown');
    if (this.otherAt < 0) return { encoding: 'utf-8', bom, nuls: this.nuls };
    if (mark || this.utf8At >= 0)
      throw new LoadFault('encoding-mixed', { offset: Math.max(this.utf8At, this.otherAt) });
    return { encoding: this.narrow(), bom: 0, nuls: this.nuls };
  }

  private judge(text: Buffer, start: number): void {
    for (const byte of text.includes(0) ? text : []) if (byte === 0) this.nuls += 1;
    if (isAscii(text)) {
      this.controls += controlsIn(text);
      return;
    }
    // Plain UTF-8 after its first telling cell costs no more than the native check.
    if (this.utf8At >= 0 && isUtf8(text)) return;
    let cell = 0;
    for (let at = 0; at <= text.length; at += 1) {
      if (at < text.length && !boundaries.has(text[at]!)) continue;
      if (at > cell) this.judgeCell(text.subarray(cell, at), start + cell);
      cell = at + 1;
    }
  }

  private judgeCell(cell: Buffer, at: number): void {
    if (isAscii(cell)) {
      this.controls += controlsIn(cell);
      return;
    }
    if (isUtf8(cell)) {
      // «Ві» of windows-1251 reads as one UTF-8 character; three in a cell do not come about by chance.
      if (this.utf8At < 0 && highBytes(cell) >= 6) this.utf8At = at;
      if (this.utf8At >= 0) return;
    } else if (this.otherAt < 0) this.otherAt = at + firstInvalid(cell);
    for (const [encoding, cases] of Object.entries(casesOf) as [Narrow, Uint8Array][])
      for (let n = 1; n < cell.length; n += 1)
        if (cases[cell[n - 1]!] === lower && cases[cell[n]!] === upper) this.raised[encoding] += 1;
    for (const byte of cell) this.times[byte]! += 1;
  }

  private countWide(piece: Buffer): void {
    if (this.length > 1024 * 1024) return;
    for (let at = 0; at < piece.length; at += 1) {
      const byte = piece[at]!;
      const odd = (this.length + at) & 1;
      if (byte === 0) this.evenOdd[odd]! += 1;
      else if (byte === 4) this.evenOdd[2 + odd]! += 1;
    }
  }

  /** UTF-16 without a mark: nearly all the high bytes are those of Latin and Cyrillic. */
  private wide(): 'utf-16le' | 'utf-16be' | null {
    const half = Math.min(this.length, 1024 * 1024 + 64 * 1024) / 2;
    if (this.length % 2 !== 0 || this.length < 4) return null;
    const [evenNul, oddNul, evenFour, oddFour] = this.evenOdd as unknown as [number, number, number, number];
    const little = oddNul + oddFour;
    const big = evenNul + evenFour;
    if (oddNul && little > 0.9 * half && big < 0.1 * half) return 'utf-16le';
    if (evenNul && big > 0.9 * half && little < 0.1 * half) return 'utf-16be';
    return null;
  }

  private narrow(): Narrow {
    const score = (encoding: Narrow) =>
      this.times.reduce((sum, times, byte) => sum + times * likelihood[encoding][byte]!, 0) -
      4 * this.raised[encoding];
    return score('koi8-u') > score('windows-1251') ? 'koi8-u' : 'windows-1251';
  }
}

function markOf(head: Buffer): { encoding: Encoding; bom: 2 | 3 } | null {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', bom: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', bom: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', bom: 2 };
  return null;
}

function controlsIn(text: Buffer): number {
  let n = 0;
  for (const byte of text) if (byte < 0x20 && byte !== 0 && (byte < 9 || byte > 13)) n += 1;
  return n;
}

function highBytes(cell: Buffer): number {
  let n = 0;
  for (const byte of cell) if (byte >= 0x80) n += 1;
  return n;
}

function firstInvalid(cell: Buffer): number {
  let low = 0;
  for (let end = 1; end <= cell.length; end += 1) {
    const head = cell.subarray(low, end);
    if (isUtf8(head)) low = end;
    else if (end - low >= 4) break;
  }
  return low;
}

type Narrow = 'windows-1251' | 'koi8-u';
const [lower, upper] = [1, 2];
/** How often letters stand in Ukrainian text, per thousand; those of Russian as well, seldom. */
const letters: Readonly<Record<string, number>> = {
  о: 94,
  а: 83,
  н: 65,
  и: 61,
  і: 57,
  т: 55,
  в: 52,
  е: 49,
  р: 45,
  с: 41,
  к: 40,
  л: 36,
  у: 34,
  д: 33,
  м: 31,
  п: 29,
  я: 29,
  з: 23,
  ь: 18,
  б: 17,
  г: 16,
  ч: 14,
  х: 12,
  й: 12,
  ц: 10,
  ж: 9,
  ї: 8,
  є: 8,
  ю: 7,
  ш: 7,
  щ: 4,
  ф: 4,
  ы: 3,
  э: 1,
  ґ: 0.5,
  ъ: 0.3,
  ё: 0.3,
};
/** Signs of good printing, per thousand. */
const signs: Readonly<Record<string, number>> = {
  '«': 2,
  '»': 2,
  '–': 2,
  '—': 2,
  '’': 3,
  '№': 3,
  '\u00a0': 2,
  '“': 1,
  '”': 1,
  '°': 1,
};

function charOf(encoding: Narrow, byte: number): string {
  return new TextDecoder(encoding).decode(Uint8Array.of(byte));
}

const bytes = Array.from({ length: 256 }, (_, byte) => byte);
const likelihoodOf = (encoding: Narrow) =>
  bytes.map((byte) => {
    if (byte < 0x80) return 0;
    const sign = charOf(encoding, byte);
    const small = sign.toLowerCase();
    const often = letters[small] ? letters[small] * (small === sign ? 0.6 : 0.4) : (signs[sign] ?? 0.01);
    return Math.log(often / 1000);
  });
const likelihood: Readonly<Record<Narrow, readonly number[]>> = {
  'windows-1251': likelihoodOf('windows-1251'),
  'koi8-u': likelihoodOf('koi8-u'),
};
const casesIn = (encoding: Narrow) =>
  Uint8Array.from(bytes, (byte) => {
    const sign = byte < 0x80 ? '' : charOf(encoding, byte);
    if (!letters[sign.toLowerCase()]) return 0;
    return sign === sign.toLowerCase() ? lower : upper;
  });
const casesOf: Readonly<Record<Narrow, Uint8Array>> = {
  'windows-1251': casesIn('windows-1251'),
  'koi8-u': casesIn('koi8-u'),
};
