import { type SQL, sql } from 'drizzle-orm';
import { type Metres, pointText } from './metres.ts';

/** Rows around a place: a condition that an index answers, the distance in metres, and the order, nearest first. */
export interface Near {
  readonly where: SQL;
  readonly distance: SQL;
  readonly order: SQL;
}

/**
 * What is within so many metres of a place.
 *
 * @param column a `point` in local metres under a GiST index, such as sql`r.place`
 */
export function near(column: SQL, at: Metres, radius: number): Near {
  const point = pointText(at);
  return {
    where: sql`${column} <@ ${`<${point},${radius}>`}::circle`,
    distance: sql`(${column} <-> ${point}::point)`,
    order: sql`${column} <-> ${point}::point`,
  };
}
