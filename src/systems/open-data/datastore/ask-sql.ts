import type { Db } from '#platform/database/pool.ts';
import type { Actor } from '#platform/work.ts';
import { findDataset } from '../datasets.ts';
import { Absent, Denied, Faulty } from '../faults.ts';
import { isPublic, mustRead } from '../rights.ts';
import { countUse } from '../usage.ts';
import { type Estimate, estimateQuery, type QueryRole, runQuery, type SqlAnswer } from './run-sql.ts';
import { guardQuery, type ReadQuery, RefusedQuery } from './sql-guard.ts';
import { tablesNamed } from './tables.ts';

/**
 * One query of anybody: it only reads, its tables are resources by id or alias that the actor may read.
 *
 * @throws Faulty of `query`; Denied; Absent for a table that is not there; Refusal 429.
 */
export async function askSql(db: Db, actor: Actor, text: string): Promise<SqlAnswer> {
  const { role, resources } = await allowed(db, actor, text);
  for (const resource of resources) countUse(db, resource, 'request');
  return runQuery(db, statementOf(text), role);
}

/** What the same query would take, and the resources that it reads. @throws as `askSql` */
export async function estimateSql(
  db: Db,
  actor: Actor,
  text: string,
): Promise<Estimate & { readonly resources: readonly string[] }> {
  const { role, resources } = await allowed(db, actor, text);
  return { ...(await estimateQuery(db, statementOf(text), role)), resources };
}

async function allowed(
  db: Db,
  actor: Actor,
  text: string,
): Promise<{ readonly role: QueryRole; readonly resources: readonly string[] }> {
  const { tables } = await guarded(text);
  const found = await tablesNamed(db, tables);
  let isOpen = true;
  for (const name of tables) {
    const table = found.get(name);
    if (!table) throw new Absent(`Resource "${name}" was not found.`);
    const dataset = await findDataset(db, table.dataset);
    await mustRead(db, actor, dataset);
    if (!isPublic(dataset)) isOpen = false;
  }
  return {
    role: isOpen ? 'misto_query' : 'misto_query_private',
    resources: [...new Set([...found.values()].map(({ resource }) => resource))],
  };
}

async function guarded(text: string): Promise<ReadQuery> {
  try {
    return await guardQuery(text);
  } catch (error) {
    if (!(error instanceof RefusedQuery)) throw error;
    if (error.kind === 'forbidden') throw new Denied(error.message);
    throw new Faulty({
      query: [error.message],
      ...(error.kind === 'syntax'
        ? { info: { statement: [text], params: ['{}'], orig: [error.message] } }
        : {}),
    });
  }
}

/** Without the semicolon behind it, which EXPLAIN and DECLARE do not take twice. */
const statementOf = (text: string): string => text.replace(/[\s;]+$/, '');
