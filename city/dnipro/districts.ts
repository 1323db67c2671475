/**
 * The eight districts of Dnipro as stand-ins: coarse polygons drawn around the real approximate centres, so that maps,
 * routing and statistics have something to work with. They are not the legal boundaries; import those as GeoJSON.
 * Rings are [longitude, latitude], closed, counter-clockwise is not promised.
 */
export type Position = readonly [longitude: number, latitude: number];

export interface DistrictData {
  readonly code: string;
  readonly name: { readonly uk: string; readonly en: string };
  readonly centre: Position;
  /** Closed ring. */
  readonly ring: readonly Position[];
  /** The polygon only stands in for the real boundary. */
  readonly standIn: true;
}

// The two banks, from where the river enters the city to where it leaves; neighbours share these points.
const right: readonly Position[] = [
  [34.86, 48.505],
  [34.93, 48.494],
  [34.985, 48.484],
  [35.015, 48.476],
  [35.045, 48.4715],
  [35.066, 48.464],
  [35.09, 48.449],
  [35.102, 48.428],
  [35.118, 48.395],
];
const left: readonly Position[] = [
  [34.86, 48.52],
  [34.94, 48.508],
  [34.99, 48.496],
  [35.02, 48.49],
  [35.055, 48.485],
  [35.083, 48.478],
  [35.112, 48.458],
  [35.128, 48.432],
  [35.14, 48.398],
];

const closed = (...points: readonly Position[]): readonly Position[] => [...points, points[0]!];

export const river: readonly Position[] = closed(...right, ...left.toReversed());

/** South-west and north-east corner of the city's box. */
export const bounds: readonly [Position, Position] = [
  [34.84, 48.38],
  [35.24, 48.58],
];

export const centre: Position = [35.046, 48.464];

export const districts: readonly DistrictData[] = [
  {
    code: 'tsentralnyi',
    name: { uk: 'Центральний район', en: 'Tsentralnyi district' },
    centre: [35.036, 48.467],
    ring: closed(right[3]!, right[4]!, right[5]!, [35.052, 48.4585], [35.03, 48.4565], [35.015, 48.462]),
    standIn: true,
  },
  {
    code: 'sobornyi',
    name: { uk: 'Соборний район', en: 'Sobornyi district' },
    centre: [35.075, 48.435],
    ring: closed(
      [35.052, 48.4585],
      right[5]!,
      right[6]!,
      right[7]!,
      right[8]!,
      [35.09, 48.385],
      [35.07, 48.4],
      [35.055, 48.445],
    ),
    standIn: true,
  },
  {
    code: 'shevchenkivskyi',
    name: { uk: 'Шевченківський район', en: 'Shevchenkivskyi district' },
    centre: [35.025, 48.43],
    ring: closed(
      [35.015, 48.462],
      [35.03, 48.4565],
      [35.052, 48.4585],
      [35.055, 48.445],
      [35.07, 48.4],
      [35.09, 48.385],
      [35.0, 48.385],
      [34.965, 48.4],
      [35.0, 48.445],
    ),
    standIn: true,
  },
  {
    code: 'chechelivskyi',
    name: { uk: 'Чечелівський район', en: 'Chechelivskyi district' },
    centre: [34.965, 48.44],
    ring: closed(
      right[2]!,
      right[3]!,
      [35.015, 48.462],
      [35.0, 48.445],
      [34.965, 48.4],
      [34.9, 48.4],
      [34.915, 48.455],
      [34.975, 48.462],
    ),
    standIn: true,
  },
  {
    code: 'novokodatskyi',
    name: { uk: 'Новокодацький район', en: 'Novokodatskyi district' },
    centre: [34.925, 48.477],
    ring: closed(right[0]!, right[1]!, right[2]!, [34.975, 48.462], [34.915, 48.455], [34.86, 48.47]),
    standIn: true,
  },
  {
    code: 'amur-nyzhnodniprovskyi',
    name: { uk: 'Амур-Нижньодніпровський район', en: 'Amur-Nyzhnodniprovskyi district' },
    centre: [35.01, 48.525],
    ring: closed(
      left[0]!,
      [34.9, 48.56],
      [35.0, 48.575],
      [35.07, 48.56],
      [35.065, 48.515],
      left[4]!,
      left[3]!,
      left[2]!,
      left[1]!,
    ),
    standIn: true,
  },
  {
    code: 'industrialnyi',
    name: { uk: 'Індустріальний район', en: 'Industrialnyi district' },
    centre: [35.095, 48.515],
    ring: closed(
      left[4]!,
      [35.065, 48.515],
      [35.07, 48.56],
      [35.14, 48.555],
      [35.15, 48.51],
      [35.12, 48.485],
      left[5]!,
    ),
    standIn: true,
  },
  {
    code: 'samarskyi',
    name: { uk: 'Самарський район', en: 'Samarskyi district' },
    centre: [35.16, 48.46],
    ring: closed(
      left[5]!,
      [35.12, 48.485],
      [35.15, 48.51],
      [35.23, 48.5],
      [35.22, 48.43],
      [35.16, 48.4],
      left[8]!,
      left[7]!,
      left[6]!,
    ),
    standIn: true,
  },
];
