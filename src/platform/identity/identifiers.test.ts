// Keeps: the vectors of platform.md §3.6.
import { describe, expect, it } from 'vitest';
import {
  companyNumberFault,
  masked,
  readPassport,
  recordNumberFault,
  taxNumberFacts,
  taxNumberFault,
} from './identifiers.ts';

/** The same with its last digit one further. */
const spoilt = (number: string) => number.slice(0, -1) + ((Number(number.at(-1)) + 1) % 10);

describe('an identifier', () => {
  it.each(['9123456783', '9000000002', '9123456790'])(
    'РНОКПП %s is one, and no other last digit is',
    (number) => {
      expect(taxNumberFault(number)).toBeNull();
      expect(taxNumberFault(spoilt(number))).toBe('checksum');
    },
  );

  it.each(['43395033', '39787008', '00015622', '12345784', '35123499'])(
    'ЄДРПОУ %s is one, and no other last digit is',
    (number) => {
      expect(companyNumberFault(number)).toBeNull();
      expect(companyNumberFault(spoilt(number))).toBe('checksum');
    },
  );

  it('УНЗР has a real day and a control digit', () => {
    expect(recordNumberFault('19910824-00026')).toBeNull();
    expect(recordNumberFault('19910824-00027')).toBe('checksum');
    expect(recordNumberFault('19910231-00026')).toBe('shape');
  });

  it('of another shape is none', () => {
    for (const text of ['', '123', '912345678a', '91234567830']) expect(taxNumberFault(text)).toBe('shape');
    for (const text of ['', '4339503', '4339503x']) expect(companyNumberFault(text)).toBe('shape');
    expect(recordNumberFault('1991082400026')).toBe('shape');
  });

  it('of a person tells the day of birth and the sex', () => {
    expect(taxNumberFacts('0000100010')).toEqual({ birth: '1900-01-01', sex: 'male' });
    expect(taxNumberFacts('3333300000')).toMatchObject({ birth: '1991-04-06', sex: 'female' });
  });

  it('of a passport is a card or a booklet, with Latin look-alikes turned', () => {
    expect(readPassport('123456789')).toEqual({ kind: 'card', number: '123456789' });
    expect(readPassport('AE 123456')).toEqual({ kind: 'booklet', number: 'АЕ123456' });
    expect(readPassport('ЯЯ999998')).toEqual({ kind: 'booklet', number: 'ЯЯ999998' });
    for (const text of ['', '12345678', 'QQ123456', 'А123456']) expect(readPassport(text)).toBeNull();
  });

  it('is shown masked', () => expect(masked('9123456783')).toBe('•••••••783'));
});
