import type { Context } from 'hono';
import { Conflict, type FieldFault, Forbidden, Invalid, Refusal } from '#platform/errors.ts';
import type { MistoEnv } from '#platform/system.ts';
import { Badge, Notice } from '#ui/index.ts';
import { type Here, here } from '../kit.tsx';
import { type DeskText, deskText } from './text.ts';

/** What every desk needs at hand. */
export interface DeskHere extends Here {
  readonly words: DeskText;
}

export function deskHere(c: Context<MistoEnv>): DeskHere {
  const at = here(c);
  return { ...at, words: deskText(at.language) };
}

const minute = 60_000;

/** How long there is, in the largest unit that tells enough: «2 дні», «3 год», «прострочено на 40 хв». */
export function timeLeft(words: DeskText, milliseconds: number | null): string {
  if (milliseconds === null) return words.left.none;
  const minutes = Math.floor(Math.abs(milliseconds) / minute);
  const span =
    minutes >= 2 * 24 * 60
      ? words.left.days(Math.floor(minutes / (24 * 60)))
      : minutes >= 60
        ? words.left.hours(Math.floor(minutes / 60))
        : words.left.minutes(minutes);
  return milliseconds < 0 ? words.left.late(span) : span;
}

/** A due date as desks show it: what is left in words, red when nothing is, the date itself beside it. */
export function Due(props: { at: DeskHere; due: Date | null; now: Date }) {
  const { at, due, now } = props;
  if (!due) return <span class="muted">{at.words.left.none}</span>;
  const left = due.getTime() - now.getTime();
  return (
    <>
      {left < 0 ? (
        <Badge tone="danger" icon="alert">
          {timeLeft(at.words, left)}
        </Badge>
      ) : (
        timeLeft(at.words, left)
      )}{' '}
      <time class="muted" dateTime={due.toISOString()}>
        {at.time(due)}
      </time>
    </>
  );
}

/** Why an act was not done, in words; null for what is no refusal of the domain. */
export function refusalOf(
  error: unknown,
): { code: string; detail: Readonly<Record<string, unknown>> } | null {
  if (error instanceof Forbidden) return { code: 'forbidden', detail: {} };
  if (error instanceof Conflict) return { code: error.code, detail: error.detail };
  return null;
}

export const refusalWords = (words: DeskText, code: string): string =>
  words.refused[code] ?? words.refused.other!;

/** The domain's faults in the person's words, under the names of the form's fields. */
export function faultWords(
  words: DeskText,
  faults: readonly FieldFault[],
  fieldOf: (field: string) => string,
): FieldFault[] {
  return faults.map(({ field, message }) => ({
    field: fieldOf(field),
    message:
      message === 'is needed'
        ? (words.faults.needed[field] ?? words.faults.fill)
        : field === 'date'
          ? words.faults.future
          : field === 'master'
            ? words.faults.master
            : field === 'grade'
              ? words.faults.grade
              : field === 'organisation'
                ? words.faults.needed.organisation!
                : message,
  }));
}

/** Runs an act and tells its outcome apart: done, faults of the form, or a refusal that the page can explain. */
export async function tryAct<T>(
  run: () => Promise<T>,
): Promise<
  | { kind: 'done'; result: T }
  | { kind: 'faults'; faults: readonly FieldFault[] }
  | { kind: 'refused'; code: string; detail: Readonly<Record<string, unknown>> }
> {
  try {
    return { kind: 'done', result: await run() };
  } catch (error) {
    if (error instanceof Invalid) return { kind: 'faults', faults: error.faults };
    const refusal = error instanceof Refusal ? refusalOf(error) : null;
    if (refusal) return { kind: 'refused', ...refusal };
    throw error;
  }
}

/** After an act. */
export function Done(props: { children: string }) {
  return (
    <Notice tone="good" live>
      <p>{props.children}</p>
    </Notice>
  );
}
