import { expect, it } from 'vitest';
import { csvCell, csvRow } from './csv.ts';

it('no cell that is given back begins a formula', () => {
  expect(csvCell('=1+1')).toBe("'=1+1");
  expect(csvCell('-48,5')).toBe('"-48,5"');
  expect(csvCell('a"b')).toBe('"a""b"');
});

it('a row ends as RFC 4180 wants it, and what is not there is an empty cell', () => {
  expect(csvRow(['a,b', null, 7])).toBe('"a,b",,7\r\n');
});
