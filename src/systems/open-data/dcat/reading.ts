import { sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import { Refusal } from '#platform/errors.ts';
import type { Platform } from '#platform/system.ts';
import { type Actor, anonymous } from '#platform/work.ts';
import { cityCatalogue } from '../../../../city/dnipro/index.ts';
import { asInstant } from '../coercion.ts';
import { findDataset } from '../datasets.ts';
import { Absent } from '../faults.ts';
import { mustRead } from '../rights.ts';
import { SearchError, searchOf, type Wanted } from '../search/search.ts';
import { packageText } from '../served.ts';
import { readSettings } from '../settings.ts';
import { highValueCategories } from './authorities.ts';
import type { CatalogueDataset } from './catalogue-dataset.ts';
import { datasetFromPackage, type Package } from './from-package.ts';
import { type Portal, portalOf } from './portal.ts';
import { readThemes } from './themes.ts';

/** The portal as its outputs name it. @param site its public address without a slash at its end */
export async function readPortal(reader: Reader, site: string): Promise<Portal> {
  const { values } = await readSettings(reader);
  const words = { title: values['ckan.site_title'], description: values['ckan.site_description'] };
  return portalOf(new URL(site).origin, site, words, cityCatalogue);
}

/**
 * One dataset for those who may read it, by its id or name.
 *
 * @throws Absent; Denied for a private one; Refusal 410 for one that was withdrawn from the public, with the reason.
 */
export async function readCatalogueDataset(
  reader: Reader,
  actor: Actor,
  site: string,
  idOrName: string,
): Promise<CatalogueDataset> {
  const dataset = await findDataset(reader, idOrName);
  if (dataset.state === 'withdrawn') throw await goneOf(reader, dataset);
  await mustRead(reader, actor, dataset);
  const { rows } = await reader.execute<{ package: string | null }>(
    sql`select package from od_search where dataset = ${dataset.id}`,
  );
  if (!rows[0]?.package) throw new Absent();
  return datasetFromPackage(packageOf(rows[0].package, site), await readThemes(reader));
}

/** What was never public is not known to be gone either. */
async function goneOf(
  reader: Reader,
  { id, reason }: { id: string; reason: string | null },
): Promise<Refusal> {
  const { rows } = await reader.execute(
    sql`select from od_activity where object = ${id} and not hidden and type <> 'deleted package' limit 1`,
  );
  return rows.length > 0 ? new Refusal(410, 'gone', reason ?? 'withdrawn') : new Absent();
}

/** What of the catalogue is asked for: the words and filters of `package_search`. */
export interface Asked {
  readonly q: string;
  readonly fq: readonly string[];
  /** `id asc` keeps pages from losing or repeating anything. */
  readonly sort: string;
  readonly rows: number;
  readonly start: number;
}

/**
 * Datasets that everybody may see, in the order that is asked for; a token shows no more here, since pages of a catalogue are
 * public. Archived ones are left out, as in every search.
 *
 * @throws Refusal 409 for words or an order that cannot be understood.
 */
export async function findPublic(
  platform: Platform,
  site: string,
  asked: Asked,
): Promise<{ total: number; datasets: CatalogueDataset[] }> {
  const wanted: Wanted = {
    ...asked,
    facets: [],
    facetLimit: 0,
    facetMinCount: 1,
    includeDrafts: false,
    includePrivate: false,
    includeDeleted: false,
  };
  const [found, themes] = await Promise.all([
    searchOf(platform)
      .find(anonymous, wanted)
      .catch((error: unknown) => {
        if (error instanceof SearchError) throw new Refusal(409, 'invalid', error.message);
        throw error;
      }),
    readThemes(platform.db),
  ]);
  return {
    total: found.count,
    datasets: found.packages.map((kept) => datasetFromPackage(packageOf(kept, site), themes)),
  };
}

/** The filter of datasets that changed at or after an instant. @throws Refusal 409 for what is no date or time */
export function changedSince(given: string): string {
  const instant = asInstant(given);
  if (!instant) throw new Refusal(409, 'invalid', `modified_since: not a date or time of ISO 8601: ${given}`);
  return `metadata_modified:[${instant.toISOString()} TO *]`;
}

/** The filter of high-value datasets, whose category may be written in two ways. */
export const ofHighValue = `hvd:(${highValueCategories
  .flatMap(({ iri }) => [iri, iri.split('/').at(-1)!])
  .map((value) => `"${value}"`)
  .join(' OR ')})`;

/** When the first public dataset came and when the last changed; nulls while there is none. */
export async function readSpan(reader: Reader): Promise<{ issued: string | null; modified: string | null }> {
  const { rows } = await reader.execute<{ issued: string | null; modified: string | null }>(sql`
    select to_char(min(created_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') as issued,
      to_char(max(modified_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') as modified
    from od_dataset where not private and state = 'published'`);
  return rows[0]!;
}

const packageOf = (kept: string, site: string) => JSON.parse(packageText(kept, site)) as Package;
