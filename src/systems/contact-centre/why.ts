import { sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import { type Language, messages } from '#platform/i18n/index.ts';
import { readCity } from './city.ts';
import { placesOf } from './known-places.ts';
import { showNumber } from './number.ts';
import { type Decision, wordsOf } from './routing.ts';

/** Why an assignment was made: by rules, by a person with a reason for colleagues, or split off from another request. */
type Ground = Partial<Decision> & {
  readonly reason?: string | null;
  readonly by?: string;
  readonly splitFrom?: string;
};

interface Standing extends Record<string, unknown> {
  readonly organisation: string | null;
  /** Of the newest assignment that was decided; a reopened request goes on with the one before. */
  readonly decided: { readonly organisation: string; readonly ground: Ground } | null;
  /** Who gave the request back, when nobody has it since. */
  readonly returned_by: string | null;
  /** Of the rules, when nobody has had it yet. */
  readonly first: Decision | null;
}

/**
 * Why the executor is who it is now, in words: the newest decision, or why nobody has the request.
 *
 * @param asStaff also tells the reason that a colleague wrote down.
 * @returns null where no decision is known.
 */
export async function whyOf(
  reader: Reader,
  number: string,
  language: Language,
  asStaff = false,
): Promise<string | null> {
  const { rows } = await reader.execute<Standing>(sql`select r.organisation,
      (select jsonb_build_object('organisation', a.organisation, 'ground', a.decision) from cc_assignment a
        where a.request = r.number and a.role = 'main' and not a.decision ? 'reopened'
        order by a.opened_at desc, a.id desc limit 1) as decided,
      (select a.organisation from cc_assignment a where a.request = r.number and a.role = 'main' and a.outcome = 'returned'
        and r.organisation is null order by a.closed_at desc, a.id desc limit 1) as returned_by,
      (select h.data->'decision' from cc_history h where h.request = r.number and h.move in ('route', 'leave_to_triage')
        order by h.seq limit 1) as first
    from cc_request r where r.number = ${number}`);
  const standing = rows[0];
  if (!standing) return null;
  const city = await readCity(reader);
  const names = { ...city, ...city.known };
  const t = words(language);
  const organisation = (id: string) => names.organisations.get(id)?.name[language] ?? id;
  if (standing.organisation === null && standing.returned_by)
    return t.returned(organisation(standing.returned_by));
  const { decided, first } = standing;
  const told = async (decision: Decision) =>
    wordsOf(decision, { ...names, ...(await placesOf(reader, decision)) }, language);
  if (standing.organisation === null || !decided) return first ? told(first) : null;
  const { ground } = decided;
  if (ground.tested) return told(ground as Decision);
  const who = organisation(decided.organisation);
  if (ground.splitFrom) return t.split(who, showNumber(ground.splitFrom));
  return t.person(who, ground.by ?? '', asStaff ? (ground.reason ?? '') : '');
}

const words = messages(
  {
    returned: (who: string) => `${who} повертає заявку, виконавця обирає оператор`,
    split: (who: string, number: string) => `${who}, бо виконує заявку ${number}, від якої відокремлено цю`,
    person: (who: string, post: string, reason: string) =>
      `${who}: виконавця обирає людина${post ? ` (${post})` : ''}${reason ? `; причина: ${reason}` : ''}`,
  },
  {
    en: {
      returned: (who) => `${who} gives the request back, an operator chooses who does it`,
      split: (who, number) => `${who}, which does request ${number} that this one was split from`,
      person: (who, post, reason) =>
        `${who}: chosen by a person${post ? ` (${post})` : ''}${reason ? `; reason: ${reason}` : ''}`,
    },
  },
);
