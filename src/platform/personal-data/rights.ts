import { sql } from 'drizzle-orm';
import { mustBeAble } from '../access/index.ts';
import { audit } from '../audit/append.ts';
import { recordRead, viewersOf } from '../audit/reads.ts';
import { Conflict, NotFound } from '../errors.ts';
import { emit } from '../events/outbox.ts';
import { accessChanged } from '../events/stream.ts';
import { eraseFilesOf, filesOfPerson } from '../files/rights.ts';
import { contactsOf } from '../identity/persons.ts';
import { secretsOf } from '../identity/secrets.ts';
import { inboxOf } from '../notify/index.ts';
import type { Platform } from '../system.ts';
import type { Actor } from '../work.ts';
import { destroyKey } from './seal.ts';

/** Permission to prepare and to approve erasures; the two are done by two people. */
export const erasePeople = 'platform:erase';

/** Everything the city holds about a person, as plain JSON: the platform's part and each system's. */
export async function exportPerson(
  platform: Platform,
  actor: Actor,
  personId: string,
): Promise<Record<string, unknown>> {
  const secrets = secretsOf(platform.config);
  const viewers = await viewersOf(platform, personId, { limit: 500 });
  return platform.work(actor, async (work) => {
    if (actor.id !== personId) {
      mustBeAble(actor, erasePeople);
      await recordRead(work, [personId], {
        resource: `person:${personId}`,
        purpose: 'Answer to a request for one’s own data (2297-VI, art. 16)',
      });
    }
    const { rows } = await work.tx.execute<{ language: string; name: string | null; created_at: string }>(
      sql`select language, name, created_at from person where id = ${personId}`,
    );
    const person = rows[0];
    if (!person) throw new NotFound('person');
    const systems: Record<string, unknown> = {};
    for (const system of platform.systems)
      if (system.export) systems[system.name] = await system.export(work, personId);
    await audit(work, {
      action: 'personal-data:export',
      resource: `person:${personId}`,
      subjects: [personId],
    });
    return {
      exportedAt: work.clock.now().toISOString(),
      person: {
        id: personId,
        language: person.language,
        name: person.name && secrets.decrypt(person.name, { table: 'person', column: 'name', row: personId }),
        createdAt: new Date(person.created_at).toISOString(),
        contacts: await contactsOf(work, secrets, personId),
      },
      messages: await inboxOf(work.tx, personId, { limit: 100 }),
      files: await filesOfPerson(work.tx, personId),
      whoReadMyData: viewers,
      ...systems,
    };
  });
}

/** Opens an erasure for someone else to approve. @returns its id. @throws Conflict when one is open. */
export async function prepareErasure(
  platform: Platform,
  actor: Actor,
  personId: string,
  reason: string,
): Promise<string> {
  return platform.work(actor, async (work) => {
    mustBeAble(actor, erasePeople);
    const { rows } = await work.tx.execute<{ id: string }>(
      sql`insert into erasure (person_id, reason, prepared_by, prepared_at)
          values (${personId}, ${reason}, ${actor.id}, ${work.clock.now().toISOString()})
          on conflict (person_id) where done_at is null do nothing returning id`,
    );
    if (!rows[0]) throw new Conflict('erasure-open', 'an erasure of this person waits for approval');
    await audit(work, {
      action: 'personal-data:prepare-erasure',
      resource: `erasure:${rows[0].id}`,
      subjects: [personId],
    });
    return rows[0].id;
  });
}

/**
 * Carries out an erasure that another person prepared: every system removes its part, the platform its own, and the
 * person's key is destroyed.
 *
 * @returns what stays, and why.
 * @throws Conflict when the approver is the one who prepared it.
 */
export async function approveErasure(
  platform: Platform,
  actor: Actor,
  erasureId: string,
): Promise<readonly string[]> {
  return platform.work(actor, async (work) => {
    mustBeAble(actor, erasePeople);
    const { rows } = await work.tx.execute<{ person_id: string; prepared_by: string }>(
      sql`select person_id, prepared_by from erasure where id = ${erasureId} and done_at is null for update`,
    );
    const erasure = rows[0];
    if (!erasure) throw new NotFound('erasure');
    if (erasure.prepared_by === actor.id)
      throw new Conflict('four-eyes', 'whoever prepared an erasure cannot approve it');
    const personId = erasure.person_id;
    const kept: string[] = [];
    for (const system of platform.systems)
      if (system.erase) kept.push(...(await system.erase(work, personId)).kept);
    await eraseFilesOf(work, personId, platform.systems);
    const now = work.clock.now().toISOString();
    const { rowCount: legal } = await work.tx.execute(
      sql`select from message where person_id = ${personId} and weight = 'legal' limit 1`,
    );
    if (legal) kept.push('Legal notices and the evidence of their delivery: terms of appeal run from them');
    await work.tx.execute(
      sql`delete from delivery_attempt where delivery_id in (
            select d.id from delivery d join message m on m.id = d.message_id
            where m.person_id = ${personId} and m.weight <> 'legal')`,
    );
    await work.tx.execute(
      sql`delete from delivery where message_id in (
            select id from message where person_id = ${personId} and weight <> 'legal')`,
    );
    await work.tx.execute(sql`delete from message where person_id = ${personId} and weight <> 'legal'`);
    await work.tx.execute(sql`delete from notification_preference where person_id = ${personId}`);
    await work.tx.execute(sql`delete from session where person_id = ${personId}`);
    await work.tx.execute(sql`delete from person_contact where person_id = ${personId}`);
    await work.tx.execute(
      sql`update person set name = null, assurance = 0, erased_at = ${now} where id = ${personId}`,
    );
    await destroyKey(work, personId);
    kept.push('The audit log, under a blind id: the law asks to prove who acted on personal data');
    const list = sql.join(
      kept.map((one) => sql`${one}`),
      sql`, `,
    );
    await work.tx.execute(
      sql`update erasure set approved_by = ${actor.id}, done_at = ${now}, kept = array[${list}]::text[] where id = ${erasureId}`,
    );
    await audit(work, {
      action: 'personal-data:erase',
      resource: `erasure:${erasureId}`,
      subjects: [personId],
      detail: { kept: kept.length },
    });
    await emit(work, accessChanged, { person: personId });
    return kept;
  });
}
