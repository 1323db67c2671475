import type { Text } from '#platform/i18n/index.ts';
import type { PurposeRegister } from '#platform/personal-data/purposes.ts';

const owner: Text = { uk: 'Керівник контакт-центру', en: 'Head of the contact centre' };
const executors: Text = {
  uk: 'підприємство, якому доручено: квартира й контакт, якщо без них не виконати',
  en: 'the enterprise in charge: flat and contact where the work needs them',
};

/** What the contact centre processes about people, and which field of its forms serves what. */
export const purposeRegister: PurposeRegister = {
  purposes: [
    {
      code: 'contact-centre.request',
      title: { uk: 'Заявка про комунальну проблему', en: 'A report of a communal problem' },
      ground: {
        uk: '2297-VI, ст. 11 ч. 1 п. 2: повноваження міста',
        en: '2297-VI, art. 11(1)(2): powers of the city',
      },
      categories: {
        uk: 'слова, фото, адреса, квартира, імʼя, телефон, пошта',
        en: 'words, photos, address, flat, name, telephone, e-mail',
      },
      recipients: executors,
      retention: {
        uk: 'рік після закриття; знеособлена історія: постійно',
        en: 'a year after closing; the history without personal data: for good',
      },
      owner,
    },
    {
      code: 'contact-centre.appeal',
      title: { uk: 'Звернення громадян', en: 'Citizens’ appeals' },
      ground: { uk: '393/96-ВР, ст. 5', en: '393/96-ВР, art. 5' },
      categories: {
        uk: 'імʼя, місце проживання, суть звернення, контакти',
        en: 'name, residence, the matter, contacts',
      },
      recipients: {
        uk: 'орган чи організація, до якої належить переслати',
        en: 'the body to which it must be forwarded',
      },
      retention: { uk: 'пʼять років після закриття', en: 'five years after closing' },
      owner,
    },
    {
      code: 'contact-centre.check',
      title: { uk: 'Чи справді виправлено', en: 'Whether it was really mended' },
      ground: {
        uk: '2297-VI, ст. 11 ч. 1 п. 2: повноваження міста',
        en: '2297-VI, art. 11(1)(2): powers of the city',
      },
      categories: { uk: 'оцінка, коментар, фото', en: 'grade, comment, photos' },
      recipients: executors,
      retention: { uk: 'як заявка', en: 'as the report' },
      owner,
    },
    {
      code: 'contact-centre.area',
      title: { uk: 'Листи про вулицю чи район', en: 'Letters about a street or a district' },
      ground: { uk: 'Згода, 2297-VI, ст. 11 ч. 1 п. 1', en: 'Consent, 2297-VI, art. 11(1)(1)' },
      categories: { uk: 'електронна пошта', en: 'e-mail address' },
      recipients: { uk: 'нікому', en: 'nobody' },
      retention: { uk: 'до відписки', en: 'until unsubscribed' },
      owner,
    },
    {
      code: 'contact-centre.call',
      title: { uk: 'Розмова з контакт-центром', en: 'A conversation with the contact centre' },
      ground: {
        uk: '2297-VI, ст. 11 ч. 1 п. 2: повноваження міста',
        en: '2297-VI, art. 11(1)(2): powers of the city',
      },
      categories: { uk: 'телефон, нотатка оператора', en: 'telephone, the operator’s note' },
      recipients: { uk: 'нікому', en: 'nobody' },
      retention: { uk: 'дванадцять місяців', en: 'twelve months' },
      owner,
    },
  ],
  fields: {
    text: ['contact-centre.request'],
    photos: ['contact-centre.request'],
    building: ['contact-centre.request'],
    words: ['contact-centre.request'],
    address: ['contact-centre.request'],
    flat: ['contact-centre.request'],
    comment: ['contact-centre.request'],
    visibility: ['contact-centre.request'],
    how: ['contact-centre.request'],
    name: ['contact-centre.request', 'contact-centre.appeal'],
    phone: ['contact-centre.request', 'contact-centre.appeal', 'contact-centre.call'],
    email: ['contact-centre.request', 'contact-centre.appeal', 'contact-centre.area'],
    code: ['contact-centre.request', 'contact-centre.appeal'],
    kind: ['contact-centre.appeal'],
    about: ['contact-centre.appeal'],
    essence: ['contact-centre.appeal'],
    residence: ['contact-centre.appeal'],
    grade: ['contact-centre.check'],
    'veto-comment': ['contact-centre.check'],
    'veto-photos': ['contact-centre.check'],
    'veto-grade': ['contact-centre.check'],
    'reply-comment': ['contact-centre.check'],
    'reopen-comment': ['contact-centre.check'],
  },
  impersonal: [
    ...['q', 'number', 'state', 'branch', 'district', 'organisation', 'period', 'category'],
    // The city's lamp or hatch that a report is about.
    ...['asset', 'assetNumber'],
  ],
};
