import { Refusal } from '#platform/errors.ts';

/** A page as an address names it, counted from one; the first where none is named. @throws Refusal 409 for what is no page */
export function readPageNumber(given: string | undefined): number {
  if (given === undefined || given === '') return 1;
  if (!/^[1-9]\d{0,8}$/.test(given))
    throw new Refusal(409, 'invalid', 'page: must be a whole number, counted from one');
  return Number(given);
}
