import { defineTemplate, type Template } from '#platform/notify/index.ts';
import { showNumber } from './number.ts';
import type { Move } from './states.ts';

/** What a letter about a request is written from: nothing of it is personal. */
export interface LetterFacts {
  /** The reporter's own number. */
  readonly number: string;
  /** The request it was joined to, when that is what moved. */
  readonly master: string | null;
  /** Masked words of the move. */
  readonly note: string | null;
  readonly organisation: { readonly uk: string; readonly en: string } | null;
  /** As written to people, in the language of the letter; null where no term runs or the letter is not about it. */
  readonly due: string | null;
  readonly href: string;
  /** How to stop letters; null where the law wants them sent. */
  readonly stoppable: boolean;
  /** An appeal under the law is not called a request. */
  readonly appeal: boolean;
}

/** For one move: the end of the subject, what happened, what the reader may do next. */
type Words = readonly [subject: string, happened: string, next: string];

/** What letters are about: each has words of its own, in both languages. */
type Letter =
  | Move
  | 'registered'
  | 'claim_in_doubt'
  | 'answer'
  | 'ask_again'
  | 'extend'
  | 'recount'
  | 'approve_plan'
  | 'pause_no_access'
  | 'pause_danger'
  | 'resume'
  | 'split'
  | 'publish'
  | 'note';

const uk: Readonly<Record<Letter, Words>> = {
  registered: [
    'зареєстровано',
    'Ми отримали ваше повідомлення і зареєстрували заявку.',
    'За посиланням видно, хто її виконує і до якого часу.',
  ],
  route: ['визначено виконавця', 'Заявку передано виконавцю.', 'Зараз від вас нічого не потрібно.'],
  leave_to_triage: [
    'визначаємо виконавця',
    'Контакт-центр визначає, хто виконає вашу заявку.',
    'Зараз від вас нічого не потрібно.',
  ],
  assign: ['визначено виконавця', 'Заявку передано виконавцю.', 'Зараз від вас нічого не потрібно.'],
  accept: ['прийнято в роботу', 'Виконавець прийняв вашу заявку.', 'Зараз від вас нічого не потрібно.'],
  return: [
    'шукаємо іншого виконавця',
    'Виконавець повернув заявку: це не його об’єкт. Контакт-центр визначає іншого.',
    'Зараз від вас нічого не потрібно, строк не почався заново.',
  ],
  dispatch: [
    'бригаду відправлено',
    'До вас виїхала бригада.',
    'Якщо потрібен доступ, будьте, будь ласка, на зв’язку.',
  ],
  arrive: ['бригада на місці', 'Бригада прибула на місце.', 'Якщо потрібен доступ, відчиніть, будь ласка.'],
  plan: ['роботи заплановано', 'Виконавець призначив час робіт.', 'Зараз від вас нічого не потрібно.'],
  ask: [
    'виконавець питає вас',
    'Щоб продовжити, виконавцю потрібна ваша відповідь.',
    'Відповідайте за посиланням протягом трьох робочих днів: поки чекаємо, строк стоїть.',
  ],
  reply: ['відповідь отримано', 'Робота за заявкою триває.', 'Зараз від вас нічого не потрібно.'],
  claim: [
    'перевірте виконання',
    'Виконавець повідомив, що роботу завершено.',
    'Підтвердьте за посиланням або напишіть, що не так. Без вашого слова заявку не вважатимуть підтвердженою.',
  ],
  answer: [
    'письмова відповідь',
    'На ваше звернення дано письмову відповідь за підписом.',
    'Прочитати й надрукувати її можна за посиланням. Як її оскаржити, сказано в ній самій.',
  ],
  claim_in_doubt: [
    'виконавець завершив роботу',
    'Виконавець повідомив, що роботу завершено. Спершу її перевірить контролер.',
    'Зараз від вас нічого не потрібно: ми напишемо, коли зможете підтвердити чи заперечити.',
  ],
  ask_again: [
    'нагадуємо: перевірте виконання',
    'Виконавець повідомив, що роботу завершено, а ви ще не відповіли.',
    'Підтвердьте за посиланням або напишіть, що не так.',
  ],
  reject: [
    'повернуто на доопрацювання',
    'Контролер перевірив роботу і повернув її виконавцю.',
    'Зараз від вас нічого не потрібно.',
  ],
  confirm: [
    'закрито, виконання підтверджено',
    'Заявку закрито: виконання підтверджено.',
    'Якщо проблема повернеться, відкрийте заявку знову протягом 30 днів.',
  ],
  veto: [
    'повернуто виконавцю',
    'Заявник повідомив, що проблема лишилася. Заявку повернуто виконавцю.',
    'Ми напишемо, коли роботу завершать.',
  ],
  lapse: [
    'закрито без підтвердження',
    'Час на перевірку минув, підтвердження не надійшло. Заявку закрито з позначкою «не перевірено».',
    'Якщо проблема лишилася, відкрийте заявку знову протягом 30 днів.',
  ],
  reopen: ['відкрито знову', 'Заявку відкрито знову.', 'Ми напишемо, коли роботу завершать.'],
  refuse: [
    'не прийнято',
    'Контакт-центр не може прийняти цю заявку до роботи.',
    'Причина нижче. Не згодні – відкрийте заявку знову за посиланням.',
  ],
  transfer: [
    'передано за належністю',
    'Це питання вирішує інша установа, туди заявку і передано.',
    'Куди саме – сказано нижче.',
  ],
  extend: [
    'строк розгляду продовжено',
    'Для розгляду потрібно більше часу. Причина нижче.',
    'Новий строк показано за посиланням.',
  ],
  recount: [
    'строк перераховано',
    'Змінилися робочі й вихідні дні, за якими рахують строк. Причина нижче.',
    'Новий строк показано за посиланням. Зараз від вас нічого не потрібно.',
  ],
  approve_plan: [
    'роботи погоджено на пізніше',
    'Контакт-центр погодив виконання пізніше за строк: до дня робіт відлік строку стоїть.',
    'Коли заплановано роботи, видно за посиланням. Зараз від вас нічого не потрібно.',
  ],
  pause_no_access: [
    'роботу призупинено: немає доступу',
    'Бригада не може потрапити туди, де потрібна робота. Поки доступу немає, відлік строку стоїть.',
    'Якщо можете відчинити або знаєте, хто може, зателефонуйте, будь ласка, до контакт-центру.',
  ],
  pause_danger: [
    'роботу призупинено через небезпеку',
    'Працювати зараз небезпечно: повітряна тривога або негода. Відлік строку стоїть.',
    'Зараз від вас нічого не потрібно.',
  ],
  resume: [
    'роботу продовжено',
    'Робота за заявкою триває, строк знову йде.',
    'Зараз від вас нічого не потрібно.',
  ],
  split: [
    'поділено на дві',
    'Не всі, хто повідомив про цю проблему, згодні, що її усунено. Заявку того, хто не згоден, розглядаємо окремо.',
    'Причина нижче, стан вашої заявки – за посиланням.',
  ],
  publish: [
    'опис не оприлюднюємо',
    'Модератор вирішив, що опису вашої заявки не буде у відкритому доступі.',
    'Причина нижче. На виконання заявки це не впливає.',
  ],
  note: ['вам написали', 'До вашої заявки додали примітку.', 'Усі подробиці за посиланням.'],
  withdraw: ['відкликано', 'Заявку відкликано.', 'Якщо проблема лишилася, надішліть нову.'],
  link: [
    'об’єднано з іншою',
    'Про цю проблему вже повідомили, тож заявки об’єднано.',
    'Ваш голос враховано: питатимемо й вас, чи все виправлено.',
  ],
  unlink: [
    'розглядаємо окремо',
    'Вашу заявку відокремлено і розглядаємо саму по собі.',
    'Зараз від вас нічого не потрібно.',
  ],
  join_event: [
    'частина відомої аварії',
    'Вашу заявку приєднано до відомої аварії.',
    'Ми напишемо, коли її усунуть.',
  ],
  leave_event: [
    'розглядаємо окремо',
    'Вашу заявку відокремлено від аварії.',
    'Зараз від вас нічого не потрібно.',
  ],
  event_resolved: [
    'аварію усунуто: перевірте',
    'Аварію усунуто.',
    'Підтвердьте за посиланням або напишіть, що не так.',
  ],
};

const other: { readonly uk: Words; readonly en: Words } = {
  uk: ['є новини', 'За вашою заявкою є новини.', 'Подробиці за посиланням.'],
  en: ['news', 'There is news about your request.', 'Follow the link for details.'],
};

const en: Readonly<Record<Letter, Words>> = {
  registered: [
    'registered',
    'We have received your report and registered it.',
    'The link shows who works on it and until when.',
  ],
  route: [
    'an executor was named',
    'Your request was given to an executor.',
    'Nothing is needed from you now.',
  ],
  leave_to_triage: [
    'we look for an executor',
    'The contact centre is finding who will do the work.',
    'Nothing is needed from you now.',
  ],
  assign: [
    'an executor was named',
    'Your request was given to an executor.',
    'Nothing is needed from you now.',
  ],
  accept: ['accepted', 'The executor has accepted your request.', 'Nothing is needed from you now.'],
  return: [
    'we look for another executor',
    'The executor has returned the request as not theirs. The contact centre is naming another.',
    'Nothing is needed from you now; the term did not start anew.',
  ],
  dispatch: ['a crew is on its way', 'A crew is on its way.', 'If they need access, please stay in reach.'],
  arrive: ['the crew has arrived', 'The crew is on the spot.', 'If they need access, please let them in.'],
  plan: [
    'the work is planned',
    'The executor has set a time for the work.',
    'Nothing is needed from you now.',
  ],
  ask: [
    'the executor asks you',
    'The executor needs your answer to go on.',
    'Answer by the link within three working days: while we wait, the term stands still.',
  ],
  reply: ['your answer is here', 'The work goes on.', 'Nothing is needed from you now.'],
  claim: [
    'please check the work',
    'The executor says that the work is done.',
    'Confirm by the link, or say what is wrong. Without your word the request does not count as confirmed.',
  ],
  answer: [
    'the written answer',
    'Your appeal was answered in writing, with a signature.',
    'Read and print it by the link. How to appeal against it is said in the answer itself.',
  ],
  claim_in_doubt: [
    'the executor has finished',
    'The executor says that the work is done. A controller will check it first.',
    'Nothing is needed from you now: we will write when you can confirm or refuse it.',
  ],
  ask_again: [
    'a reminder: please check the work',
    'The executor says that the work is done, and you have not answered yet.',
    'Confirm by the link, or say what is wrong.',
  ],
  reject: [
    'sent back for rework',
    'A controller has checked the work and sent it back.',
    'Nothing is needed from you now.',
  ],
  confirm: [
    'closed, confirmed',
    'The request is closed: the work is confirmed.',
    'If the problem returns, reopen the request within 30 days.',
  ],
  veto: [
    'back to the executor',
    'A reporter says that the problem remains. The request went back to the executor.',
    'We will write when the work is done.',
  ],
  lapse: [
    'closed without confirmation',
    'The time for checking is over and nobody has confirmed. The request is closed as “unverified”.',
    'If the problem remains, reopen the request within 30 days.',
  ],
  reopen: ['reopened', 'The request was reopened.', 'We will write when the work is done.'],
  refuse: [
    'not taken',
    'The contact centre cannot take this request.',
    'The reason is below. If you disagree, reopen the request by the link.',
  ],
  transfer: [
    'passed on',
    'Another body decides this; the request was passed on to it.',
    'Where exactly is said below.',
  ],
  extend: [
    'the term was extended',
    'More time is needed to consider it. The reason is below.',
    'The link shows the new term.',
  ],
  recount: [
    'the term was counted anew',
    'The working days by which the term is counted have changed. The reason is below.',
    'The link shows the new term. Nothing is needed from you now.',
  ],
  approve_plan: [
    'a later date was approved',
    'The contact centre has approved work later than the term: until that day the term stands still.',
    'The link shows when the work is planned. Nothing is needed from you now.',
  ],
  pause_no_access: [
    'the work is paused: no access',
    'The crew cannot get in where the work is. While there is no access, the term stands still.',
    'If you can let them in, or know who can, please call the contact centre.',
  ],
  pause_danger: [
    'the work is paused for danger',
    'It is dangerous to work now: an air raid or the weather. The term stands still.',
    'Nothing is needed from you now.',
  ],
  resume: [
    'the work goes on',
    'The work goes on, and the term runs again.',
    'Nothing is needed from you now.',
  ],
  split: [
    'now two requests',
    'Not all who reported this problem agree that it is fixed. The request of who disagrees is looked at on its own.',
    'The reason is below; the link shows how your request stands.',
  ],
  publish: [
    'the description stays private',
    'A moderator has decided that the description of your request will not be public.',
    'The reason is below. The work on the request goes on all the same.',
  ],
  note: ['somebody wrote to you', 'A note was added to your request.', 'Follow the link for details.'],
  withdraw: ['withdrawn', 'The request was withdrawn.', 'If the problem remains, send a new one.'],
  link: [
    'merged with another',
    'Others have reported this problem too, so the requests were merged.',
    'Your voice counts: you too will be asked whether it is fixed.',
  ],
  unlink: [
    'looked at on its own',
    'Your request was split off and is looked at on its own.',
    'Nothing is needed from you now.',
  ],
  join_event: [
    'part of a known outage',
    'Your request was joined to a known outage.',
    'We will write when it is over.',
  ],
  leave_event: [
    'looked at on its own',
    'Your request was split off from the outage.',
    'Nothing is needed from you now.',
  ],
  event_resolved: [
    'the outage is over: please check',
    'The outage is over.',
    'Confirm by the link, or say what is wrong.',
  ],
};

const rest = {
  uk: {
    request: (number: string) => `Заявка ${number}`,
    appeal: (number: string) => `Звернення ${number}`,
    considers: (name: string) => `Розглядає: ${name}.`,
    joined: (master: string) => `Вашу заявку об’єднано з ${master}: далі йдеться про неї.`,
    who: (name: string) => `Виконавець: ${name}.`,
    due: (date: string) => `Строк: ${date}.`,
    stop: 'Щоб не отримувати листів про цю заявку, натисніть «Більше не писати» на її сторінці.',
  },
  en: {
    request: (number: string) => `Request ${number}`,
    appeal: (number: string) => `Appeal ${number}`,
    considers: (name: string) => `Considered by: ${name}.`,
    joined: (master: string) => `Your request was merged with ${master}; this is about it.`,
    who: (name: string) => `Executor: ${name}.`,
    due: (date: string) => `Due: ${date}.`,
    stop: 'To get no more letters about this request, press “Write no more” on its page.',
  },
};

/** What a letter is about, as its subject says it. */
export const subjectOf = (move: string, language: 'uk' | 'en'): string => wordsOf(move, language)[0];

const wordsOf = (move: string, language: 'uk' | 'en'): Words =>
  (language === 'uk' ? uk : en)[move as Letter] ?? other[language];

/** The template of a move: number, what happened in plain words, what to do next, link. Unknown moves have plain words too. */
export function letterOf(move: string): Template<LetterFacts> {
  const say = (language: 'uk' | 'en') => (facts: LetterFacts) => {
    const [subject, happened, next] = wordsOf(move, language);
    const words = rest[language];
    const own = (facts.appeal ? words.appeal : words.request)(showNumber(facts.number));
    return {
      subject: `${own}: ${subject}`,
      lines: [
        `${own}. ${happened}`,
        ...(facts.master ? [words.joined(showNumber(facts.master))] : []),
        ...(facts.note ? [`«${facts.note}»`] : []),
        ...(facts.organisation
          ? [(facts.appeal ? words.considers : words.who)(facts.organisation[language])]
          : []),
        ...(facts.due ? [words.due(facts.due)] : []),
        next,
        ...(facts.stoppable ? [words.stop] : []),
      ],
      href: facts.href,
    };
  };
  return defineTemplate(`contact-centre.${move.replaceAll('_', '-')}`, 1, { uk: say('uk'), en: say('en') });
}
