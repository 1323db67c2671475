import { type Language, messages } from '#platform/i18n/index.ts';

/** How a reading may end that leaves the version before in its place. */
export type TroubledState = 'held' | 'blocked' | 'failed';

/** Why; no words of the data or of people stand in it. */
export interface LiveFault {
  /**
   * `provider`: the system threw an error; `row`: a row that does not keep to the table; `table-changed`: other columns or another
   * treatment than were accepted; `unusual`: fewer rows, lost columns, older dates; `personal`: somebody is given away; `schema`: cells
   * that do not fit; `load`: the load broke off.
   */
  readonly kind: 'provider' | 'row' | 'table-changed' | 'unusual' | 'personal' | 'schema' | 'load';
  /** Names of columns, codes, or the place in the program. */
  readonly detail?: readonly string[];
}

const words = messages(
  {
    states: {
      held: 'Зупинено до вашого рішення.',
      blocked: 'Зупинено перевіркою.',
      failed: 'Прочитати дані не вдалося; буде ще спроба.',
    },
    faults: {
      provider: 'Система, що дає дані, відповіла помилкою. Повідомте тих, хто її супроводжує.',
      row: 'Система дала рядок, що не відповідає оголошеній таблиці. Повідомте тих, хто її супроводжує.',
      'table-changed': 'Змінилися стовпці або знеособлення. Перевірте й дозвольте нову таблицю.',
      unusual: 'Дані дуже відрізняються від попередніх. Перевірте й дозвольте, якщо так і має бути.',
      personal: 'Знайдено те, що може бути персональними даними. Система має прибрати їх зі свого набору.',
      schema: 'Є клітинки, що не відповідають таблиці. Система має їх виправити.',
      load: 'Завантаження перервалося; буде ще спроба.',
    },
    detail: 'Докладніше',
  },
  {
    en: {
      states: {
        held: 'Held for your decision.',
        blocked: 'Stopped by the checks.',
        failed: 'The data could not be read; it will be tried again.',
      },
      faults: {
        provider: 'The system that gives the data answered with an error. Tell whoever maintains it.',
        row: 'The system gave a row that does not keep to the table it declared. Tell whoever maintains it.',
        'table-changed':
          'The columns or their anonymisation have changed. Look at it and allow the new table.',
        unusual: 'The data differ much from those before. Look at them and allow them if they are meant.',
        personal:
          'Something was found that may be personal data. The system has to take it out of its dataset.',
        schema: 'There are cells that do not fit the table. The system has to mend them.',
        load: 'The load broke off; it will be tried again.',
      },
      detail: 'Details',
    },
  },
);

/** What went wrong and what to do about it, one sentence a line. */
export function sayTrouble(language: Language, state: TroubledState, fault: LiveFault | null): string[] {
  const text = words(language);
  return [
    text.states[state],
    ...(fault ? [text.faults[fault.kind]] : []),
    ...(fault?.detail?.length ? [`${text.detail}: ${fault.detail.join(', ')}`] : []),
  ];
}
