import { sql } from 'drizzle-orm';
import { audit } from '../audit/append.ts';
import type { Platform } from '../system.ts';
import { systemActor } from '../work.ts';
import type { Certificate } from './certificate.ts';
import { eraseEverything } from './erase.ts';

/**
 * After an old backup was restored: does each erasure again that the certificates tell of and the database does not know
 * or has forgotten. What was done already is left alone, so it may be called twice.
 *
 * @param certificates checked ones (`readCertificate`).
 * @returns how many were done again.
 */
export async function eraseAgain(platform: Platform, certificates: readonly Certificate[]): Promise<number> {
  let done = 0;
  for (const certificate of certificates)
    done += await platform.work(systemActor('restore'), async (work) => {
      const { person, erasure } = certificate;
      const { rows } = await work.tx.execute<{ erased: boolean; known: boolean }>(
        sql`select coalesce((select erased_at is not null from person where id = ${person}), true) as erased,
                   exists (select from erasure where id = ${erasure} and done_at is not null) as known`,
      );
      if (rows[0]!.erased && rows[0]!.known) return 0;
      const outcome = await eraseEverything(work, platform.systems, person);
      // Who prepared and approved is told by post alone: their ids are not in the certificate.
      await work.tx.execute(
        sql`insert into erasure (id, person_id, asked_at, prepared_post, approved_post, done_at, again_at, outcome, certificate)
            values (${erasure}, ${person}, ${certificate.askedAt}, ${certificate.preparedBy}, ${certificate.approvedBy},
                    ${certificate.erasedAt}, ${work.clock.now().toISOString()}, ${JSON.stringify(outcome)}::jsonb, ${JSON.stringify(certificate)}::jsonb)
            on conflict (id) do update set done_at = excluded.done_at, again_at = excluded.again_at, outcome = excluded.outcome,
              certificate = excluded.certificate`,
      );
      await audit(work, {
        action: 'personal-data:erase-again',
        resource: `erasure:${erasure}`,
        subjects: [person],
      });
      return 1;
    });
  return done;
}
