import { z } from '@hono/zod-openapi';

const said = (text: string) => ({ description: text });

/** Texts of an address become numbers in their bounds. */
const whole = (usual: number, most: number, least = 0) =>
  z
    .string()
    .regex(/^\d{1,15}$/, 'Must be a natural number')
    .transform(Number)
    .refine((n) => n >= least, `Must be at least ${least}`)
    .transform((n) => Math.min(n, most))
    .default(usual);

const flag = (usual: boolean) =>
  z
    .enum(['true', 'false', '1', '0'])
    .transform((text) => text === 'true' || text === '1')
    .default(usual);

/** Parted by commas that stand outside of brackets; a name with commas comes as a parameter that is repeated. */
const list = z
  .union([
    z.array(z.string().max(2_000)).max(1_500),
    z
      .string()
      .max(20_000)
      .transform((text) =>
        (text.match(/(?:[^,(]|\([^)]*\))+/g) ?? []).map((one) => one.trim()).filter(Boolean),
      ),
  ])
  .optional();

export const id = z.object({ id: z.string().max(200).openapi(said('Id of the resource')) });
export const numbered = id.extend({
  n: z
    .string()
    .regex(/^v?\d{1,9}$/)
    .openapi(said('Number of the version')),
});

/** Which state of the rows. */
export const when = {
  version: z.string().max(20).optional().openapi(said('Number of a version; the current state unless said')),
  as_of: z
    .string()
    .max(40)
    .optional()
    .openapi(said('The version current then: a day YYYY-MM-DD means its end in Kyiv; or an instant')),
};

const conditions = {
  filters: z
    .string()
    .max(100_000)
    .optional()
    .openapi(said('JSON as of datastore_search: {"a":"x"}, {"n":{"gte":5}}, {"$or":[…]}')),
  q: z.string().max(2_000).optional().openapi(said('Words that a row must hold, in any form')),
};

export const rowsQuery = z.object({
  ...when,
  ...conditions,
  full_text: z.string().max(2_000).optional(),
  plain: flag(true),
  distinct: flag(false),
  fields: list.openapi(said('Columns, parted by commas')),
  sort: z.string().max(2_000).optional().openapi(said('a, b desc nulls last')),
  limit: whole(100, 32_000).openapi(said('At most 32000')),
  offset: whole(0, 1_000_000_000),
  include_total: flag(true),
  records_format: z.enum(['objects', 'lists', 'csv', 'tsv']).default('objects'),
});

export const aggregateQuery = z.object({
  ...when,
  ...conditions,
  group_by: list.openapi(said('Columns, parted by commas; none: one group of all rows')),
  measure: list.openapi(
    said('count, sum(x), avg(x), min(x), max(x), median(x), parted by commas; count unless said'),
  ),
  sort: z.string().max(300).optional().openapi(said('A column or a measure, desc behind it')),
  limit: whole(10_000, 10_000, 1).openapi(said('At most 10000 groups')),
});

export const diffQuery = z.object({
  from: z.string().max(20).optional().openapi(said('Number of a version; the one before `to` unless said')),
  to: z.string().max(20).optional().openapi(said('Number of a version; the newest unless said')),
  key: list.openapi(said('Columns that name a row, parted by commas; none of both: the key of the versions')),
  format: z.enum(['json', 'csv']).default('json').openapi(said('csv: all of it, a line for each cell')),
  limit: whole(100, 1_000),
  offset: whole(0, 1_000_000_000),
});

export const exportQuery = z.object({
  ...when,
  ...conditions,
  plain: flag(true),
  fields: list.openapi(said('Columns, parted by commas')),
  sort: z.string().max(2_000).optional(),
  for: z
    .enum(['excel'])
    .optional()
    .openapi(said('CSV that Excel opens: mark of UTF-8, semicolons, decimal commas, no formulas')),
});

export const versionsQuery = z.object({ limit: whole(100, 1_000, 1), offset: whole(0, 1_000_000) });

export const whenQuery = z.object(when);

export const reportQuery = z.object({
  ...when,
  format: z.enum(['json', 'csv']).default('json').openapi(said('csv: all of it')),
  limit: whole(100, 1_000),
  offset: whole(0, 1_000_000_000),
});

export const cutBody = z.object({
  note: z.string().max(1_000).default('').openapi(said('Why, or what is new: shown with the version')),
});
