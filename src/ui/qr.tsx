import type { VNode } from 'preact';

/** Per version from 1, at level M: error-correction codewords of a block, blocks, codewords in all (ISO/IEC 18004, table 9). */
const sizes = [
  [10, 1, 26],
  [16, 1, 44],
  [26, 1, 70],
  [18, 2, 100],
  [24, 2, 134],
  [16, 4, 172],
  [18, 4, 196],
  [22, 4, 242],
  [22, 5, 292],
  [26, 5, 346],
] as const;
/** Middles of the alignment patterns, per version from 1 (annex E). */
const alignments = [
  [],
  [6, 18],
  [6, 22],
  [6, 26],
  [6, 30],
  [6, 34],
  [6, 22, 38],
  [6, 24, 42],
  [6, 26, 46],
  [6, 28, 50],
] as const;

/** Which modules turn over, by mask. */
export const masks: readonly ((row: number, column: number) => boolean)[] = [
  (y, x) => (y + x) % 2 === 0,
  (y) => y % 2 === 0,
  (_, x) => x % 3 === 0,
  (y, x) => (y + x) % 3 === 0,
  (y, x) => (Math.floor(y / 2) + Math.floor(x / 3)) % 2 === 0,
  (y, x) => ((y * x) % 2) + ((y * x) % 3) === 0,
  (y, x) => (((y * x) % 2) + ((y * x) % 3)) % 2 === 0,
  (y, x) => (((y + x) % 2) + ((y * x) % 3)) % 2 === 0,
];

/** Logarithms in the field of 256 elements that QR codes use (x⁸+x⁴+x³+x²+1). */
const powers: number[] = [];
const logs: number[] = [];
for (let at = 0, value = 1; at < 255; at += 1) {
  powers[at] = value;
  logs[value] = at;
  value = value & 0x80 ? (value << 1) ^ 0x11d : value << 1;
}
const times = (a: number, b: number): number => (a && b ? powers[(logs[a]! + logs[b]!) % 255]! : 0);

function correctionOf(data: readonly number[], count: number): number[] {
  let generator = [1];
  for (let at = 0; at < count; at += 1) {
    const next = [...generator, 0];
    for (const [index, value] of generator.entries()) next[index + 1]! ^= times(value, powers[at]!);
    generator = next;
  }
  const rest: number[] = Array(count).fill(0);
  for (const byte of data) {
    const factor = byte ^ rest.shift()!;
    rest.push(0);
    for (let at = 0; at < count; at += 1) rest[at]! ^= times(generator[at + 1]!, factor);
  }
  return rest;
}

/**
 * The modules of a QR code (ISO/IEC 18004, level M, bytes), dark ones true, without the quiet zone.
 *
 * @param text at most 213 bytes of UTF-8.
 * @throws RangeError for a longer one.
 */
export function qrModules(text: string): boolean[][] {
  const bytes = [...new TextEncoder().encode(text)];
  const version =
    1 +
    sizes.findIndex(([correction, blocks, all], at) => {
      const room = all - correction * blocks;
      return bytes.length + (at < 9 ? 2 : 3) <= room;
    });
  if (version === 0) throw new RangeError(`${bytes.length} bytes are too many for a QR code here`);
  const codewords = interleave(dataOf(bytes, version), version);
  const drawn = masks.map((mask, number) => draw(codewords, version, mask, number));
  return drawn.reduce((best, one) => (penaltyOf(one) < penaltyOf(best) ? one : best));
}

/** Mode, length, bytes and padding, as codewords. */
function dataOf(bytes: readonly number[], version: number): number[] {
  const [correction, blocks, all] = sizes[version - 1]!;
  const room = all - correction * blocks;
  const length = version < 10 ? 8 : 16;
  const bits = `0100${bytes.length.toString(2).padStart(length, '0')}${bytes
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('')}`;
  const ended = bits.padEnd(Math.min(bits.length + 4, room * 8), '0');
  const whole = ended.padEnd(Math.ceil(ended.length / 8) * 8, '0');
  const data = Array.from({ length: whole.length / 8 }, (_, at) =>
    Number.parseInt(whole.slice(at * 8, at * 8 + 8), 2),
  );
  for (let pad = 0xec; data.length < room; pad ^= 0xec ^ 0x11) data.push(pad);
  return data;
}

/** Splits into blocks, each with its correction, and deals them out in turn: a stain hits all of them a little. */
function interleave(data: readonly number[], version: number): number[] {
  const [correction, count, all] = sizes[version - 1]!;
  const short = Math.floor(all / count) - correction;
  const longer = all % count;
  let at = 0;
  const blocks = Array.from({ length: count }, (_, index) => {
    const length = short + (index >= count - longer ? 1 : 0);
    const own = data.slice(at, at + length);
    at += length;
    return { own, correction: correctionOf(own, correction) };
  });
  const dealt: number[] = [];
  for (let index = 0; index <= short; index += 1)
    for (const { own } of blocks) if (index < own.length) dealt.push(own[index]!);
  for (let index = 0; index < correction; index += 1)
    for (const block of blocks) dealt.push(block.correction[index]!);
  return dealt;
}

function draw(
  codewords: readonly number[],
  version: number,
  mask: (row: number, column: number) => boolean,
  number: number,
): boolean[][] {
  const size = 17 + 4 * version;
  const modules = Array.from({ length: size }, () => Array<boolean>(size).fill(false));
  const fixed = Array.from({ length: size }, () => Array<boolean>(size).fill(false));
  const set = (y: number, x: number, dark: boolean) => {
    if (y < 0 || x < 0 || y >= size || x >= size) return;
    modules[y]![x] = dark;
    fixed[y]![x] = true;
  };
  for (let at = 0; at < size; at += 1) {
    set(6, at, at % 2 === 0);
    set(at, 6, at % 2 === 0);
  }
  for (const [top, left] of [
    [0, 0],
    [0, size - 7],
    [size - 7, 0],
  ] as const)
    for (let y = -1; y <= 7; y += 1)
      for (let x = -1; x <= 7; x += 1) {
        const ring = Math.max(Math.abs(y - 3), Math.abs(x - 3));
        set(top + y, left + x, ring !== 2 && ring !== 4);
      }
  const middles = alignments[version - 1]!;
  const last = middles.at(-1);
  for (const y of middles)
    for (const x of middles)
      if (!((y === 6 && (x === 6 || x === last)) || (y === last && x === 6)))
        for (let dy = -2; dy <= 2; dy += 1)
          for (let dx = -2; dx <= 2; dx += 1) set(y + dy, x + dx, Math.max(Math.abs(dy), Math.abs(dx)) !== 1);
  // Level M is 00.
  const format = (((number << 10) | remainder(number << 10, 0x537, 10)) ^ 0x5412) >>> 0;
  for (let bit = 0; bit < 15; bit += 1) {
    const dark = ((format >> bit) & 1) === 1;
    const near = bit < 6 ? bit : bit < 8 ? bit + 1 : 14 - bit;
    if (bit < 8) set(near, 8, dark);
    else set(8, bit === 8 ? 7 : near, dark);
    if (bit < 8) set(8, size - 1 - bit, dark);
    else set(size - 15 + bit, 8, dark);
  }
  set(size - 8, 8, true);
  if (version >= 7) {
    const about = (version << 12) | remainder(version << 12, 0x1f25, 12);
    for (let bit = 0; bit < 18; bit += 1) {
      const dark = ((about >> bit) & 1) === 1;
      const [far, near] = [size - 11 + (bit % 3), Math.floor(bit / 3)];
      set(far, near, dark);
      set(near, far, dark);
    }
  }
  const bits = codewords.flatMap((word) => [7, 6, 5, 4, 3, 2, 1, 0].map((bit) => ((word >> bit) & 1) === 1));
  let at = 0;
  // Two columns at a time from the right, up and down in turn; the column of the timing pattern is left out.
  for (let right = size - 1, up = true; right >= 1; right -= right === 8 ? 3 : 2, up = !up)
    for (let step = 0; step < size; step += 1)
      for (const x of [right, right - 1]) {
        const y = up ? size - 1 - step : step;
        if (fixed[y]![x]) continue;
        modules[y]![x] = (bits[at] ?? false) !== mask(y, x);
        at += 1;
      }
  return modules;
}

function remainder(value: number, generator: number, degree: number): number {
  let rest = value;
  for (let bit = 31; bit >= degree; bit -= 1) if ((rest >> bit) & 1) rest ^= generator << (bit - degree);
  return rest;
}

/** How hard a code is to read: long runs, blocks, what looks like a finder, and an uneven share of dark (section 7.8.3). */
function penaltyOf(modules: readonly (readonly boolean[])[]): number {
  const size = modules.length;
  const columns = modules.map((_, x) => modules.map((row) => row[x]!));
  let penalty = 0;
  for (const line of [...modules, ...columns]) {
    const text = line.map(Number).join('');
    for (const [run] of text.matchAll(/0{5,}|1{5,}/g)) penalty += run.length - 2;
    for (const finder of ['10111010000', '00001011101'])
      for (let at = text.indexOf(finder); at >= 0; at = text.indexOf(finder, at + 1)) penalty += 40;
  }
  for (let y = 1; y < size; y += 1)
    for (let x = 1; x < size; x += 1) {
      const dark = modules[y]![x];
      if (dark === modules[y - 1]![x] && dark === modules[y]![x - 1] && dark === modules[y - 1]![x - 1])
        penalty += 3;
    }
  const share = modules.flat().filter(Boolean).length / size ** 2;
  return penalty + Math.floor(Math.abs(share - 0.5) * 20) * 10;
}

/**
 * A QR code as a drawing, dark on white in every theme, with its quiet zone.
 *
 * @param text what a camera reads, such as an address: it should stand beside the code for whoever has none.
 * @param label what it is for.
 */
export function QrCode({ text, label }: { text: string; label: string }): VNode {
  const modules = qrModules(text);
  const size = modules.length + 8;
  const path = modules
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + 4} ${y + 4}h1v1h-1z` : '')))
    .join('');
  return (
    <svg
      class="qr"
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      shape-rendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
