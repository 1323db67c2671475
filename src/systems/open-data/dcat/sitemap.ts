import { escapeXml } from './rdf-xml.ts';

/** Addresses that one file may hold. @see https://www.sitemaps.org/protocol.html */
export const sitemapSize = 50_000;

export interface SitemapEntry {
  readonly address: string;
  /** `2026-01-02T03:04:05Z`; null: not known. */
  readonly changed: string | null;
}

export function writeSitemap(entries: readonly SitemapEntry[]): string {
  return document('urlset', 'url', entries);
}

/** The file that names the others. */
export function writeSitemapIndex(entries: readonly SitemapEntry[]): string {
  return document('sitemapindex', 'sitemap', entries);
}

function document(root: string, item: string, entries: readonly SitemapEntry[]): string {
  const lines = entries.map(
    ({ address, changed }) =>
      `<${item}><loc>${escapeXml(address)}</loc>${changed ? `<lastmod>${changed}</lastmod>` : ''}</${item}>\n`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>\n<${root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${lines.join('')}</${root}>\n`;
}
