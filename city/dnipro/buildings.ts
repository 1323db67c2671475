import { type DistrictData, districts, type Position } from './districts.ts';
import { type StreetData, streets } from './streets.ts';

/** A building of the demo city: a real street, an invented house. */
export interface BuildingData {
  readonly id: string;
  readonly street: string;
  readonly house: string;
  readonly point: Position;
  readonly district: string;
  /** Organisation that keeps the house (балансоутримувач). */
  readonly owner: string;
  readonly floors: number;
}

const keeper: Readonly<Record<string, string>> = {
  tsentralnyi: 'zhytlo-pravyi',
  sobornyi: 'zhytlo-pravyi',
  shevchenkivskyi: 'zhytlo-pravyi',
  chechelivskyi: 'zhytlo-zakhid',
  novokodatskyi: 'zhytlo-zakhid',
  'amur-nyzhnodniprovskyi': 'zhytlo-livyi',
  industrialnyi: 'zhytlo-livyi',
  samarskyi: 'zhytlo-livyi',
};

/** Whether the point lies in the closed ring, by the even-odd rule. */
export function inRing([x, y]: Position, ring: readonly Position[]): boolean {
  let inside = false;
  for (let index = 1; index < ring.length; index++) {
    const [x1, y1] = ring[index - 1]!;
    const [x2, y2] = ring[index]!;
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}

export function districtOf(point: Position): DistrictData | undefined {
  return districts.find((district) => inRing(point, district.ring));
}

/** Houses along each street's line, odd on one side and even on the other: the same list on every run. */
function housesOf(street: StreetData, streetIndex: number): BuildingData[] {
  const [[x1, y1], [x2, y2]] = street.line;
  const length = Math.hypot((x2 - x1) * 73_800, (y2 - y1) * 111_200);
  const count = Math.max(4, Math.min(14, Math.round(length / 130)));
  // Twenty metres to each side of the line, in degrees.
  const aside: Position = [
    (-(y2 - y1) / Math.hypot(x2 - x1, y2 - y1)) * 0.00025,
    ((x2 - x1) / Math.hypot(x2 - x1, y2 - y1)) * 0.00018,
  ];
  return Array.from({ length: count }, (_, index) => {
    const along = (index + 0.5) / count;
    const side = index % 2 === 0 ? 1 : -1;
    const point: Position = [
      Number((x1 + (x2 - x1) * along + aside[0] * side).toFixed(6)),
      Number((y1 + (y2 - y1) * along + aside[1] * side).toFixed(6)),
    ];
    const number = index * 2 + (index % 2 === 0 ? 1 : 0) + (streetIndex % 5) * 2;
    const letter = (index * 7 + streetIndex) % 11 === 0 ? 'А' : '';
    const district = districtOf(point)?.code ?? '';
    return {
      id: `a-${String(streetIndex + 1).padStart(2, '0')}${String(index + 1).padStart(2, '0')}`,
      street: street.id,
      house: `${Math.max(1, number)}${letter}`,
      point,
      district,
      owner: street.id === 'nauky' && index % 3 === 0 ? 'osbb-sonechko' : (keeper[district] ?? ''),
      floors: [5, 9, 5, 16, 9, 2, 12][(streetIndex + index) % 7]!,
    };
  });
}

export const buildings: readonly BuildingData[] = streets.flatMap(housesOf);
