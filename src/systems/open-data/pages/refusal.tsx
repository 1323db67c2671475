import { Refusal } from '#platform/errors.ts';
import type { Language } from '#platform/i18n/index.ts';
import { messages } from '#platform/i18n/index.ts';
import { Notice } from '#ui/index.ts';
import { Absent, Denied, Faulty } from '../faults.ts';
import type { Here } from './kit.tsx';

const words = messages(
  {
    late: 'Запит тривав довше за 10 секунд, тож його зупинено. Додайте умову на дату або код, просіть менше стовпців чи групуйте за одним стовпцем; цілу таблицю завантажте файлом.',
    dear: 'Запит переглянув би забагато рядків. Додайте умову (where), обмежте limit або приберіть зʼєднання без умови; цілу таблицю завантажте файлом.',
    single: 'Потрібен один запит: приберіть другий вираз після крапки з комою.',
    system: 'Дозволено читати лише таблиці порталу: їх перелічено нижче.',
    call: 'Цієї функції немає серед дозволених. Дозволено обчислення, дати, тексти, JSON і зведення: count, sum, avg, min, max, percentile_cont.',
    absent:
      'Таблиці з такою назвою немає. Напишіть ідентифікатор ресурсу або псевдонім у подвійних лапках, як у переліку нижче.',
    column:
      'Такого стовпця немає. Назви з великими літерами, кирилицею чи пробілами пишуть у подвійних лапках.',
    syntax: 'Помилка в запиті. Назви стовпців беріть у подвійні лапки, тексти — в одинарні.',
    value: 'Значення не підходить до типу стовпця. Число пишуть з крапкою, дату — як 2026-11-25.',
    busy: 'Зараз виконуються інші важкі запити. Спробуйте за кілька секунд.',
    large: 'Відповідь завелика. Просіть менше рядків (limit) або стовпців.',
  },
  {
    en: {
      late: 'The query ran longer than 10 seconds and was stopped. Add a condition on a date or code, ask for fewer columns, group by one column; download the whole table as a file.',
      dear: 'The query would look through too many rows. Add a condition (where), a smaller limit, or drop a join without a condition; download the whole table as a file.',
      single: 'One query is needed: take out the second statement behind the semicolon.',
      system: 'Only the tables of the portal may be read: they are listed below.',
      call: 'This function is not among those allowed. Allowed are computing, dates, texts, JSON and aggregates: count, sum, avg, min, max, percentile_cont.',
      absent:
        'There is no table of that name. Write the id of a resource or its alias in double quotes, as in the list below.',
      column:
        'There is no such column. Names with capitals, Cyrillic letters or spaces stand in double quotes.',
      syntax: 'A mistake in the query. Names of columns stand in double quotes, texts in single ones.',
      value:
        'The value does not suit the type of its column. A number has a point, a date is written 2026-11-25.',
      busy: 'Other heavy queries are running. Try again in a few seconds.',
      large: 'The answer is too large. Ask for fewer rows (limit) or columns.',
    },
  },
);

/** Why something was not answered, and what would be. */
export interface Refused {
  /** As programs are told. */
  readonly said: string;
  readonly hint: string | null;
}

/** Reads what a query was refused with; anything else is thrown on. */
export function refusalOf(language: Language, error: unknown): Refused {
  const own = words(language);
  if (error instanceof Denied)
    return {
      said: error.why ?? error.message,
      hint: /function/.test(error.message + error.why) ? own.call : own.system,
    };
  if (error instanceof Absent) return { said: error.what ?? error.message, hint: own.absent };
  if (error instanceof Refusal && error.status === 429) return { said: error.message, hint: own.busy };
  if (!(error instanceof Faulty)) throw error;
  const said = [error.fields.query ?? error.message].flat().join('; ');
  const hints: readonly (readonly [RegExp, string])[] = [
    [/took too long/, own.late],
    [/too expensive/, own.dear],
    [/single statement/, own.single],
    [/column .* does not exist|must appear in the GROUP BY/, own.column],
    [/makes more than|too large/, own.large],
    [/invalid input syntax|Invalid value|out of range/i, own.value],
    [/syntax error/, own.syntax],
  ];
  return { said, hint: hints.find(([pattern]) => pattern.test(said))?.[1] ?? null };
}

/** The refusal as the page says it. */
export function RefusedNotice(props: { at: Here; refused: Refused }) {
  const { said, hint } = props.refused;
  return (
    <Notice tone="danger" title={props.at.text.wrongQuery} live>
      {hint && <p>{hint}</p>}
      <p class={hint ? 'mono' : undefined}>{said}</p>
    </Notice>
  );
}
