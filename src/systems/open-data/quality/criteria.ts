/** Dimensions of the European MQA, and the city's own demands. */
export const dimensions = [
  'findability',
  'accessibility',
  'interoperability',
  'reusability',
  'contextuality',
  'city',
] as const;
export type Dimension = (typeof dimensions)[number];

const criterion = <Id extends string>(id: Id, dimension: Dimension, points: number) =>
  ({ id, dimension, points }) as const;

/** What quality is made of: the 405 points of the European MQA (data.europa.eu) and 100 of the city. */
export const criteria = [
  criterion('keyword', 'findability', 30),
  criterion('theme', 'findability', 30),
  criterion('spatial', 'findability', 20),
  criterion('temporal', 'findability', 20),
  criterion('access-answers', 'accessibility', 50),
  criterion('download', 'accessibility', 20),
  criterion('download-answers', 'accessibility', 30),
  criterion('format', 'interoperability', 20),
  criterion('media-type', 'interoperability', 10),
  criterion('format-vocabulary', 'interoperability', 10),
  criterion('non-proprietary', 'interoperability', 20),
  criterion('machine-readable', 'interoperability', 20),
  criterion('dcat-ap', 'interoperability', 30),
  criterion('licence', 'reusability', 20),
  criterion('licence-vocabulary', 'reusability', 10),
  criterion('access-rights', 'reusability', 10),
  criterion('access-rights-vocabulary', 'reusability', 5),
  criterion('contact', 'reusability', 20),
  criterion('publisher', 'reusability', 10),
  criterion('rights', 'contextuality', 5),
  criterion('byte-size', 'contextuality', 5),
  criterion('issued', 'contextuality', 5),
  criterion('modified', 'contextuality', 5),
  criterion('passport', 'city', 25),
  criterion('official-table', 'city', 30),
  criterion('on-time', 'city', 25),
  criterion('identifiers', 'city', 10),
  criterion('field-texts', 'city', 10),
] as const;
export type CriterionId = (typeof criteria)[number]['id'];

/** Of the MQA's points: what the European portal calls them. */
export const ratings = ['excellent', 'good', 'sufficient', 'poor'] as const;
export type Rating = (typeof ratings)[number];

/** @param mqa points of 405 */
export function ratingOf(mqa: number): Rating {
  if (mqa >= 351) return 'excellent';
  if (mqa >= 221) return 'good';
  return mqa >= 121 ? 'sufficient' : 'poor';
}
