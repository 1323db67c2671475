import { type Mail, type Mailer, MailRefused } from './mailer.ts';

const failuresBeforeOpen = 3;
/** Milliseconds in which nothing is tried. */
const open = 30_000;

/** The mail server has just failed several times: nobody waits for it now. The letter may be tried again later. */
export class MailAway extends Error {
  override name = 'MailAway';
  readonly code = 'EMAILAWAY';
}

/**
 * Keeps people from waiting for a mail server that does not answer: after three failures in a row letters fail at once for half
 * a minute, then one is let through to see. A refused letter is an answer, and no failure.
 *
 * @param now milliseconds that only grow.
 */
export function withBreaker(mailer: Mailer, now: () => number = () => performance.now()): Mailer {
  let failures = 0;
  let closedUntil = Number.NEGATIVE_INFINITY;
  return {
    async send(mail: Mail) {
      if (now() < closedUntil) throw new MailAway('the mail server has failed several times in a row');
      // While one letter looks whether the server is back, the others go on failing at once.
      if (failures >= failuresBeforeOpen) closedUntil = now() + open;
      try {
        await mailer.send(mail);
      } catch (error) {
        if (error instanceof MailRefused) {
          failures = 0;
          closedUntil = Number.NEGATIVE_INFINITY;
        } else {
          failures += 1;
          if (failures >= failuresBeforeOpen) closedUntil = now() + open;
        }
        throw error;
      }
      failures = 0;
      closedUntil = Number.NEGATIVE_INFINITY;
    },
  };
}
