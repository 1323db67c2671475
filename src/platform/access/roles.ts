import { messages } from '../i18n/index.ts';
import { erasePeople } from '../personal-data/erasure.ts';
import type { MenuEntry, Persona, Platform, RoleDefinition } from '../system.ts';

/** Who may open staff accounts, give roles and block. */
export const managePeople = 'platform:people';

/** The role of whoever manages the staff of the city. */
export const administratorRole = 'administrator';

const platformRoles: readonly RoleDefinition[] = [
  {
    name: administratorRole,
    title: { uk: 'Адміністратор', en: 'Administrator' },
    permissions: [managePeople],
  },
  {
    name: 'privacy-officer',
    title: { uk: 'Відповідальна особа з персональних даних', en: 'Privacy officer' },
    permissions: [erasePeople],
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
    title: { uk: 'Персональні дані', en: 'Personal data' },
    summary: { uk: 'Прохання видалити дані', en: 'Wishes to have data erased' },
    href: '/desk/privacy',
    permission: erasePeople,
  },
];

export const platformPersonas: readonly Persona[] = [
  {
    name: 'administrator',
    title: { uk: 'Адміністраторка', en: 'Administrator' },
    personName: 'Ганна Системна',
    roles: [{ role: administratorRole }],
    home: '/desk/people',
  },
  {
    name: 'privacy-officer',
    title: { uk: 'Відповідальна за персональні дані', en: 'Privacy officer' },
    personName: 'Соломія Тихомрій',
    roles: [{ role: 'privacy-officer' }],
    home: '/desk/privacy',
  },
  {
    // What one of them prepares the other approves.
    name: 'privacy-deputy',
    title: { uk: 'Заступник відповідальної за персональні дані', en: 'Deputy privacy officer' },
    personName: 'Матвій Ясенвіт',
    roles: [{ role: 'privacy-officer' }],
    home: '/desk/privacy',
  },
];

export const peopleText = messages(
  {
    title: 'Працівники й права',
    lead: 'Зміни прав діють з наступного запиту працівника.',
    login: 'Логін',
    loginWrong: 'Логін: латинські літери, цифри, крапка чи дефіс, від 3 знаків',
    post: 'Посада',
    postHint: 'Її видно в історії звернень замість імені',
    organisation: 'Організація',
    roles: 'Ролі',
    state: 'Стан',
    active: 'діє',
    blocked: 'заблоковано',
    noRoles: 'немає',
    newAccount: 'Новий обліковий запис',
    name: 'Імʼя та прізвище',
    password: 'Тимчасовий пароль',
    passwordHint: 'Не менше 12 знаків, не поширений',
    taken: 'Такий логін уже є',
    create: 'Створити',
    grants: 'Надані ролі',
    role: 'Роль',
    scope: 'Межі',
    everywhere: 'усюди',
    district: 'Район (код)',
    branch: 'Галузь (код)',
    reason: 'Підстава',
    grantsTitle: 'Надати роль',
    give: 'Надати',
    takeBack: 'Забрати',
    fill: 'Заповніть це поле',
    block: 'Заблокувати',
    unblock: 'Розблокувати',
    newPassword: 'Встановити новий пароль',
    own: 'Це ваш запис: змінити свої права може лише інший адміністратор.',
  },
  {
    en: {
      title: 'Staff and rights',
      lead: "Changes of rights work from the person's next request on.",
      login: 'Login',
      loginWrong: 'A login has Latin letters, digits, dots or hyphens, at least 3',
      post: 'Post',
      postHint: 'Shown in the history of requests instead of the name',
      organisation: 'Organisation',
      roles: 'Roles',
      state: 'State',
      active: 'active',
      blocked: 'blocked',
      noRoles: 'none',
      newAccount: 'New account',
      name: 'Name',
      password: 'Temporary password',
      passwordHint: 'At least 12 characters, not a common one',
      taken: 'This login is taken',
      create: 'Create',
      grants: 'Roles held',
      role: 'Role',
      scope: 'Scope',
      everywhere: 'everywhere',
      district: 'District (code)',
      branch: 'Branch (code)',
      reason: 'Reason',
      grantsTitle: 'Give a role',
      give: 'Give',
      takeBack: 'Take back',
      fill: 'Fill in this field',
      block: 'Block',
      unblock: 'Unblock',
      newPassword: 'Set a new password',
      own: 'This is your own account: only another administrator can change your rights.',
    },
  },
);
