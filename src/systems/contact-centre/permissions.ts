import type { RoleDefinition } from '#platform/system.ts';
import { emergencyRole } from '#platform/work.ts';
import { type MoveRow, moves, permissionOf, type Role } from './states.ts';

const system = 'contact-centre';

/** The single act that an act of this system needs, in the platform's form. */
export const permission = (act: string) => `${system}:${act}`;

/** Acts that are not moves of a request. */
const others: Readonly<Record<string, readonly Role[]>> = {
  register_for_other: ['operator', 'supervisor'],
  log_contact: ['operator', 'supervisor'],
  read_desk: ['operator', 'dispatcher', 'crew', 'controller', 'supervisor', 'moderator', 'administrator'],
  read_private: ['operator', 'dispatcher', 'crew', 'controller', 'supervisor', 'moderator'],
  read_contacts: ['operator', 'dispatcher', 'crew', 'controller', 'supervisor'],
  view_original: ['moderator', 'controller'],
  note: ['operator', 'dispatcher', 'crew', 'controller', 'supervisor'],
  call_back: ['controller'],
  split_off: ['controller'],
  extend: ['supervisor'],
  answer_appeal: ['dispatcher'],
  approve_plan: ['supervisor'],
  pause: ['dispatcher', 'crew', 'supervisor'],
  crew_link: ['dispatcher'],
  publish: ['moderator'],
  rule_write: ['supervisor', 'administrator'],
  rule_publish: ['supervisor', 'administrator'],
  data_write: ['administrator'],
  export_personal: ['supervisor'],
  legal_hold: ['supervisor'],
  see_load: ['supervisor', 'administrator'],
};

const staff: readonly { name: Role; title: { uk: string; en: string } }[] = [
  { name: 'operator', title: { uk: 'Оператор контакт-центру', en: 'Contact centre operator' } },
  { name: 'dispatcher', title: { uk: 'Диспетчер підприємства', en: 'Enterprise dispatcher' } },
  { name: 'crew', title: { uk: 'Бригада', en: 'Crew' } },
  { name: 'controller', title: { uk: 'Контролер якості', en: 'Quality controller' } },
  { name: 'supervisor', title: { uk: 'Керівник зміни', en: 'Shift supervisor' } },
  { name: 'moderator', title: { uk: 'Модератор', en: 'Moderator' } },
  {
    name: 'administrator',
    title: { uk: 'Адміністратор контакт-центру', en: 'Contact centre administrator' },
  },
];

const rows: readonly MoveRow[] = moves;

function actsOf(role: Role): string[] {
  const fromMoves = rows.filter((row) => row.who.includes(role)).map(permissionOf);
  const rest = Object.keys(others).filter((act) => others[act]!.includes(role));
  return [...new Set([...fromMoves, ...rest])].map(permission);
}

/** The usual bundles, read off the table of moves; their names are prefixed, so that systems do not collide. */
export const roleDefinitions: readonly RoleDefinition[] = [
  ...staff.map(({ name, title }) => ({ name: roleName(name), title, permissions: actsOf(name) })),
  // Reading alone: in an emergency one sees another enterprise's request and whom to call, and changes nothing.
  {
    name: emergencyRole,
    title: { uk: 'Екстрений доступ', en: 'Emergency access' },
    permissions: ['read_desk', 'read_private', 'read_contacts'].map(permission),
  },
];

export const permissions: readonly string[] = [
  ...new Set(roleDefinitions.flatMap((role) => role.permissions)),
];

/** `contact-centre.operator`: how a role is called where those of all systems meet. */
export function roleName(role: Role): string {
  return `${system}.${role}`;
}
