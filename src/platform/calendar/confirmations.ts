import { sql } from 'drizzle-orm';
import { mustBeAble } from '../access/index.ts';
import { audit } from '../audit/append.ts';
import { Refusal } from '../errors.ts';
import type { Platform } from '../system.ts';
import type { Work } from '../work.ts';
import { type LegalTerm, type LegalTermCode, legalTerms } from './legal-terms.ts';

/** Who may say that terms of law are right. */
export const confirmLaw = 'platform:confirm-law';

/** A term with the word of the city's lawyer on it, if there is one. */
export interface TermState {
  readonly code: LegalTermCode;
  readonly term: LegalTerm;
  /** Confirmed in the law's own words, or by a lawyer for exactly this value. */
  readonly confirmed: boolean;
  readonly by: { readonly lawyer: string; readonly document: string; readonly at: Date } | null;
}

/** Every term of law, in the order of the list. */
export async function termStates(platform: Pick<Platform, 'db'>): Promise<readonly TermState[]> {
  const { rows } = await platform.db.execute<{
    code: string;
    value: unknown;
    lawyer: string;
    document: string;
    confirmed_at: string;
  }>(
    sql`select code, value, lawyer, document, confirmed_at from legal_confirmation order by confirmed_at, id`,
  );
  return (Object.entries(legalTerms) as [LegalTermCode, LegalTerm][]).map(([code, term]) => {
    // The last word that was said of this very value; of another value it says nothing.
    const word = rows.findLast((row) => row.code === code && same(row.value, heldValue(term)));
    return {
      code,
      term,
      confirmed: term.confirmed || word !== undefined,
      by: word ? { lawyer: word.lawyer, document: word.document, at: new Date(word.confirmed_at) } : null,
    };
  });
}

/** A named lawyer confirms a term as it stands now. */
export async function confirmTerm(
  work: Work,
  input: { readonly code: LegalTermCode; readonly lawyer: string; readonly document: string },
): Promise<void> {
  mustBeAble(work.actor, confirmLaw);
  const value = JSON.stringify(heldValue(legalTerms[input.code]));
  await work.tx.execute(
    sql`insert into legal_confirmation (code, value, lawyer, document, confirmed_by, confirmed_at)
        values (${input.code}, ${value}::jsonb, ${input.lawyer}, ${input.document}, ${work.actor.id},
                ${work.clock.now().toISOString()})`,
  );
  await audit(work, {
    action: 'platform:confirm-law',
    resource: `legal-term:${input.code}`,
    detail: { value: heldValue(legalTerms[input.code]), document: input.document },
  });
}

/**
 * The gate before a service that counts by terms of law: in production it stays shut while one of them is only our reading.
 *
 * @throws Refusal 503 `unconfirmed-law`.
 */
export async function mustBeConfirmed(platform: Platform, codes: readonly LegalTermCode[]): Promise<void> {
  if (platform.config.mode !== 'production') return;
  const open = await termStates(platform);
  for (const { code, confirmed } of open)
    if (codes.includes(code)) refuseUnconfirmed(platform, code, confirmed);
}

/** The same gate for terms that a system keeps as its own data. @throws Refusal 503 `unconfirmed-law`. */
export function refuseUnconfirmed(
  platform: Pick<Platform, 'config'>,
  code: string,
  confirmed: boolean,
): void {
  if (platform.config.mode === 'production' && !confirmed)
    throw new Refusal(503, 'unconfirmed-law', `a lawyer of the city has yet to confirm the term ${code}`);
}

function heldValue({ amount, unit, start, end, hours, reference }: LegalTerm): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries({ amount, unit, start, end, hours, reference }).filter(([, value]) => value !== undefined),
  );
}

function same(a: unknown, b: unknown): boolean {
  const sorted = (value: unknown) =>
    JSON.stringify(Object.entries(value as object).sort(([left], [right]) => (left < right ? -1 : 1)));
  return sorted(a) === sorted(b);
}
