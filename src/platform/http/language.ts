import { getPath } from 'hono/utils/url';
import type { Language } from '../i18n/index.ts';

/** The path by which routes are found: English pages are the same routes under `/en`. */
export function routePath(request: Request): string {
  return withoutLanguage(getPath(request));
}

/** @param path with or without a query. */
export function withoutLanguage(path: string): string {
  if (path === '/en') return '/';
  if (path.startsWith('/en/')) return path.slice(3);
  if (path.startsWith('/en?')) return `/${path.slice(3)}`;
  return path;
}

export function languageOf(path: string): Language {
  return path === '/en' || path.startsWith('/en/') || path.startsWith('/en?') ? 'en' : 'uk';
}

/**
 * Where an address under `/uk` leads, as portals in several languages have them: Ukrainian needs no prefix here.
 *
 * @param url absolute. @returns a path of this site, with the query.
 */
export function withoutUkrainian(url: string): string {
  const { pathname, search } = new URL(url);
  // Two slashes at its beginning would lead to another site.
  return `/${pathname.slice(3).replace(/^[/\\]+/, '')}${search}`;
}
