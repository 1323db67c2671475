import { sql } from 'drizzle-orm';
import { mustBeAble } from '../access/index.ts';
import { audit } from '../audit/append.ts';
import { recordRead, type Viewer, viewersOf } from '../audit/reads.ts';
import { NotFound } from '../errors.ts';
import { filesOfPerson } from '../files/rights.ts';
import { contactsOf } from '../identity/persons.ts';
import { secretsOf } from '../identity/secrets.ts';
import { sessionsOf } from '../identity/sessions.ts';
import { type InboxMessage, inboxOf } from '../notify/index.ts';
import type { Platform } from '../system.ts';
import type { Actor, Work } from '../work.ts';
import { erasePeople } from './erasure.ts';

/** Everything the city holds about a person, as plain JSON: the platform's part and each system's. */
export async function exportPerson(
  platform: Platform,
  actor: Actor,
  personId: string,
): Promise<Record<string, unknown>> {
  const secrets = secretsOf(platform.config);
  const viewers = await allViewers(platform, personId);
  return platform.work(actor, async (work) => {
    if (actor.id !== personId) {
      mustBeAble(actor, erasePeople);
      await recordRead(work, [personId], {
        resource: `person:${personId}`,
        purpose: 'Відповідь на вимогу надати власні дані (2297-VI, ст. 16)',
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
      messages: await allMessages(work, personId),
      files: await filesOfPerson(work.tx, personId),
      sessions: await sessionsOf(work, personId),
      wishes: await wishesOf(work, personId),
      whoReadMyData: viewers,
      ...systems,
    };
  });
}

async function allMessages(work: Work, personId: string): Promise<readonly InboxMessage[]> {
  const all: InboxMessage[] = [];
  for (;;) {
    const last = all.at(-1);
    const more = await inboxOf(work.tx, personId, { limit: 100, ...(last && { before: last.id }) });
    if (more.length === 0) return all;
    all.push(...more);
  }
}

async function allViewers(platform: Platform, personId: string): Promise<readonly Viewer[]> {
  const all: Viewer[] = [];
  for (;;) {
    const last = all.at(-1);
    const more = await viewersOf(platform, personId, { limit: 500, ...(last && { before: last.number }) });
    if (more.length === 0) return all;
    all.push(...more);
  }
}

async function wishesOf(work: Work, personId: string): Promise<Record<string, unknown>[]> {
  const { rows } = await work.tx.execute<Record<string, unknown>>(
    sql`select weight, channel, wanted, changed_at as "changedAt" from notification_preference
        where person_id = ${personId} order by weight, channel`,
  );
  return rows;
}
