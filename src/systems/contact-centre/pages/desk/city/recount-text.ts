import { messages } from '#platform/i18n/index.ts';

export const recountText = messages(
  {
    title: 'Перерахувати строки',
    lead: 'Строки, що йдуть і за зміненим календарем закінчилися б в інший день. Самі вони не зсуваються: лише цією дією, з причиною для всіх.',
    which:
      'Не змінюються строки, які вже минули або минули б тепер, і ті, які люди продовжили до певного дня. Строки в годинах від календаря не залежать.',
    none: 'Усі строки, що йдуть, пораховано за чинним календарем',
    noneWhy: 'Коли зміните свято чи робочий день, тут буде видно, чиї строки це зачіпає.',
    list: 'Чиї строки зміняться',
    more: (n: string) => `Показано перші ${n}: решту буде видно після цієї дії.`,
    number: 'Номер',
    category: 'Категорія',
    executor: 'Виконавець',
    nobody: 'ще не визначено',
    clock: 'Строк',
    before: 'Зараз до',
    after: 'Стане до',
    note: 'Чому змінюється строк',
    noteHint:
      'Прочитають заявники й усі на сторінці заявки. Назвіть рішення: хто його ухвалив, номер і дату.',
    noteFault: 'Напишіть, чому змінюється строк: хоча б коротко',
    go: (n: string) => `Перерахувати строки (${n})`,
    done: (n: string) => `Строки перераховано, заявок: ${n}. Заявникам надійдуть повідомлення.`,
    stale: 'Поки ви дивилися, дні або строки змінилися. Нічого не перераховано: перегляньте список ще раз.',
  },
  {
    en: {
      title: 'Count terms anew',
      lead: 'Terms that run and would end on another day by the changed calendar. They do not move by themselves: only by this act, with a reason for everybody.',
      which:
        'What has passed, or would have passed by now, stays; so do terms that people extended to a day. Terms in hours do not depend on the calendar.',
      none: 'All running terms are counted by the calendar in force',
      noneWhy: 'When you change a holiday or a working day, this page shows whose terms it concerns.',
      list: 'Whose terms change',
      more: (n) => `The first ${n} are shown; the rest appears after this act.`,
      number: 'Number',
      category: 'Category',
      executor: 'Executor',
      nobody: 'not decided yet',
      clock: 'Term',
      before: 'Now by',
      after: 'Would be by',
      note: 'Why the term changes',
      noteHint:
        'Reporters and everybody on the page of the request will read it. Name the decision: whose, its number and date.',
      noteFault: 'Write why the term changes, be it briefly',
      go: (n) => `Count terms anew (${n})`,
      done: (n) => `Terms counted anew, requests: ${n}. Their reporters will be told.`,
      stale: 'Days or terms have changed while you looked. Nothing was counted anew: look at the list again.',
    },
  },
);
