import { Conflict, type FieldFault, Forbidden, Invalid } from '#platform/errors.ts';

/** What became of an act that a form asked for. */
export type Outcome<T> =
  | { readonly kind: 'done'; readonly result: T }
  | { readonly kind: 'faults'; readonly faults: readonly FieldFault[] }
  /** Somebody was quicker, or it may not be done: the page says so and shows how things stand. */
  | { readonly kind: 'refused'; readonly code: string };

/** Runs an act; refusals that its page can explain come back as values, everything else is thrown on. */
export async function outcomeOf<T>(act: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { kind: 'done', result: await act() };
  } catch (error) {
    if (error instanceof Invalid) return { kind: 'faults', faults: error.faults };
    if (error instanceof Conflict) return { kind: 'refused', code: error.code };
    if (error instanceof Forbidden) return { kind: 'refused', code: 'forbidden' };
    throw error;
  }
}
