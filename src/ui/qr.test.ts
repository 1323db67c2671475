import { describe, expect, it } from 'vitest';
import { masks, qrModules } from './qr.tsx';

/** Codewords of error correction of a block, and blocks, at level M, as the standard's table has them. */
const table = [
  [10, 1],
  [16, 1],
  [26, 1],
  [18, 2],
  [24, 2],
  [16, 4],
  [18, 4],
  [22, 4],
  [22, 5],
  [26, 5],
];

/** Reads a code as a camera's program does, and examines every block's correction. */
function read(modules: boolean[][]): string {
  const size = modules.length;
  const version = (size - 17) / 4;
  const bit = (y: number, x: number) => Number(modules[y]![x]);
  // The first copy of the format, most significant bit first.
  const places = [
    [8, 0],
    [8, 1],
    [8, 2],
    [8, 3],
    [8, 4],
    [8, 5],
    [8, 7],
    [8, 8],
    [7, 8],
    [5, 8],
    [4, 8],
    [3, 8],
    [2, 8],
    [1, 8],
    [0, 8],
  ];
  const format = Number.parseInt(places.map(([y, x]) => bit(y!, x!)).join(''), 2) ^ 0x5412;
  expect(format >> 13, 'level').toBe(0);
  const mask = masks[(format >> 10) & 7]!;
  const middles = version === 1 ? [] : version < 7 ? [6, size - 7] : [6, (size - 1) / 2, size - 7];
  const isFixed = (y: number, x: number) =>
    y === 6 ||
    x === 6 ||
    (y < 9 && (x < 9 || x >= size - 8)) ||
    (x < 9 && y >= size - 8) ||
    (version >= 7 && ((y < 6 && x >= size - 11) || (x < 6 && y >= size - 11))) ||
    middles.some((my) =>
      middles.some((mx) => {
        const isFinder =
          (my === 6 && mx === 6) || (my === 6 && mx === size - 7) || (my === size - 7 && mx === 6);
        return !isFinder && Math.abs(y - my) <= 2 && Math.abs(x - mx) <= 2;
      }),
    );
  let bits = '';
  let column = 0;
  for (let right = size - 1; right > 0; right -= 2, column += 1) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step += 1)
      for (const x of [right, right - 1]) {
        const y = column % 2 === 0 ? size - 1 - step : step;
        if (!isFixed(y, x)) bits += Number(modules[y]![x] !== mask(y, x));
      }
  }
  const words = [...bits.matchAll(/.{8}/g)].map(([one]) => Number.parseInt(one!, 2));
  const [correction, count] = table[version - 1]! as [number, number];
  const long = words.length % count;
  const short = Math.floor(words.length / count) - correction;
  const blocks: number[][] = Array.from({ length: count }, () => []);
  let at = 0;
  for (let index = 0; index <= short; index += 1)
    for (const [number, block] of blocks.entries())
      if (index < short || number >= count - long) block.push(words[at++]!);
  const data = blocks.flat();
  for (let index = 0; index < correction; index += 1) for (const block of blocks) block.push(words[at++]!);
  for (const block of blocks) expect(syndromes(block, correction)).toEqual(Array(correction).fill(0));
  const text = data.map((word) => word.toString(2).padStart(8, '0')).join('');
  expect(text.slice(0, 4)).toBe('0100');
  const head = version < 10 ? 12 : 20;
  const length = Number.parseInt(text.slice(4, head), 2);
  const bytes = Array.from({ length }, (_, n) =>
    Number.parseInt(text.slice(head + 8 * n, head + 8 * n + 8), 2),
  );
  return new TextDecoder().decode(new Uint8Array(bytes));
}

/** All zero when nothing is wrong: the block as a polynomial at the powers of two of the field, by long multiplication. */
function syndromes(block: readonly number[], count: number): number[] {
  const times = (a: number, b: number) => {
    let product = 0;
    for (let bit = 7; bit >= 0; bit -= 1) {
      product = (product << 1) ^ (product & 0x80 ? 0x11d : 0);
      if ((b >> bit) & 1) product ^= a;
    }
    return product;
  };
  let root = 1;
  return Array.from({ length: count }, () => {
    const value = block.reduce((sum, word) => times(sum, root) ^ word, 0);
    root = times(root, 2);
    return value;
  });
}

describe('a QR code', () => {
  it.each([
    'a',
    'https://misto.example/1',
    'https://misto.example/contact-centre/answers/0197c000-0000-7000-8000-00000000000a',
    'Рішення № 12 від 24.11.2026, ґрунт і їжак',
    ...[14, 15, 26, 27, 42, 43, 62, 63, 84, 85, 106, 107, 122, 123, 152, 153, 180, 181, 213].map((length) =>
      'x'.repeat(length),
    ),
  ])('of %j is read back, every block whole', (text) => {
    expect(read(qrModules(text))).toBe(text);
  });

  it('has the three finders and the timing between them, and is as small as its text allows', () => {
    const modules = qrModules('misto');
    expect(modules).toHaveLength(21);
    const finder = ['1111111', '1000001', '1011101', '1011101', '1011101', '1000001', '1111111'];
    const corner = (top: number, left: number) =>
      modules.slice(top, top + 7).map((row) =>
        row
          .slice(left, left + 7)
          .map(Number)
          .join(''),
      );
    expect([corner(0, 0), corner(0, 14), corner(14, 0)]).toEqual([finder, finder, finder]);
    expect(modules[6]!.slice(6, 15).map(Number).join('')).toBe('101010101');
    expect(qrModules('x'.repeat(213))).toHaveLength(57);
    expect(() => qrModules('x'.repeat(214))).toThrow(RangeError);
  });
});
