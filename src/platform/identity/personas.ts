import { sql } from 'drizzle-orm';
import { grantRole } from '../access/grants.ts';
import { permissionsByRole, platformPersonas } from '../access/roles.ts';
import { NotFound } from '../errors.ts';
import type { Persona, Platform } from '../system.ts';
import { type Actor, systemActor, type Work } from '../work.ts';
import { noPassword } from './passwords.ts';
import { createPerson } from './persons.ts';
import { secretsOf } from './secrets.ts';

/** The people who can be signed in with one click, the first of each name. */
export function personasOf(platform: Platform): readonly Persona[] {
  const found = new Map<string, Persona>();
  for (const persona of [...platform.systems.flatMap((system) => system.personas ?? []), ...platformPersonas])
    if (!found.has(persona.name)) found.set(persona.name, persona);
  return [...found.values()];
}

/** The person behind a persona, made with account and grants when first asked for. @returns the id. */
export async function personaPerson(work: Work, platform: Platform, name: string): Promise<string> {
  const persona = personasOf(platform).find((known) => known.name === name);
  if (!persona) throw new NotFound('persona');
  const handle = `demo:${name}`;
  await work.tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${handle}, 11))`);
  const { rows } = await work.tx.execute<{ id: string }>(sql`select id from person where handle = ${handle}`);
  if (rows[0]) return rows[0].id;
  const made: Work = { ...work, actor: systemActor('demo') };
  const id = await createPerson(made, secretsOf(platform.config), {
    name: persona.personName,
    handle,
    assurance: 2,
  });
  if (persona.roles.length === 0) return id;
  await work.tx.execute(
    sql`insert into staff_account (person_id, login, post, organisation, password, created_at)
        values (${id}, ${`demo-${name}`}, ${persona.title.uk}, ${persona.organisation ?? null}, ${noPassword},
                ${work.clock.now().toISOString()})`,
  );
  for (const role of persona.roles) await grantRole(made, { personId: id, ...role, reason: 'demonstration' });
  return id;
}

/** The persona as an actor, for filling the demo city through the functions that people's clicks call. */
export async function personaActor(platform: Platform, name: string): Promise<Actor> {
  const persona = personasOf(platform).find((known) => known.name === name);
  if (!persona) throw new NotFound('persona');
  const id = await platform.work(systemActor('demo'), (work) => personaPerson(work, platform, name));
  const isStaff = persona.roles.length > 0;
  const permissions = permissionsByRole(platform);
  return {
    kind: isStaff ? 'staff' : 'person',
    id,
    name: isStaff ? persona.title.uk : 'мешканець',
    organisation: persona.organisation ?? null,
    grants: persona.roles.map((held) => ({
      role: held.role,
      organisation: held.organisation ?? null,
      district: held.district ?? null,
      branch: null,
      permissions: permissions.get(held.role) ?? new Set<string>(),
    })),
    assurance: 2,
  };
}
