import { confirmLaw } from '../calendar/confirmations.ts';
import { mendFailures } from '../failures/index.ts';
import { postLetters } from '../notify/letters.ts';
import { erasePeople } from '../personal-data/erasure.ts';
import type { MenuEntry, Persona, Platform, RoleDefinition } from '../system.ts';

/** Who may open staff accounts, give roles and block. */
export const managePeople = 'platform:people';

/** Who may open reading over the usual rights in an emergency (emergency.ts). */
export const breakGlass = 'platform:break-glass';
/** Who leads a unit and is told of what its people do in an emergency. */
export const leadUnit = 'platform:lead';

/** The role of whoever manages the staff of the city. */
export const administratorRole = 'administrator';

/** Answers for personal data. */
export const privacyOfficerRole = 'privacy-officer';
/** Leads a unit: an organisation, or all of them. */
export const unitHeadRole = 'unit-head';

const platformRoles: readonly RoleDefinition[] = [
  {
    name: administratorRole,
    title: { uk: 'Адміністратор', en: 'Administrator' },
    permissions: [managePeople, mendFailures],
  },
  {
    name: privacyOfficerRole,
    title: { uk: 'Відповідальна особа з персональних даних', en: 'Privacy officer' },
    permissions: [erasePeople],
  },
  {
    name: 'emergency-access',
    title: { uk: 'Право екстреного доступу', en: 'Right to emergency access' },
    permissions: [breakGlass],
  },
  {
    name: unitHeadRole,
    title: { uk: 'Керівник підрозділу', en: 'Head of a unit' },
    permissions: [leadUnit],
  },
  {
    name: 'lawyer',
    title: { uk: 'Юрист міста', en: 'Lawyer of the city' },
    permissions: [confirmLaw],
  },
  {
    name: 'letters',
    title: { uk: 'Канцелярія: листи поштою', en: 'Office for letters by post' },
    permissions: [postLetters],
  },
];

/** The roles of the platform and of every system; a system may add permissions to a role of another. */
export function rolesOf(platform: Platform): readonly RoleDefinition[] {
  return [...platformRoles, ...platform.systems.flatMap((system) => system.roles ?? [])];
}

/** What a role allows, by its name. */
export function permissionsByRole(platform: Platform): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const role of rolesOf(platform)) {
    const permissions = found.get(role.name) ?? new Set();
    for (const permission of role.permissions) permissions.add(permission);
    found.set(role.name, permissions);
  }
  return found;
}

export const platformDesk: readonly MenuEntry[] = [
  {
    title: { uk: 'Працівники й права', en: 'Staff and rights' },
    summary: { uk: 'Облікові записи, ролі та блокування', en: 'Accounts, roles and blocks' },
    href: '/desk/people',
    permission: managePeople,
  },
  {
    title: { uk: 'Листи', en: 'Letters' },
    summary: { uk: 'Надіслати поштою, зʼясувати долю', en: 'To be posted, or of unknown fate' },
    href: '/desk/letters',
    permission: postLetters,
  },
  {
    title: { uk: 'Збої', en: 'Failures' },
    summary: { uk: 'Роботи й події, які не вдалися', en: 'Jobs and events that failed' },
    href: '/desk/failures',
    permission: mendFailures,
  },
  {
    title: { uk: 'Персональні дані', en: 'Personal data' },
    summary: { uk: 'Прохання видалити дані', en: 'Wishes to have data erased' },
    href: '/desk/privacy',
    permission: erasePeople,
  },
  {
    title: { uk: 'Екстрений доступ', en: 'Emergency access' },
    summary: { uk: 'На годину, з причиною, з перевіркою', en: 'For an hour, with a reason and a review' },
    href: '/desk/emergency',
    permission: breakGlass,
  },
  {
    title: { uk: 'Відводи', en: 'Recusals' },
    summary: {
      uk: 'Справи, з якими не працює той, кого вони стосуються',
      en: 'Cases not worked on by whom they concern',
    },
    href: '/desk/recusals',
    permission: leadUnit,
  },
  {
    title: { uk: 'Строки закону', en: 'Terms of law' },
    summary: { uk: 'Що підтвердив юрист міста', en: 'What the lawyer of the city has confirmed' },
    href: '/desk/law',
    permission: confirmLaw,
  },
];

export const platformPersonas: readonly Persona[] = [
  {
    name: 'letters',
    title: { uk: 'Канцелярія', en: 'Office for letters' },
    personName: 'Віра Поштова',
    roles: [{ role: 'letters' }],
    home: '/desk/letters',
  },
  {
    name: 'administrator',
    title: { uk: 'Адміністраторка', en: 'Administrator' },
    personName: 'Ганна Системна',
    roles: [{ role: administratorRole }],
    home: '/desk/people',
  },
  {
    // What one of them proposes the other approves.
    name: 'administrator-deputy',
    title: { uk: 'Заступник адміністраторки', en: 'Deputy administrator' },
    personName: 'Остап Деревлянко',
    roles: [{ role: administratorRole }],
    home: '/desk/people',
  },
  {
    name: 'privacy-officer',
    title: { uk: 'Відповідальна за персональні дані', en: 'Privacy officer' },
    personName: 'Соломія Тихомрій',
    roles: [{ role: privacyOfficerRole }],
    home: '/desk/privacy',
  },
  {
    name: 'lawyer',
    title: { uk: 'Юристка міста', en: 'Lawyer of the city' },
    personName: 'Віра Правдолюб',
    roles: [{ role: 'lawyer' }],
    home: '/desk/law',
  },
  {
    // What one of them prepares the other approves.
    name: 'privacy-deputy',
    title: { uk: 'Заступник відповідальної за персональні дані', en: 'Deputy privacy officer' },
    personName: 'Матвій Ясенвіт',
    roles: [{ role: privacyOfficerRole }],
    home: '/desk/privacy',
  },
];
