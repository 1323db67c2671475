import type { Point, Position } from './metres.ts';

/** A closed line: a part of an area, or a hole in one. */
export interface Ring {
  readonly ring: readonly Position[];
  readonly hole: boolean;
}

/** An area of any number of parts and holes. */
export interface Area {
  readonly code: string;
  readonly rings: readonly Ring[];
}

/** The area that holds the point. On a border between two it is the one with the lower code, so every reader agrees. */
export function areaAt<One extends Area>(areas: Iterable<One>, point: Point): One | null {
  let found: One | null = null;
  for (const area of areas) if ((!found || area.code < found.code) && covers(area, point)) found = area;
  return found;
}

/** Whether the point lies in a part of the area and in no hole; its border, also that of a hole, belongs to it. */
export function covers({ rings }: Area, point: Point): boolean {
  const parts = rings.filter((one) => !one.hole);
  const holes = rings.filter((one) => one.hole);
  if (!parts.some(({ ring }) => isInside(ring, point) || isOn(ring, point))) return false;
  return !holes.some(({ ring }) => isInside(ring, point) && !isOn(ring, point));
}

/** Whether a closed ring holds the point; the even-odd rule. */
export function isInside(ring: readonly Position[], point: Point): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i]!;
    const [xj, yj] = ring[j]!;
    if (yi > point.lat !== yj > point.lat && point.lon < ((xj - xi) * (point.lat - yi)) / (yj - yi) + xi)
      inside = !inside;
  }
  return inside;
}

/** Degrees within which a point counts as on a line: a tenth of a millimetre. */
const touching = 1e-9;

function isOn(ring: readonly Position[], { lat, lon }: Point): boolean {
  return ring.some(([x2, y2], at) => {
    const [x1, y1] = ring.at(at - 1)!;
    const [dx, dy] = [x2 - x1, y2 - y1];
    const length = dx * dx + dy * dy;
    const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((lon - x1) * dx + (lat - y1) * dy) / length));
    return Math.hypot(lon - (x1 + along * dx), lat - (y1 + along * dy)) <= touching;
  });
}
