import type { Context } from 'hono';
import { formatDate, formatDateTime, formatNumber, type Language, localPath } from '#platform/i18n/index.ts';
import type { MistoEnv } from '#platform/system.ts';
import { Badge, type Tone } from '#ui/index.ts';
import type { Package, PackageResource } from '../dcat/from-package.ts';
import { type Freshness, freshnessOf } from '../freshness.ts';
import { packageText } from '../served.ts';
import { type PortalText, textOf } from './text.ts';

/** What every page of the portal needs at hand. */
export interface Here {
  readonly language: Language;
  readonly text: PortalText;
  /** Public address of the portal, without a slash at its end. */
  readonly site: string;
  /** Address of a page of the portal in the visitor's language. */
  href(path: string, query?: Query): string;
  date(instant: Date): string;
  time(instant: Date): string;
  number(value: number, options?: Intl.NumberFormatOptions): string;
}

/** Parameters of an address; a list repeats its name, what is empty is left out. */
export type Query = Readonly<Record<string, string | number | readonly string[] | null | undefined>>;

export function here(c: Context<MistoEnv>): Here {
  const { language, origin } = c.var.visit;
  return {
    language,
    text: textOf(language),
    site: `${origin}/open-data`,
    href: (path, query) => localPath(language, `/open-data${path}`) + queryString(query),
    date: (instant) => formatDate(language, instant),
    time: (instant) => formatDateTime(language, instant),
    number: (value, options) => formatNumber(language, value, options),
  };
}

export function queryString(query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== null && one !== undefined && one !== '') search.append(name, String(one));
  const text = search.toString();
  return text && `?${text}`;
}

export function pageOf(c: Context<MistoEnv>): number {
  const page = Number.parseInt(c.req.query('page') ?? '1', 10);
  return Number.isFinite(page) && page > 0 ? Math.min(page, 1_000_000) : 1;
}

/** A resource as the catalogue serves it. */
export interface ServedResource extends PackageResource {
  readonly load_status: string | null;
  readonly rows: number | null;
}

/** A dataset as the catalogue serves it. */
export interface ServedDataset extends Package {
  readonly state: string;
  readonly groups: readonly {
    readonly id: string;
    readonly name: string;
    readonly title: string;
    readonly display_name: string;
  }[];
  readonly resources: readonly ServedResource[];
}

/** A kept dataset with the addresses of this portal. */
export function datasetOf(kept: string, at: Here): ServedDataset {
  return JSON.parse(packageText(kept, at.site)) as ServedDataset;
}

export function extraOf(dataset: ServedDataset, key: string): string | undefined {
  return dataset.extras.find((extra) => extra.key === key)?.value;
}

/** CKAN's times are UTC without saying so. */
export const instantOf = (wire: string): Date => new Date(/Z|[+-]\d\d:?\d\d$/.test(wire) ? wire : `${wire}Z`);

/** Bytes in words. */
export function sizeOf(at: Here, bytes: number): string {
  const units = at.text.bytes;
  let value = bytes;
  let unit = 0;
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${at.number(value, { maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0 })} ${units[unit]}`;
}

/** The formats of a dataset, each once. */
export function Formats(props: { dataset: ServedDataset; at: Here }) {
  const formats = [...new Set(props.dataset.resources.map((one) => one.format).filter(Boolean))];
  return (
    <>
      {formats.map((format) => (
        <>
          <Badge tone="info">{format}</Badge>{' '}
        </>
      ))}
      {props.dataset.resources.some((one) => one.datastore_active) && <Badge tone="good">API</Badge>}
    </>
  );
}

const tones: Record<Freshness, Tone> = {
  'on time': 'good',
  soon: 'warning',
  late: 'danger',
  'very late': 'danger',
  none: 'neutral',
};

/** How the promise to update stands. */
export function FreshnessBadge(props: {
  at: Here;
  due: string | null;
  frequency: string | undefined;
  now: Date;
}) {
  const freshness = freshnessOf(props.due, props.frequency, props.now);
  if (freshness === 'none') return null;
  return <Badge tone={tones[freshness]}>{props.at.text.freshness[freshness]}</Badge>;
}
