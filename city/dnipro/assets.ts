import { inRing } from './buildings.ts';
import type { Names } from './categories.ts';
import { type Position, river } from './districts.ts';
import { streets } from './streets.ts';
import { inZone, park } from './zones.ts';

/** An invented thing of the demo city with a number of its own. */
export interface AssetData {
  readonly id: string;
  readonly number: string;
  readonly names: Names;
  readonly branch: string;
  readonly keeper: string;
  readonly point: Position;
}

const lampPost = { uk: 'Опора освітлення', en: 'Lamp post' };

/** Where people walk in the park. */
const alley: readonly [Position, Position] = [
  [35.067, 48.4615],
  [35.075, 48.4645],
];

/** Degrees of longitude and latitude between two posts: some hundred metres. */
const apart = 0.0016;

/** Points along the line of a street, from its first end. */
function along([[west, south], [east, north]]: readonly [Position, Position]): Position[] {
  const count = Math.max(1, Math.floor(Math.hypot(east - west, north - south) / apart));
  return Array.from({ length: count + 1 }, (_, index): Position => {
    const part = index / count;
    const round = (degrees: number) => Math.round(degrees * 1e6) / 1e6;
    return [round(west + (east - west) * part), round(south + (north - south) * part)];
  });
}

const posts = (line: readonly [Position, Position], street: string, keeper: (point: Position) => string) =>
  along(line)
    .filter((point) => !inRing(point, river))
    .map(
      (point, index): AssetData => ({
        id: `lamp-${street}-${index + 1}`,
        number: `${street}-${index + 1}`,
        names: lampPost,
        branch: 'lighting',
        keeper: keeper(point),
        point,
      }),
    );

/** Lamp posts along the streets, numbered street by street; those in the park belong to its keeper. */
export const assets: readonly AssetData[] = [
  ...streets.flatMap(({ line }, index) =>
    posts(line, String(index + 1), (point) => (inZone(point, park) ? 'zelenbud' : 'svitlo')),
  ),
  ...posts(alley, 'park', () => 'zelenbud'),
];
