import { Refusal } from '#platform/errors.ts';
import { countInWork } from '#platform/http/counting.ts';
import { isAmong } from '#platform/http/network.ts';
import type { Work } from '#platform/work.ts';
import type { CitySettings, IntakeLimits } from './city-data.ts';
import { text } from './messages.ts';
import type { NewReporter } from './requests.ts';
import { blindEmail, blindPhone } from './sealing.ts';

/** What one may send in where the city has not said otherwise. */
export const intakeLimits: IntakeLimits = { anonymousPerHour: 10, contactPerDay: 20, sharedAddresses: [] };

/** Where a report comes from that the public sends by itself; nobody else's is counted. */
export interface CountedIntake {
  /** Network of the visitor; null: a program with a key, which has a limit of its own, or this machine. */
  readonly network: string | null;
}

interface Counted {
  readonly by: LimitedBy;
  readonly name: string;
  readonly count: number;
  readonly seconds: number;
  readonly who: string;
}

/** What was counted: an account is that of whoever has signed in. */
export type LimitedBy = 'network' | 'contact' | 'account';

/** Code of the refusal; its detail has `retryAfter` in seconds and `by`. */
export const overIntakeLimit = 'intake-limit';

/**
 * Counts a report against the limits of who sends it, in the transaction of the report. Whoever has signed in or shown a code
 * from the address is counted by that alone, so strangers who type the same contact or share the network stop nobody; staff are
 * not counted at all.
 *
 * @returns the refusal when it is one too many: the caller decides whether to throw it.
 */
export async function countIntake(
  work: Work,
  settings: CitySettings,
  { network }: CountedIntake,
  reporter: NewReporter,
): Promise<Refusal | null> {
  let over: Refusal | null = null;
  for (const { by, who, ...limit } of countedOf(work, settings, network, reporter)) {
    const retryAfter = await countInWork(work, limit, who);
    if (retryAfter === null || over) continue;
    const message = text(reporter.language).limits[by](limit.count, settings.phone);
    over = new Refusal(429, overIntakeLimit, message, { retryAfter, by });
  }
  return over;
}

/** Takes the count back: the report turned out to be a repeat of one that is stored. */
export async function uncountIntake(
  work: Work,
  settings: CitySettings,
  { network }: CountedIntake,
  reporter: NewReporter,
): Promise<void> {
  for (const { who, ...limit } of countedOf(work, settings, network, reporter))
    await countInWork(work, limit, who, -1);
}

/** Always in the same order. Contacts are counted by their blind index. */
function countedOf(
  work: Work,
  settings: CitySettings,
  network: string | null,
  { person, phone, email, confirmed }: NewReporter,
): Counted[] {
  const limits = { ...intakeLimits, ...settings.intakeLimits };
  const contact = (who: string, by: LimitedBy = 'contact'): Counted => ({
    by,
    name: 'intake-contact',
    count: limits.contactPerDay,
    seconds: 86_400,
    who,
  });
  if (work.actor.kind === 'staff') return [];
  if (person) return [contact(`person ${person}`, 'account')];
  if (email && confirmed) return [contact(`shown ${blindEmail(work.secrets, email)}`)];
  const anonymous: Counted[] =
    network === null || isAmong(limits.sharedAddresses, network)
      ? []
      : [
          {
            by: 'network',
            name: 'intake-network',
            count: limits.anonymousPerHour,
            seconds: 3_600,
            who: network,
          },
        ];
  return [
    ...anonymous,
    ...(phone ? [contact(`phone ${blindPhone(work.secrets, phone)}`)] : []),
    ...(email ? [contact(`email ${blindEmail(work.secrets, email)}`)] : []),
  ];
}
