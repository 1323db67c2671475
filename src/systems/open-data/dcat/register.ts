import type { CatalogueDataset } from './catalogue-dataset.ts';
import { addressesOf, type Portal } from './portal.ts';

/** Реєстр наборів даних: the columns of table `register`, appendix 7 of the recommendations to Resolution 835. */
export const registerColumns = [
  'uid',
  'title',
  'description',
  'accrualPeriodicity',
  'keywords',
  'purpose',
  'url',
  'distributionFormat',
  'publisherName',
  'publisherId',
  'contactPointName',
  'contactPointEmail',
] as const;

export type RegisterRow = Readonly<Record<(typeof registerColumns)[number], string | null>>;

export function registerRow(portal: Portal, dataset: CatalogueDataset): RegisterRow {
  const formats = [...new Set(dataset.resources.map((resource) => resource.format).filter(Boolean))];
  return {
    uid: dataset.id,
    title: dataset.title.uk,
    description: dataset.description?.uk ?? null,
    accrualPeriodicity: dataset.frequency.wire || null,
    keywords: dataset.keywords.join(', ') || null,
    purpose: dataset.purpose,
    url: addressesOf(portal).page(dataset),
    distributionFormat: formats.join(', ') || null,
    publisherName: dataset.publisher?.title ?? null,
    publisherId: dataset.publisher?.edrpou ?? null,
    contactPointName: dataset.contact?.name ?? null,
    contactPointEmail: dataset.contact?.email ?? null,
  };
}

/** The register as CSV (RFC 4180), UTF-8 without a mark. */
export function registerCsv(rows: readonly RegisterRow[]): string {
  const line = (values: readonly (string | null)[]) => `${values.map(cell).join(',')}\r\n`;
  return line(registerColumns) + rows.map((row) => line(registerColumns.map((name) => row[name]))).join('');
}

const cell = (value: string | null) => {
  const text = value ?? '';
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
