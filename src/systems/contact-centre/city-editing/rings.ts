import type { Ring } from '#platform/geo/index.ts';

/** A line that begins a hole; parts and holes are parted by empty lines. */
const holeMark = '-';

/** An area as people edit it: a point a line, longitude and latitude. */
export function ringsText(rings: readonly Ring[]): string {
  return rings
    .map(({ ring, hole }) =>
      [...(hole ? [holeMark] : []), ...ring.map(([lon, lat]) => `${lon} ${lat}`)].join('\n'),
    )
    .join('\n\n');
}

/** Reads the text back; null when a line is no point. */
export function readRings(text: string): Ring[] | null {
  const rings: Ring[] = [];
  for (const part of text.split(/\n\s*\n/)) {
    const lines = part
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean);
    if (lines.length === 0) continue;
    const hole = lines[0] === holeMark;
    const points = lines.slice(hole ? 1 : 0).map((line) => line.split(/[\s,;]+/).map(Number));
    if (points.some((point) => point.length !== 2 || !point.every(Number.isFinite))) return null;
    rings.push({ ring: points.map(([lon, lat]) => [lon!, lat!] as const), hole });
  }
  return rings;
}
