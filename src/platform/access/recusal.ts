import { sql } from 'drizzle-orm';
import { audit } from '../audit/append.ts';
import { Conflict, NotFound } from '../errors.ts';
import { emit } from '../events/outbox.ts';
import { accessChanged } from '../events/stream.ts';
import { defineTemplate, notify } from '../notify/index.ts';
import type { Actor, Work } from '../work.ts';
import { holdersOf } from './holders.ts';
import { mustBeAble } from './index.ts';
import { leadUnit, unitHeadRole } from './roles.ts';

export interface Recusal {
  readonly id: string;
  readonly post: string;
  readonly resource: string;
  readonly kind: 'own' | 'declared' | 'challenged';
  readonly reason: string;
  readonly declaredAt: Date;
}

/**
 * Takes a member of staff off a case, off every case of a company, or off every case of a relative: from the next request on
 * they neither read nor act there. Whoever leads their unit is told, to hand it to another.
 *
 * @param input.personId oneself, or for whoever leads a unit one of its people.
 * @param input.resource `request:…`, `organisation:…` or `person:…`.
 * @throws Conflict when it is in force already.
 */
export async function recuse(
  work: Work,
  input: { readonly personId: string; readonly resource: string; readonly reason: string },
): Promise<void> {
  const { actor } = work;
  const isOwn = actor.id === input.personId;
  const post = await postOf(work, input.personId);
  if (!isOwn) mustBeAble(actor, leadUnit, { organisation: post.organisation });
  const id = await put(work, { ...input, kind: isOwn ? 'declared' : 'challenged' });
  if (!id) throw new Conflict('recused-already', 'this is in force already');
  const heads = await holdersOf(work.tx, unitHeadRole, post, work.clock.now());
  for (const person of heads.filter((head) => head !== input.personId))
    await notify(work, {
      to: { person },
      event: `recusal:${id}`,
      template: recused,
      variables: { post: post.post, resource: input.resource.replace(/^person:.*/, '–') },
      weight: 'service',
    });
}

/** A member of staff who reports something as a resident does not work on it. Nothing for everybody else. */
export async function recuseOwn(work: Work, personId: string): Promise<void> {
  const { rows } = await work.tx.execute(sql`select from staff_account where person_id = ${personId}`);
  if (rows.length > 0)
    await put(work, { personId, resource: `person:${personId}`, kind: 'own', reason: 'власна справа' });
}

/** Ends a recusal: whoever leads the unit, never the one it is about. */
export async function liftRecusal(work: Work, id: string): Promise<void> {
  const { rows } = await work.tx.execute<{ person_id: string; organisation: string | null }>(
    sql`select r.person_id, a.organisation from recusal r join staff_account a on a.person_id = r.person_id
        where r.id = ${id} and r.lifted_at is null and r.kind <> 'own' for update of r`,
  );
  const found = rows[0];
  if (!found) throw new NotFound('recusal');
  mustBeAble(work.actor, leadUnit, { organisation: found.organisation });
  if (found.person_id === work.actor.id) throw new Conflict('own-case', 'nobody lifts their own');
  await work.tx.execute(
    sql`update recusal set lifted_at = ${work.clock.now().toISOString()}, lifted_by = ${work.actor.id} where id = ${id}`,
  );
  await audit(work, {
    action: 'platform:lift-recusal',
    resource: `recusal:${id}`,
    subjects: [found.person_id],
  });
}

/** One's own recusals in force, newest first; for whoever leads units also those of their people. */
export async function recusals(work: Work): Promise<readonly Recusal[]> {
  const leads = work.actor.grants.filter((grant) => grant.permissions.has(leadUnit));
  const units = leads.map((grant) => grant.organisation);
  const seen = units.includes(null)
    ? sql`true`
    : sql`(r.person_id = ${work.actor.id} or a.organisation in (select jsonb_array_elements_text(${JSON.stringify(units)}::jsonb)))`;
  const { rows } = await work.tx.execute<Record<string, string>>(
    sql`select r.id, a.post, r.resource, r.kind, r.reason, r.declared_at from recusal r
        join staff_account a on a.person_id = r.person_id where r.lifted_at is null and ${seen}
        order by r.declared_at desc limit 200`,
  );
  return rows.map((row) => ({
    id: row.id!,
    post: row.post!,
    resource: row.resource!,
    kind: row.kind as Recusal['kind'],
    reason: row.reason!,
    declaredAt: new Date(row.declared_at!),
  }));
}

/** What the actor is off, of one kind: `recusedFrom(actor, 'organisation')` → codes. */
export function recusedFrom(actor: Actor, kind: 'request' | 'organisation' | 'person'): string[] {
  return (actor.recused ?? []).flatMap((resource) =>
    resource.startsWith(`${kind}:`) ? [resource.slice(kind.length + 1)] : [],
  );
}

const recused = defineTemplate<{ post: string; resource: string }>('platform.recused', 1, {
  uk: ({ post, resource }) => ({
    subject: `Відвід: ${post}`,
    lines: [
      `${post} більше не працює зі справою ${resource}. Передайте її іншій особі; підстава на сторінці відводів.`,
    ],
    href: '/desk/recusals',
  }),
  en: ({ post, resource }) => ({
    subject: `Recusal: ${post}`,
    lines: [
      `${post} no longer works on ${resource}. Hand it to another; the ground is on the page of recusals.`,
    ],
    href: '/desk/recusals',
  }),
});

async function put(
  work: Work,
  input: { personId: string; resource: string; kind: Recusal['kind']; reason: string },
): Promise<string | null> {
  const { rows } = await work.tx.execute<{ id: string }>(
    sql`insert into recusal (person_id, resource, kind, reason, declared_by, declared_at)
        values (${input.personId}, ${input.resource}, ${input.kind}, ${input.reason},
                ${work.actor.kind === 'staff' ? work.actor.id : null}, ${work.clock.now().toISOString()})
        on conflict (person_id, resource) where lifted_at is null do nothing returning id`,
  );
  const id = rows[0]?.id;
  if (!id) return null;
  await audit(work, {
    action: 'platform:recuse',
    resource: `recusal:${id}`,
    subjects: [input.personId],
    detail: { kind: input.kind },
  });
  await emit(work, accessChanged, { person: input.personId });
  return id;
}

async function postOf(work: Work, personId: string): Promise<{ post: string; organisation: string | null }> {
  const { rows } = await work.tx.execute<{ post: string; organisation: string | null }>(
    sql`select post, organisation from staff_account where person_id = ${personId}`,
  );
  if (!rows[0]) throw new NotFound('staff');
  return rows[0];
}
