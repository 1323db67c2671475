import { describe, expect, it } from 'vitest';
import { canonical, type Json } from './canonical.ts';

describe('canonical JSON (RFC 8785)', () => {
  it('writes numbers as ECMAScript does', () => {
    const numbers = [
      Number('333333333.33333329'),
      1e30,
      4.5,
      2e-3,
      0.000000000000000000000000001,
      -0,
      1e21,
      5e-324,
    ];
    expect(canonical(numbers)).toBe('[333333333.3333333,1e+30,4.5,0.002,1e-27,0,1e+21,5e-324]');
  });

  it('escapes only what must be escaped', () => {
    expect(canonical('€$\u000f\nA\'B"\\\\"/їґ')).toBe(String.raw`"€$\u000f\nA'B\"\\\\\"/їґ"`);
  });

  it('sorts keys by UTF-16 code units, at every depth', () => {
    const keys = { '€': 1, '\r': 2, '\ufb33': 3, '1': 4, '😀': 5, '\u0080': 6, ö: 7 };
    expect(canonical(keys)).toBe('{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}');
    expect(canonical({ b: [{ d: 1, c: null }], a: true, gone: undefined })).toBe(
      '{"a":true,"b":[{"c":null,"d":1}]}',
    );
  });

  it('refuses what JSON cannot say', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, '\ud800', { '\udead': 1 }] as Json[])
      expect(() => canonical(bad)).toThrow(TypeError);
  });
});
