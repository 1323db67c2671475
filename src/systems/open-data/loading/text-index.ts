import type pg from 'pg';
import { stemsIn } from '../datastore/full-text.ts';
import type { Field } from '../datastore/table.ts';
import { named } from './sql.ts';

/** Tables up to this many rows get their words before the switch. */
export const mostAtOnce = 20_000;
/** Rows of one step: few enough that the loop is not held up. */
const step = 500;
/** Characters of a row that are searched; PostgreSQL holds at most a megabyte of words for one. */
const longest = 100_000;

type Ask = (text: string, values?: unknown[]) => Promise<pg.QueryResult>;

/**
 * Fills `_full_text` of a table of rows and indexes it: the words of all columns with their places, and the stems of the
 * Ukrainian ones. It goes on where an earlier try ended, and each step is a statement of its own.
 *
 * @param table name in open_data_rows
 */
export async function fillFullText(ask: Ask, table: string, fields: readonly Field[]): Promise<void> {
  const name = `open_data_rows.${named(table)}`;
  const searched = fields.filter(({ type }) => type !== 'json');
  const words = searched.length
    ? `concat_ws(' ', ${searched.map(({ id }) => `${named(id)}::text`).join(', ')})`
    : `''`;
  const begun = await ask(`select coalesce(max(_id), 0) as last from ${name} where _full_text is not null`);
  let last: string = begun.rows[0].last;
  for (;;) {
    const { rows } = await ask(
      `select _id, left(${words}, ${longest}) as text from ${name} where _id > $1 order by _id limit ${step}`,
      [last],
    );
    if (rows.length === 0) break;
    last = rows.at(-1)._id;
    const found = rows.map((row) => ({ id: row._id, text: row.text, stems: stemsIn(row.text) }));
    await ask(
      `update ${name} t set _full_text = to_tsvector('simple'::regconfig, d.text) ||
         array_to_tsvector(array(select jsonb_array_elements_text(d.stems)))
       from jsonb_to_recordset($1::jsonb) as d (id int8, text text, stems jsonb) where t._id = d.id`,
      [JSON.stringify(found)],
    );
  }
  await ask(`create index if not exists ${named(`${table}_text`)} on ${name} using gin (_full_text)`);
}
