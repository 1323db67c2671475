import type { Context } from 'hono';
import { formatDate, formatDateTime, formatNumber, type Language, localPath } from '#platform/i18n/index.ts';
import type { MistoEnv } from '#platform/system.ts';
import { Badge, type Tone } from '#ui/index.ts';
import type { Closing, State } from '../states.ts';
import { type PageText, stateName, textOf } from './text.ts';

/** What every page of the contact centre needs at hand. */
export interface Here {
  readonly language: Language;
  readonly text: PageText;
  /** Address of a page below /contact-centre in the visitor's language. */
  href(path: string, query?: Readonly<Record<string, string | number | null | undefined>>): string;
  date(instant: Date): string;
  time(instant: Date): string;
  number(value: number, options?: Intl.NumberFormatOptions): string;
}

export function here(c: Context<MistoEnv>): Here {
  const { language } = c.var.visit;
  return {
    language,
    text: textOf(language),
    href: (path, query) => localPath(language, `/contact-centre${path}`) + queryString(query),
    date: (instant) => formatDate(language, instant),
    time: (instant) => formatDateTime(language, instant),
    number: (value, options) => formatNumber(language, value, options),
  };
}

export function queryString(
  query: Readonly<Record<string, string | number | null | undefined>> = {},
): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== null && value !== undefined && value !== '') search.set(name, String(value));
  const text = search.toString();
  return text && `?${text}`;
}

const tones: Record<State, Tone> = {
  registered: 'neutral',
  triage: 'neutral',
  assigned: 'info',
  accepted: 'info',
  planned: 'info',
  in_progress: 'info',
  waiting_reporter: 'warning',
  claimed: 'warning',
  rework: 'danger',
  merged: 'neutral',
  in_event: 'info',
  closed: 'neutral',
};

/** A state in words and colour; only a closing that people confirmed is green. */
export function StateBadge(props: { language: Language; state: State; closing: Closing | null }) {
  const tone = props.closing === 'confirmed' ? 'good' : tones[props.state];
  return <Badge tone={tone}>{stateName(props.language, props.state, props.closing)}</Badge>;
}

/** What a form sent: text fields trimmed, the last value of a name. */
export async function fields(c: Context<MistoEnv>): Promise<Record<string, string>> {
  const form = await c.req.formData();
  const found: Record<string, string> = {};
  for (const [name, value] of form) if (typeof value === 'string') found[name] = value.trim();
  return found;
}

export function pageOf(c: Context<MistoEnv>): number {
  const page = Number.parseInt(c.req.query('page') ?? '1', 10);
  return Number.isFinite(page) && page > 0 ? Math.min(page, 10_000) : 1;
}
