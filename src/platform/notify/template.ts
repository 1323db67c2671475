import type { Language } from '../i18n/index.ts';

export type Weight = 'legal' | 'service' | 'news';

/** A message as it is said: plain text, which each channel dresses in its own way, so nothing has to be escaped here. */
export interface Said {
  readonly subject: string;
  /** Paragraphs. */
  readonly lines: readonly string[];
  /** Path of the page it speaks of, without origin and language. */
  readonly href?: string;
}

/** A kind of message with typed variables, complete in every language. */
export interface Template<Variables> {
  /** `system.what`, such as `contact-centre.registered`. */
  readonly name: string;
  /** Raised when the words change, so evidence says which were sent. */
  readonly version: number;
  readonly say: Readonly<Record<Language, (variables: Variables) => Said>>;
}

/** @example defineTemplate<{ number: string }>('contact-centre.closed', 1, { uk: (v) => …, en: (v) => … }) */
export function defineTemplate<Variables>(
  name: string,
  version: number,
  say: Template<Variables>['say'],
): Template<Variables> {
  return { name, version, say };
}

/** One line of text: a line break in a variable must not reach a header or begin a paragraph. */
export function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .trim();
}

const marks: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (mark) => marks[mark]!);
}
