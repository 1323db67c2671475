import type { FieldFault } from '#platform/errors.ts';
import { type Language, messages } from '#platform/i18n/index.ts';
import type { LeafData, QuestionData, RequestClass } from './city-data.ts';

export interface Answer {
  readonly code: string;
  readonly values: readonly string[];
}

export interface CheckedAnswers {
  /** In the order of the questions; numbers with a full stop, dates as ISO 8601, hidden questions left out. */
  readonly answers: readonly Answer[];
  /** The class of the leaf, or what an answer raised it to. */
  readonly class: RequestClass;
  readonly faults: readonly FieldFault[];
}

/** From the most urgent on. */
const classes: readonly RequestClass[] = ['urgent', 'emergency', 'ordinary', 'question'];

/** Code points that an answer may hold. */
const longest = { string: 250, text: 4_000 } as const;

/**
 * Checks the answers to a leaf's questions and tells every fault at once. A question that is not asked, because another
 * was answered otherwise, is neither required nor kept: plain forms send it along.
 */
export function checkAnswers(leaf: LeafData, given: readonly Answer[], language: Language): CheckedAnswers {
  const t = text(language);
  const questions = leaf.questions ?? [];
  const values = gather(given);
  const faults: FieldFault[] = [];
  for (const code of values.keys())
    if (!questions.some((one) => one.code === code && one.datatype !== 'information'))
      faults.push({ field: `answers.${code.slice(0, 100)}`, message: t.unknown });

  const answers: Answer[] = [];
  let urgency = leaf.class;
  for (const question of questions) {
    if (question.datatype === 'information' || !isAsked(question, questions, values)) continue;
    const field = `answers.${question.code}`;
    const said = values.get(question.code) ?? [];
    if (said.length === 0) {
      if (question.required) faults.push({ field, message: t.required });
      continue;
    }
    const checked = checkValues(question, said, t);
    if (typeof checked === 'string') {
      faults.push({ field, message: checked });
      continue;
    }
    answers.push({ code: question.code, values: checked });
    for (const key of checked) {
      const raised = question.values?.find((value) => value.key === key)?.raisesTo;
      if (raised && classes.indexOf(raised) < classes.indexOf(urgency)) urgency = raised;
    }
  }
  return { answers, class: urgency, faults };
}

/** Whether the question is asked, given the other answers; one that depends on itself never is. */
export function isAsked(
  question: QuestionData,
  questions: readonly QuestionData[],
  values: ReadonlyMap<string, readonly string[]>,
): boolean {
  const seen = new Set<QuestionData>();
  let current: QuestionData | undefined = question;
  while (current) {
    if (seen.has(current)) return false;
    seen.add(current);
    const condition: QuestionData['showIf'] = current.showIf;
    if (!condition) return true;
    if (!values.get(condition.question)?.some((value) => condition.in.includes(value))) return false;
    current = questions.find((one) => one.code === condition.question);
  }
  return false;
}

function gather(given: readonly Answer[]): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (const { code, values: said } of given) {
    const known = values.get(code) ?? [];
    for (const value of said) if (value.trim()) known.push(value.trim());
    if (known.length) values.set(code, known);
  }
  return values;
}

/** The values as they are kept, or the fault. */
function checkValues(
  question: QuestionData,
  said: readonly string[],
  t: ReturnType<typeof text>,
): readonly string[] | string {
  const isKey = (value: string) => question.values?.some(({ key }) => key === value) ?? false;
  if (question.datatype === 'multivaluelist') return said.every(isKey) ? [...new Set(said)] : t.list;
  if (said.length > 1) return t.one;
  const value = said[0]!;
  switch (question.datatype) {
    case 'singlevaluelist':
      return isKey(value) ? [value] : t.list;
    case 'number': {
      const number = value.replace(',', '.').replace('−', '-').replace(/^\+/, '');
      return /^-?\d{1,15}(?:\.\d{1,9})?$/.test(number) ? [number] : t.number;
    }
    case 'datetime': {
      const moment = isoMoment(value);
      return moment ? [moment] : t.datetime;
    }
    case 'string':
      if (/[\r\n]/.test(value)) return t.line;
      return [...value].length <= longest.string ? [value] : t.long(longest.string);
    default:
      return [...value].length <= longest.text ? [value] : t.long(longest.text);
  }
}

/** A day or a moment as ISO 8601, also from 21.08.2026 14:05; null when there is no such day or hour. */
function isoMoment(value: string): string | null {
  const local = /^(\d{2})\.(\d{2})\.(\d{4})(?:,?\s(\d{2}:\d{2}))?$/.exec(value);
  const iso = local ? `${local[3]}-${local[2]}-${local[1]}${local[4] ? `T${local[4]}` : ''}` : value;
  const parts =
    /^(\d{4}-\d{2}-\d{2})(?:T([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?(?:Z|[+-](?:0\d|1[0-4]):?[0-5]\d)?)?$/.exec(
      iso,
    );
  if (!parts) return null;
  const day = new Date(`${parts[1]}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(parts[1]!) ? iso : null;
}

const text = messages(
  {
    unknown: 'Такого питання тут немає; приберіть цю відповідь',
    required: 'Дайте відповідь на це питання',
    list: 'Оберіть відповідь зі списку',
    one: 'Залиште одну відповідь',
    number: 'Введіть число цифрами, наприклад 16 або 16,5',
    datetime: 'Введіть дату, наприклад 21.08.2026 або 21.08.2026 14:05',
    line: 'Введіть відповідь одним рядком',
    long: (limit: number) => `Відповідь задовга: не більше ${limit} знаків`,
  },
  {
    en: {
      unknown: 'There is no such question here; leave this answer out',
      required: 'Answer this question',
      list: 'Choose an answer from the list',
      one: 'Leave only one answer',
      number: 'Enter a number in digits, such as 16 or 16.5',
      datetime: 'Enter a date, such as 2026-08-21 or 2026-08-21T14:05',
      line: 'Enter the answer in one line',
      long: (limit) => `The answer is too long: at most ${limit} characters`,
    },
  },
);
