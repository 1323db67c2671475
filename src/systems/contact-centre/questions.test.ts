import { expect, test } from 'vitest';
import type { LeafData, QuestionData } from './city-data.ts';
import { type Answer, checkAnswers } from './questions.ts';

const words = { uk: 'питання', en: 'question' };
const yesNo = (raisesTo?: 'urgent' | 'question') => [
  { key: 'yes', name: words, ...(raisesTo ? { raisesTo } : {}) },
  { key: 'no', name: words },
];
const leafWith = (...questions: readonly (Partial<QuestionData> & { code: string })[]): LeafData => ({
  kind: 'leaf',
  code: 'cold',
  parent: 'heating',
  number: '01.01',
  name: words,
  keywords: [],
  class: 'ordinary',
  questions: questions.map((one) => ({ datatype: 'string' as const, description: words, ...one })),
});
const answer = (code: string, ...values: string[]): Answer => ({ code, values });
const faultsOf = (leaf: LeafData, ...answers: Answer[]) => checkAnswers(leaf, answers, 'uk').faults;

test('a required question without an answer is a fault, in the language of the person', () => {
  const leaf = leafWith({ code: 'room', required: true });
  expect(checkAnswers(leaf, [], 'uk').faults).toEqual([
    { field: 'answers.room', message: 'Дайте відповідь на це питання' },
  ]);
  expect(checkAnswers(leaf, [answer('room', '  ')], 'en').faults[0]!.message).toBe('Answer this question');
  expect(faultsOf(leaf, answer('room', 'kitchen'))).toEqual([]);
});

test('all faults are told at once, and a question that does not exist is one of them', () => {
  const leaf = leafWith(
    { code: 'a', required: true },
    { code: 'b', datatype: 'number' },
    { code: 'told', datatype: 'information', required: true },
  );
  const faults = faultsOf(leaf, answer('b', 'many'), answer('__proto__', 'x'), answer('told', 'yes'));
  expect(faults.map(({ field }) => field).sort()).toEqual([
    'answers.__proto__',
    'answers.a',
    'answers.b',
    'answers.told',
  ]);
});

test('a question shown only on some answer is not required otherwise, and what was sent for it is dropped', () => {
  const leaf = leafWith(
    { code: 'damage', datatype: 'singlevaluelist', values: yesNo() },
    { code: 'what', required: true, showIf: { question: 'damage', in: ['yes'] } },
    { code: 'where', required: true, showIf: { question: 'what', in: ['floor'] } },
  );
  const no = checkAnswers(leaf, [answer('damage', 'no'), answer('what', 'floor')], 'uk');
  expect(no).toEqual({ answers: [answer('damage', 'no')], class: 'ordinary', faults: [] });
  expect(faultsOf(leaf, answer('damage', 'yes')).map(({ field }) => field)).toEqual(['answers.what']);
  expect(faultsOf(leaf, answer('damage', 'yes'), answer('what', 'floor'))).toHaveLength(1);
});

test('questions that wait for each other are never asked', () => {
  const leaf = leafWith(
    { code: 'a', required: true, showIf: { question: 'b', in: ['1'] } },
    { code: 'b', required: true, showIf: { question: 'a', in: ['1'] } },
  );
  expect(checkAnswers(leaf, [answer('a', '1'), answer('b', '1')], 'uk')).toMatchObject({
    answers: [],
    faults: [],
  });
});

test.each([
  ['number', '16', '16'],
  ['number', '16,5', '16.5'],
  ['number', '−3', '-3'],
  ['number', '1e9', null],
  ['number', '٣', null],
  ['number', '16 17', null],
  ['datetime', '2026-08-21', '2026-08-21'],
  ['datetime', '21.08.2026 14:05', '2026-08-21T14:05'],
  ['datetime', '2026-08-21T14:05:00+03:00', '2026-08-21T14:05:00+03:00'],
  ['datetime', '2026-02-30', null],
  ['datetime', '2026-13-01', null],
  ['datetime', '21.08.2026 25:00', null],
  ['datetime', 'yesterday', null],
  ['string', 'x'.repeat(250), 'x'.repeat(250)],
  ['string', 'x'.repeat(251), null],
  ['string', 'a\nb', null],
  ['text', 'a\nb', 'a\nb'],
  ['text', 'x'.repeat(4001), null],
  ['singlevaluelist', 'yes', 'yes'],
  ['singlevaluelist', 'maybe', null],
] as const)('%s takes or refuses «%s»', (datatype, value, kept) => {
  const { answers, faults } = checkAnswers(
    leafWith({ code: 'q', datatype, values: yesNo() }),
    [answer('q', value)],
    'uk',
  );
  expect(answers).toEqual(kept === null ? [] : [answer('q', kept)]);
  expect(faults).toHaveLength(kept === null ? 1 : 0);
});

test('many values only for a list of many, each of its keys once', () => {
  const many = leafWith({ code: 'q', datatype: 'multivaluelist', values: yesNo() });
  expect(checkAnswers(many, [answer('q', 'yes', 'no', 'yes')], 'uk').answers).toEqual([
    answer('q', 'yes', 'no'),
  ]);
  expect(faultsOf(many, answer('q', 'yes', 'other'))).toHaveLength(1);
  const single = leafWith({ code: 'q', datatype: 'singlevaluelist', values: yesNo() });
  expect(faultsOf(single, answer('q', 'yes'), answer('q', 'no'))).toHaveLength(1);
});

test('an answer raises the class and never lowers it', () => {
  const raising = leafWith({ code: 'q', datatype: 'multivaluelist', values: yesNo('urgent') });
  expect(checkAnswers(raising, [answer('q', 'yes')], 'uk').class).toBe('urgent');
  expect(checkAnswers(raising, [answer('q', 'no')], 'uk').class).toBe('ordinary');
  const lowering = leafWith({ code: 'q', datatype: 'multivaluelist', values: yesNo('question') });
  expect(checkAnswers(lowering, [answer('q', 'yes')], 'uk').class).toBe('ordinary');
});

test('a question that is hidden raises nothing', () => {
  const leaf = leafWith(
    { code: 'a', datatype: 'singlevaluelist', values: yesNo() },
    {
      code: 'b',
      datatype: 'singlevaluelist',
      values: yesNo('urgent'),
      showIf: { question: 'a', in: ['yes'] },
    },
  );
  expect(checkAnswers(leaf, [answer('a', 'no'), answer('b', 'yes')], 'uk').class).toBe('ordinary');
});
