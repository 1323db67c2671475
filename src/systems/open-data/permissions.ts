import { can } from '#platform/access/index.ts';
import type { RoleDefinition } from '#platform/system.ts';
import type { Actor } from '#platform/work.ts';

const system = 'open-data';

/** `administer` is the officer's, over the whole portal; the others are held within an organisation or a theme. */
export type Act = 'read_private' | 'write' | 'publish' | 'members' | 'administer';

/** A single act of this system in the platform's form. */
export const permission = (act: Act) => `${system}:${act}`;

/** What a member of an organisation or theme may, in the words of CKAN. */
export type Capacity = 'member' | 'editor' | 'admin';

const actsOf: Readonly<Record<Capacity, readonly Act[]>> = {
  member: ['read_private'],
  editor: ['read_private', 'write'],
  admin: ['read_private', 'write', 'publish', 'members'],
};
export const capacities = Object.keys(actsOf) as readonly Capacity[];
const everything: readonly Act[] = ['read_private', 'write', 'publish', 'members', 'administer'];

/** `open-data.editor`: how a role is called where those of all systems meet. */
export function roleName(role: Capacity | 'officer'): string {
  return `${system}.${role}`;
}

/** The capacity behind a role's name; null: the role is another one. */
export function capacityOf(role: string): Capacity | null {
  return capacities.find((capacity) => roleName(capacity) === role) ?? null;
}

export const roleDefinitions: readonly RoleDefinition[] = [
  {
    name: roleName('member'),
    title: { uk: 'Читач неоприлюднених наборів', en: 'Reader of private datasets' },
    permissions: actsOf.member.map(permission),
  },
  {
    name: roleName('editor'),
    title: { uk: 'Публікатор даних', en: 'Data publisher' },
    permissions: actsOf.editor.map(permission),
  },
  {
    name: roleName('admin'),
    title: { uk: 'Відповідальна особа підрозділу за дані', en: 'Data officer of a unit' },
    permissions: actsOf.admin.map(permission),
  },
  {
    name: roleName('officer'),
    title: { uk: 'Відповідальна особа міста за відкриті дані', en: 'Open-data officer of the city' },
    permissions: everything.map(permission),
  },
];

export const permissions: readonly string[] = everything.map(permission);

/** How far a token may go, whoever holds it. */
export type TokenScope = 'read' | 'write' | 'publish' | 'admin';
export const tokenScopes: readonly TokenScope[] = ['read', 'write', 'publish', 'admin'];

/** What each scope of a token lets through of its person's permissions. */
export const allowedBy: Readonly<Record<TokenScope, readonly Act[]>> = {
  read: ['read_private'],
  write: ['read_private', 'write'],
  publish: ['read_private', 'write', 'publish'],
  admin: everything,
};

/** The scope of grants within a theme. */
export const branchOf = (group: string) => `open-data.group:${group}`;

export function isOfficer(actor: Actor): boolean {
  return can(actor, permission('administer'));
}

/** Whether the actor may do the act in an organisation, given by the code of its unit; null: a dataset without one. */
export function canIn(actor: Actor, act: Act, unit: string | null): boolean {
  return isOfficer(actor) || (unit !== null && can(actor, permission(act), { organisation: unit }));
}

export function canInGroup(actor: Actor, act: Act, group: string): boolean {
  return isOfficer(actor) || can(actor, permission(act), { branches: [branchOf(group)] });
}

/** Whether the actor holds the permission in any organisation. */
export function canAnywhere(actor: Actor, act: Act): boolean {
  return (
    isOfficer(actor) ||
    actor.grants.some((grant) => grant.permissions.has(permission(act)) && grant.branch === null)
  );
}
