import { sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import { cityCatalogue } from '../../../../city/dnipro/index.ts';
import { placeColumns } from '../datastore/place-columns.ts';
import type { Field } from '../datastore/table.ts';
import { datasetFromPackage, type Package } from '../dcat/from-package.ts';
import { type Portal, portalOf } from '../dcat/portal.ts';
import { readThemes } from '../dcat/themes.ts';
import { whyInvalid } from '../dcat/validity.ts';
import { freshnessOf } from '../freshness.ts';
import { type Quality, type QualityFacts, qualityOf, type ResourceFacts } from './quality.ts';

/** A dataset as `package_show` answers it, with when it is due: ISO 8601, or null where nothing is promised. */
export interface Served {
  readonly package: Package;
  readonly due: string | null;
}

/** Quality with what search wants to know beside it. */
export interface Judged {
  readonly quality: Quality;
  /** A table of it can be drawn on a map. */
  readonly hasPlaces: boolean;
}

/** Looked at by quality, of more than the package says. */
interface Behind extends Record<string, unknown> {
  readonly resource: string;
  readonly origin: string | null;
  readonly fields: readonly Field[] | null;
  /** Failures one behind the other when its link was last looked at; null: nobody has looked. */
  readonly failures: number | null;
}

/**
 * The quality of datasets, by id.
 *
 * @param themes code of the EU list `data-theme` by the id of the group.
 */
export async function readQuality(
  reader: Reader,
  portal: Portal,
  themes: ReadonlyMap<string, string>,
  datasets: readonly Served[],
  now: Date,
): Promise<ReadonlyMap<string, Judged>> {
  const ids = datasets.flatMap((one) => one.package.resources.map(({ id }) => id));
  const { rows } = await reader.execute<Behind>(sql`
    select r.id as resource, r.table_schema ->> 'origin' as origin, t.fields, k.failures
    from od_resource r left join od_table t on t.resource = r.id
      left join od_link_check k on k.resource = r.id and k.url = r.url
    where r.id in (select jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb)::uuid)`);
  const behind = new Map(rows.map((row) => [row.resource, row]));
  return new Map(
    datasets.map((one) => [
      one.package.id,
      {
        quality: qualityOf(factsOf(portal, themes, one, behind, now)),
        hasPlaces: one.package.resources.some(
          ({ id }) => placeColumns(behind.get(id)?.fields ?? []) !== null,
        ),
      },
    ]),
  );
}

/** Where the portal stands does not matter to quality: addresses of its own only begin alike. */
const anySite = 'https://portal.invalid/open-data';

/**
 * The same from answers as they are kept, before they are served from any address.
 *
 * @param packageText gives a kept text the address of the portal.
 */
export async function judgeKept(
  reader: Reader,
  kept: readonly { readonly text: string; readonly due: string | null }[],
  packageText: (text: string, site: string) => string,
  now: Date,
): Promise<ReadonlyMap<string, Judged>> {
  if (kept.length === 0) return new Map();
  const words = { title: '', description: '' };
  const portal = portalOf(new URL(anySite).origin, anySite, words, cityCatalogue);
  const datasets = kept.map(({ text, due }) => ({
    package: JSON.parse(packageText(text, anySite)) as Package,
    due,
  }));
  return readQuality(reader, portal, await readThemes(reader), datasets, now);
}

function factsOf(
  portal: Portal,
  themes: ReadonlyMap<string, string>,
  { package: given, due }: Served,
  behind: ReadonlyMap<string, Behind>,
  now: Date,
): QualityFacts {
  const dataset = datasetFromPackage(given, themes);
  const frequency = given.extras.find(({ key }) => key === 'update_frequency')?.value ?? null;
  return {
    title: given.title,
    notes: given.notes,
    keywords: dataset.keywords,
    themes: dataset.themes,
    katottg: dataset.katottg,
    edrpou: dataset.publisher?.edrpou ?? null,
    hasPeriod: dataset.temporal !== null,
    licence: given.license_id,
    contact: dataset.contact ?? { name: null, email: null },
    publisher: dataset.publisher && dataset.publisher.title,
    language: dataset.language,
    purpose: dataset.purpose,
    frequency,
    freshness: freshnessOf(due, frequency ?? undefined, now),
    isValid: whyInvalid(portal, dataset, 'uk').length === 0,
    issued: dataset.issued,
    modified: dataset.modified,
    resources: given.resources.map((resource): ResourceFacts => {
      const isOwn = resource.url.startsWith(portal.site);
      const more = behind.get(resource.id);
      const isDump = resource.url.endsWith(`/datastore/dump/${resource.id}`);
      return {
        id: resource.id,
        title: resource.name || resource.format || resource.id,
        format: isDump && resource.format === '' ? 'CSV' : resource.format,
        mediaType: resource.mimetype ?? (isDump ? 'text/csv' : null),
        bytes: resource.size,
        answers: isOwn || (more?.failures == null ? null : more.failures === 0),
        isFile: !isDump && !/^(HTML|API|REST|WMS|WFS)$/i.test(resource.format),
        hasRows: resource.datastore_active,
        isOfficial: /^835\//.test(more?.origin ?? ''),
        columnsWithoutText: more?.fields
          ? more.fields.filter(({ info }) => !info?.label && !info?.title && !info?.notes).map(({ id }) => id)
          : null,
      };
    }),
  };
}
