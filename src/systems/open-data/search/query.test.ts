import { describe, expect, it } from 'vitest';
import { instantOf } from './dates.ts';
import { parseQuery, type Query } from './query.ts';

const fields = new Set(['name', 'tags', 'title']);
const read = (text: string) => parseQuery(text, (name) => fields.has(name));
const word = (text: string, field: string | null = null, boost = 1): Query => ({
  kind: 'word',
  field,
  text,
  boost,
});

describe('the query language', () => {
  it('joins words by AND, AND before OR', () => {
    expect(read('a b OR c')).toEqual({
      kind: 'or',
      parts: [{ kind: 'and', parts: [word('a'), word('b')] }, word('c')],
    });
  });
  it('carries a field over a bracket', () => {
    expect(read('tags:(a OR b)')).toEqual({ kind: 'or', parts: [word('a', 'tags'), word('b', 'tags')] });
  });
  it('knows + - ! NOT && ||', () => {
    const not: Query = { kind: 'not', part: word('b') };
    for (const text of ['a -b', 'a !b', 'a NOT b', '+a AND -b', 'a && !b'])
      expect(read(text)).toEqual({ kind: 'and', parts: [word('a'), not] });
    expect(read('a || b')).toEqual({ kind: 'or', parts: [word('a'), word('b')] });
  });
  it('takes what is escaped as it is', () => {
    expect(read('name:a\\:b\\ \\*')).toEqual(word('a:b *', 'name'));
    expect(read('"a \\"b\\""')).toEqual({ kind: 'phrase', field: null, text: 'a "b"', boost: 1 });
  });
  it('leaves hyphens and colons of words alone', () => {
    expect(read('open-data 10:30 C++')).toEqual({
      kind: 'and',
      parts: [word('open-data'), word('10:30'), word('C++')],
    });
  });
  it('reads boosts and distances', () => {
    expect(read('a^2.5 name:b~2')).toEqual({ kind: 'and', parts: [word('a', null, 2.5), word('b', 'name')] });
  });
  it('refuses what is broken off', () => {
    for (const text of [
      '(a',
      'a)',
      '"a',
      'name:',
      'a AND',
      'OR a',
      '[a TO b]',
      'name:[a b]',
      '()',
      `${'('.repeat(60)}a`,
    ])
      expect(() => read(text), text).toThrow();
  });
});

describe('times', () => {
  const now = new Date('2026-11-24T10:20:30.500Z');
  it.each([
    ['NOW', '2026-11-24T10:20:30.500Z'],
    ['NOW-7DAYS/DAY', '2026-11-17T00:00:00.000Z'],
    ['NOW/HOUR+1MONTH', '2026-12-24T10:00:00.000Z'],
    ['NOW/YEAR-1YEAR', '2025-01-01T00:00:00.000Z'],
    ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000Z'],
    ['2026-01-01', '2026-01-01T00:00:00.000Z'],
    ['2026-01-31T00:00:00Z+1DAY', '2026-02-01T00:00:00.000Z'],
  ])('%s', (text, expected) => {
    expect(new Date(instantOf(text, now)!).toISOString()).toBe(expected);
  });
  it('are nothing else', () => {
    for (const text of ['soon', 'NOW-1', 'NOW-1EON', '2026-13-01', ''])
      expect(instantOf(text, now)).toBeNull();
  });
});
