import type { QueryResult } from 'pg';
import type { Reader } from '#platform/database/pool.ts';

/** A statement that each connection plans once; its text must never depend on input. */
export type Statement<Row> = (reader: Reader, parameters: readonly unknown[]) => Promise<Row[]>;

/**
 * Names a statement so that PostgreSQL keeps its plan: the intake's large statement costs more to plan than to run.
 * Timestamps come back as text, as from every raw statement.
 */
export function statement<Row>(name: string, text: string): Statement<Row> {
  return async (reader, parameters) => {
    const query = reader._.session.prepareQuery(
      { sql: text, params: [...parameters] },
      undefined,
      `cc_${name}`,
      false,
    );
    const result = (await query.execute()) as QueryResult;
    return result.rows as Row[];
  };
}
