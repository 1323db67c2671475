import type { Text } from '../i18n/index.ts';

/** One purpose for which the city processes personal data (2297-VI, art. 6). */
export interface Purpose {
  /** `system.what`. */
  readonly code: string;
  readonly title: Text;
  /** Article of a law, or consent. */
  readonly ground: Text;
  /** What kinds of data. */
  readonly categories: Text;
  /** Who else gets them. */
  readonly recipients: Text;
  /** How long they are kept. */
  readonly retention: Text;
  /** Who answers for it in the city. */
  readonly owner: Text;
}

/** The purposes of one part of the city, and which field of its forms for people serves which. */
export interface PurposeRegister {
  readonly purposes: readonly Purpose[];
  /** Name of a field → codes of purposes. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** Fields that ask nothing about anybody, such as filters of public lists. */
  readonly impersonal: readonly string[];
}

const ownerPrivacy: Text = {
  uk: 'Відповідальна особа з персональних даних',
  en: 'Privacy officer',
};
const nobody: Text = { uk: 'нікому', en: 'nobody' };

/** What the platform itself processes. */
export const platformPurposes: PurposeRegister = {
  purposes: [
    {
      code: 'platform.account',
      title: {
        uk: 'Кабінет мешканця: вхід і звʼязок із його справами',
        en: 'The resident’s account: signing in, and their affairs',
      },
      ground: { uk: 'Згода, 2297-VI, ст. 11 ч. 1 п. 1', en: 'Consent, 2297-VI, art. 11(1)(1)' },
      categories: {
        uk: 'електронна пошта або телефон, імʼя, мова, пристрій у двох словах',
        en: 'e-mail address or telephone, name, language, the device in two words',
      },
      recipients: nobody,
      retention: {
        uk: 'доки людина не попросить видалити; сеанс до 12 годин',
        en: 'until the person asks to erase; a session up to 12 hours',
      },
      owner: ownerPrivacy,
    },
    {
      code: 'platform.letters',
      title: { uk: 'Листи про справи та новини міста', en: 'Letters about affairs, and news of the city' },
      ground: {
        uk: 'Згода; офіційні листи: закон про відповідну послугу',
        en: 'Consent; official letters: the law of the service',
      },
      categories: {
        uk: 'вибір щодо листів, тексти без імен',
        en: 'wishes about letters, texts without names',
      },
      recipients: { uk: 'поштовий сервер міста', en: 'the mail server of the city' },
      retention: {
        uk: 'доки людина не попросить видалити; офіційні з доказами доставлення: пʼять років',
        en: 'until the person asks to erase; official ones with the evidence of delivery: five years',
      },
      owner: ownerPrivacy,
    },
    {
      code: 'platform.rights',
      title: { uk: 'Права людини щодо її даних', en: 'The rights of a person over their data' },
      ground: { uk: '2297-VI, ст. 8 і 16', en: '2297-VI, art. 8 and 16' },
      categories: { uk: 'слова прохання чи запитання', en: 'words of a wish or a question' },
      recipients: nobody,
      retention: {
        uk: 'слова зникають разом із ключем людини; свідоцтва без імен: постійно',
        en: 'the words go with the key of the person; certificates without names: for good',
      },
      owner: ownerPrivacy,
    },
    {
      code: 'platform.trace',
      title: { uk: 'Журнал доступу до персональних даних', en: 'The log of access to personal data' },
      ground: { uk: '2297-VI, ст. 24', en: '2297-VI, art. 24' },
      categories: {
        uk: 'хто, коли, навіщо, під знеособленим номером людини',
        en: 'who, when, what for, under a blind id of the person',
      },
      recipients: {
        uk: 'сама людина; підписані підсумки без даних: усі',
        en: 'the person; signed heads without data: everybody',
      },
      retention: { uk: 'постійно', en: 'for good' },
      owner: ownerPrivacy,
    },
    {
      code: 'platform.staff',
      title: {
        uk: 'Працівники: вхід, права, відповідальність',
        en: 'Staff: signing in, rights, answering for acts',
      },
      ground: {
        uk: '2297-VI, ст. 11 ч. 1 п. 2: повноваження міста',
        en: '2297-VI, art. 11(1)(2): powers of the city',
      },
      categories: {
        uk: 'імʼя, логін, посада, організація, ролі, відводи, екстрені доступи',
        en: 'name, login, post, organisation, roles, recusals, emergency accesses',
      },
      recipients: nobody,
      retention: {
        uk: 'посада в історіях справ: як самі справи',
        en: 'the post in histories: as long as the cases',
      },
      owner: { uk: 'Адміністратор', en: 'Administrator' },
    },
  ],
  fields: {
    email: ['platform.account'],
    code: ['platform.account'],
    service: ['platform.letters'],
    news: ['platform.letters'],
    words: ['platform.rights'],
    answer: ['platform.rights'],
    contact: ['platform.rights'],
    why: ['platform.rights'],
    person: ['platform.rights'],
    resource: ['platform.rights'],
    ground: ['platform.rights'],
    reason: ['platform.rights', 'platform.staff'],
    verdict: ['platform.staff'],
    note: ['platform.staff'],
    name: ['platform.staff'],
    login: ['platform.staff'],
    post: ['platform.staff'],
    organisation: ['platform.staff'],
    password: ['platform.staff'],
    present: ['platform.staff'],
    role: ['platform.staff'],
    district: ['platform.staff'],
    branch: ['platform.staff'],
    from: ['platform.staff'],
    until: ['platform.staff', 'platform.rights'],
    what: ['platform.staff'],
    'reset-reason': ['platform.staff'],
    about: ['platform.staff'],
    value: ['platform.staff'],
    lawyer: ['platform.staff'],
  },
  impersonal: ['q', 'certificate', 'document'],
};
