import { createHash } from 'node:crypto';
import type { Actor } from '#platform/work.ts';
import type { HistoryMove, State } from './states.ts';

/** One entry of a request's life. Facts and masked words only: nothing in it has to be erased for a person's sake. */
export interface HistoryEntry {
  readonly request: string;
  readonly seq: number;
  readonly at: string;
  readonly move: HistoryMove;
  readonly from: State | null;
  readonly to: State;
  readonly actor: {
    readonly kind: Actor['kind'];
    readonly name: string;
    readonly organisation: string | null;
  };
  readonly data: Readonly<Record<string, unknown>>;
  readonly note: string | null;
  readonly prev: string | null;
}

/** SHA-256 over the entry with its keys in order: whoever changes an entry breaks every later one. */
export function entryHash(entry: HistoryEntry): string {
  return createHash('sha256').update(stable(entry)).digest('hex');
}

function stable(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stable).join(',')}]`;
  if (value && typeof value === 'object') {
    const fields = Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${stable(field)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/** The actor as history shows it: a post, never a resident's name. */
export function historyActor(actor: Actor): HistoryEntry['actor'] {
  return {
    kind: actor.kind,
    name: actor.kind === 'person' ? '' : actor.name,
    organisation: actor.organisation,
  };
}
