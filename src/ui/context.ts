import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { words } from './text.ts';
import type { Fault, Language } from './types.ts';

/** What a page tells the components inside it. */
export interface Rendering {
  readonly language: Language;
  /** Names of the islands met while rendering; the page loads its one script only when there are any. */
  readonly islands: Set<string>;
}

export const RenderingContext = createContext<Rendering>({ language: 'uk', islands: new Set() });
/** The faults of the form around a field. */
export const FaultsContext = createContext<readonly Fault[]>([]);

export function useLanguage(): Language {
  return useContext(RenderingContext).language;
}

/** The design system's own words in the language of the page. */
export function useWords() {
  return words(useLanguage());
}

/** Id of the input with this name: error summaries link to it. */
export function fieldId(name: string): string {
  return `field-${name.replaceAll(/[^\w-]/g, '-')}`;
}

/** The same page in the language: Ukrainian lives at the root, English under /en. */
export function localHref(language: Language, path: string): string {
  if (language === 'uk' || !path.startsWith('/')) return path;
  return path === '/' ? `/${language}` : `/${language}${path}`;
}

/** Joins class names, leaving out the empty ones. */
export function classes(...names: (string | false | null | undefined)[]): string {
  return names.filter(Boolean).join(' ');
}
