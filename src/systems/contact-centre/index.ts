import type { System } from '#platform/system.ts';
import { api, open311Jobs } from './api/index.ts';
import { settingsOf } from './city.ts';
import { cityActs } from './city-acts.ts';
import { importJobs } from './city-editing/import.ts';
import { cityPart } from './city-files.ts';
import { demo, demoPast } from './demo.ts';
import { ruleJobs } from './dry-run-job.ts';
import { exportWords } from './export-words.ts';
import { acts, figures, happenings } from './front.ts';
import { historyDaysJob } from './history-days.ts';
import { contactCentreJobs } from './jobs.ts';
import { openDatasets } from './open-data.ts';
import { pageJobs, pages } from './pages/index.ts';
import { permission, permissions, roleDefinitions, roleName } from './permissions.ts';
import { purposeRegister } from './purposes.ts';
import { eraseOf, exportOf, retentionJob } from './rights.ts';
import { sealedColumns } from './sealing.ts';
import { searchContactCentre } from './search.ts';
import { tellStaffOf } from './staff-notices.ts';
import type { Role } from './states.ts';
import { askForMessages, messagesJob } from './telling.ts';
import { waiting } from './waiting.ts';

const desk = '/contact-centre/desk';

/** The single contact centre: any communal problem enters here and is closed as the resident judges. */
export const contactCentre: System = {
  name: 'contact-centre',
  title: { uk: 'Єдиний контакт-центр', en: 'Contact centre' },
  summary: {
    uk: 'Повідомте про комунальну проблему та стежте, як її вирішують',
    en: 'Report a communal problem and follow how it is solved',
  },
  pages: (platform) => pages(platform),
  mapTiles: '/contact-centre/tiles/{z}/{x}/{y}',
  api: (platform) => api(platform, { city: settingsOf(platform.db), acts: cityActs }),
  menu: {
    site: [{ title: { uk: 'Контакт-центр', en: 'Contact centre' }, href: '/contact-centre' }],
    cabinet: [
      {
        title: { uk: 'Мої заявки', en: 'My requests' },
        summary: {
          uk: 'Що з ними та що чекає на вашу відповідь',
          en: 'How they stand and what waits for your answer',
        },
        href: '/contact-centre/my',
      },
    ],
    desk: [
      {
        title: { uk: 'Оператор', en: 'Operator' },
        href: `${desk}/operator`,
        permission: permission('register_for_other'),
      },
      {
        title: { uk: 'Звернення громадян', en: 'Citizens’ appeals' },
        href: `${desk}/appeals`,
        permission: permission('answer_appeal'),
      },
      {
        title: { uk: 'Черга диспетчера', en: 'Dispatcher' },
        href: `${desk}/dispatcher`,
        permission: permission('accept'),
      },
      { title: { uk: 'Бригада', en: 'Crew' }, href: `${desk}/crew`, permission: permission('dispatch') },
      {
        title: { uk: 'Контроль якості', en: 'Quality control' },
        href: `${desk}/controller`,
        permission: permission('call_back'),
      },
      { title: { uk: 'Зміна', en: 'Shift' }, href: `${desk}/supervisor`, permission: permission('see_load') },
      {
        title: { uk: 'Публікація', en: 'Publication' },
        href: `${desk}/moderator`,
        permission: permission('publish'),
      },
      {
        title: { uk: 'Правила', en: 'Rules' },
        href: `${desk}/rules`,
        permission: permission('rule_write'),
      },
      {
        title: { uk: 'Дані міста', en: 'City data' },
        href: `${desk}/administrator`,
        permission: permission('data_write'),
      },
    ],
  },
  permissions,
  roles: roleDefinitions,
  purposes: purposeRegister,
  export: exportOf,
  exportWords,
  erase: eraseOf,
  sealed: sealedColumns,
  fileReferences: [
    `select file from cc_photo`,
    `select original from cc_photo where original is not null`,
    `select file::text from cc_draft_photo`,
  ],
  search: (platform, ...asked) => searchContactCentre(platform.db, ...asked),
  jobs: [
    ...open311Jobs,
    ...contactCentreJobs,
    ...ruleJobs,
    ...importJobs,
    ...pageJobs,
    historyDaysJob,
    messagesJob,
    retentionJob,
  ],
  on: { ...askForMessages, ...tellStaffOf },
  acts,
  datasets: openDatasets,
  figures,
  happenings,
  waiting,
  city: cityPart,
  personas: [
    {
      name: 'resident',
      title: { uk: 'Мешканка', en: 'Resident' },
      personName: 'Олена Калиногай',
      roles: [],
      home: '/cabinet',
    },
    ...staff('operator', { uk: 'Операторка контакт-центру', en: 'Operator' }, 'Ірина Тополенчук'),
    ...staff('dispatcher', { uk: 'Диспетчер підприємства', en: 'Dispatcher' }, 'Микола Сонцевій', 'teplo', [
      'emergency-access',
    ]),
    ...staff('crew', { uk: 'Бригадир', en: 'Crew' }, 'Тарас Дзвіночко', 'teplo'),
    ...staff('controller', { uk: 'Контролерка якості', en: 'Quality controller' }, 'Наталія Вербицвіт'),
    ...staff('supervisor', { uk: 'Керівник зміни', en: 'Shift supervisor' }, 'Андрій Калиногай', undefined, [
      'unit-head',
    ]),
    {
      name: 'appeals',
      title: { uk: 'Відділ звернень громадян', en: 'Citizens’ appeals office' },
      personName: 'Марія Листопадова',
      roles: [{ role: roleName('dispatcher'), organisation: 'contact-centre' }],
      organisation: 'contact-centre',
      home: `${desk}/appeals`,
    },
    ...staff('moderator', { uk: 'Модераторка', en: 'Moderator' }, 'Юлія Тополенчук'),
    {
      // The platform's own administrator already has the plain name.
      name: 'city-data',
      title: { uk: 'Адміністраторка контакт-центру', en: 'Contact centre administrator' },
      personName: 'Дарина Вербицвіт',
      roles: [{ role: roleName('administrator') }],
      home: `${desk}/administrator`,
    },
  ],
  demo,
  demoPast,
};

function staff(
  role: Role,
  title: { uk: string; en: string },
  personName: string,
  organisation?: string,
  others: readonly string[] = [],
) {
  const scope = organisation ? { organisation } : {};
  return [
    {
      name: role,
      title,
      personName,
      roles: [{ role: roleName(role), ...scope }, ...others.map((other) => ({ role: other }))],
      ...scope,
      home: `${desk}/${role}`,
    },
  ];
}
