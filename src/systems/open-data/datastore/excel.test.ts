import { describe, expect, it } from 'vitest';
import { ExactNumber, excelLine } from './excel.ts';

describe('CSV for Excel', () => {
  it('puts an apostrophe before texts that would be formulas, not before numbers', () => {
    for (const text of ['=1+1', '+cmd', '-2+3', '@SUM(A1)', '\tx', '\rx'])
      expect(excelLine([text]).replace(/^"/, '')).toMatch(/^'/);
    expect(excelLine(['-5', '+380', '-1.5', 'а=б'])).toBe('-5;+380;-1.5;а=б\r\n');
  });

  it('parts by semicolons, writes numbers with a comma and all their digits, quotes what needs it', () => {
    expect(
      excelLine([new ExactNumber('12345678901234567890.5'), null, true, 'а;б', 'він «"так"»', ['x', 'y']]),
    ).toBe('12345678901234567890,5;;1;"а;б";"він «""так""»";"x; y"\r\n');
  });
});
