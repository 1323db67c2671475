import { sql } from 'drizzle-orm';
import type { Context } from 'hono';
import { NotFound } from '#platform/errors.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { findDataset } from '../../datasets.ts';
import { findLoad, type Load } from '../../loading/loads.ts';
import type { LoadRule } from '../../loading/rules.ts';
import { isUuid } from '../../names.ts';
import { may } from '../../rights.ts';
import type { DatasetRow } from '../../served.ts';

/** A resource of a dataset in which the visitor may write. */
export interface OwnResource {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly bytes: number;
  readonly rules: readonly LoadRule[];
  readonly dataset: DatasetRow;
  /** The newest load; null: none yet. */
  readonly load: string | null;
  /** The newest file is what is published. */
  readonly isPublished: boolean;
}

/** A load of one's own by the address. @throws NotFound, also for another's. */
export async function ownLoad(
  platform: Platform,
  c: Context<MistoEnv>,
): Promise<{ readonly load: Load; readonly resource: OwnResource }> {
  const id = c.req.param('load')!;
  if (!isUuid(id)) throw new NotFound('load');
  const load = await findLoad(platform.db, id);
  return { load, resource: await ownResource(platform, c, load.resource) };
}

/** A resource of one's own. @throws NotFound, also for another's. */
export async function ownResource(
  platform: Platform,
  c: Context<MistoEnv>,
  id: string,
): Promise<OwnResource> {
  if (!isUuid(id)) throw new NotFound('resource');
  const { rows } = await platform.db.execute<{
    dataset: string;
    name: string | null;
    file_name: string | null;
    kind: string;
    bytes: number | null;
    load_rules: LoadRule[];
    load: string | null;
    load_state: string | null;
  }>(sql`select r.dataset, r.load_state, r.name, r.file_name, r.kind, r.size::float8 as bytes, r.load_rules,
      (select l.id from od_load l where l.resource = r.id order by l.n desc limit 1) as load
    from od_resource r where r.id = ${id}`);
  const [row] = rows;
  const dataset = row && (await findDataset(platform.db, row.dataset));
  if (!dataset || !(await may(platform.db, c.var.visit.actor, 'write', dataset)))
    throw new NotFound('resource');
  return {
    id,
    name: row.name || row.file_name || id,
    kind: row.kind,
    bytes: row.bytes ?? 0,
    rules: row.load_rules,
    dataset,
    load: row.load,
    isPublished: row.load_state === 'indexed' || row.load_state === 'switched',
  };
}
