import { hidden, mask } from '../publication.ts';
import type { HistoryMove } from '../states.ts';
import type { kindText } from './text.ts';

/** Words of these moves are read by colleagues alone. */
export const forColleagues: ReadonlySet<HistoryMove> = new Set(['assign', 'return']);

/** `{name}`, `{{name}}`, `%name%`, `<name>`: marks of other programs. */
const variable = /\{\{?[^{}]{0,60}\}?\}|%[\p{L}_]{1,40}%|<[\p{L}/][^<>]{0,60}>/u;

/**
 * What is wrong with ready words before anybody has sent them: longer than `longest`, a mark that nothing fills in, or something
 * that the city would black out as personal data, such as the telephone of a dispatcher.
 */
export function wordFaults(text: string, t: ReturnType<typeof kindText>, longest: number): string[] {
  const mark = variable.exec(text)?.[0];
  return [
    ...([...text].length > longest ? [t.tooLong(longest)] : []),
    ...(mark ? [t.variable(mark)] : []),
    ...(mask(text).includes(hidden) && !text.includes(hidden) ? [t.hides(mask(text))] : []),
  ];
}
