import { bounds } from '../../../../city/dnipro/districts.ts';
import type { Box } from './typed-table.ts';

/** How far beyond its box a point may lie and still be of the city, in degrees: about 30 km. */
const margin = 0.3;

const [southWest, northEast] = bounds;
/** The city with its surroundings; what lies beyond is asked about. */
export const cityBox: Box = {
  south: southWest[1] - margin,
  west: southWest[0] - margin,
  north: northEast[1] + margin,
  east: northEast[0] + margin,
};
