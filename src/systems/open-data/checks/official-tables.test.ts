import { describe, expect, it } from 'vitest';
import { isCard, isEdrpou, isIban, isPlausibleRnokpp, isRnokpp, isUnzr } from './identifiers.ts';
import obligations from './obligations.json' with { type: 'json' };
import { likelyTables, matchColumns, officialTable, officialTables } from './official-tables.ts';

const today = new Date('2026-11-24T10:00:00Z');
const schemaOf = (id: string) => officialTable(id)!.schema;

describe('the official tables', () => {
  it('are 69 appendices, 109 tables, 1,985 columns, 1,478 of them required', () => {
    const columns = officialTables.flatMap(({ schema }) => schema.columns);
    expect(new Set(officialTables.map(({ appendix }) => appendix)).size).toBe(69);
    expect(officialTables).toHaveLength(109);
    expect(columns).toHaveLength(1_985);
    expect(columns.filter(({ required }) => required)).toHaveLength(1_478);
  });

  it('join the 74 obligations by the code of 2019, appendix 5 alone is outside of them', () => {
    expect(obligations).toHaveLength(74);
    const codes = new Set(obligations.map(({ code }) => code));
    const outside = officialTables.filter(({ code }) => code !== null && !codes.has(code));
    expect([...new Set(outside.map(({ appendix }) => appendix))]).toEqual([5]);
  });

  it('have unique keys only where the key is that of the row itself: link tables repeat theirs', () => {
    for (const id of [
      '29/votings',
      '34/votings',
      '35/votings',
      '32/norms',
      '56/calendarDates',
      '56/stopTimes',
      '56/trips',
      '66/airAnalysis',
      '66/transportation',
      '76/specifications',
    ])
      expect(schemaOf(`835/${id}`).keyIsUnique, id).toBe(false);
    expect(schemaOf('835/33/appeals')).toMatchObject({ key: ['uid'], keyIsUnique: true });
    expect(officialTables.filter(({ schema }) => schema.key.length === 0)).toHaveLength(11);
  });

  it('take the letters of a currency where the standard says decimal', () => {
    const column = schemaOf('835/36/parkingLots').columns.find(({ id }) => id === 'currencyCode');
    expect(column).toMatchObject({ type: 'text', role: 'currency' });
  });
});

describe('headers', () => {
  const names = (headers: string[], id: string) =>
    matchColumns(headers, schemaOf(id)).columns.map((column) => column?.id ?? null);

  it('match without regard to case, spaces, underscores, U+2028 and Cyrillic look-alikes', () => {
    expect(names(['UID', 'uId', ' title\u2028', 'оbjective'], '835/11/plan')).toEqual([
      'uId',
      null,
      'title',
      'objective',
    ]);
    expect(names(['expirationDate'], '835/28/distribution')).toEqual(['expiration_Date']);
    expect(names(['cadastralid'], '835/51/parcels')).toEqual(['cadastralID']);
    expect(names(['address PostСode'], '835/33/appeals')).toEqual(['addressPostCode']);
  });

  it('that repeat, or end in .1, .2, are _2 and _3 of the standard', () => {
    const wanted = ['currencyCode', 'currencyCode_2', 'currencyCode_3'];
    expect(names(['currencyCode', 'currencyCode', 'currencyCode'], '835/40/equipment')).toEqual(wanted);
    expect(names(['currencyCode', 'currencyCode.1', 'currencyCode.2'], '835/40/equipment')).toEqual(wanted);
    expect(names(wanted, '835/40/equipment')).toEqual(wanted);
    expect(names(['inspectorName', 'inspectorName'], '835/69/penalty')).toEqual([
      'inspectorName',
      'inspectorName_2',
    ]);
  });

  it('say which official table they belong to', () => {
    for (const { id, schema } of officialTables) {
      const [first, second] = likelyTables(schema.columns.map((column) => column.id));
      expect(first!.share, id).toBe(1);
      // Twins of one form exist: parcels, lists of sales.
      if (!second || second.share < 1) expect(first!.table.id).toBe(id);
    }
    expect(likelyTables(['Назва', 'Кількість'])).toEqual([]);
  });
});

describe('identifiers', () => {
  it('are told by their check digits', () => {
    for (const good of ['9123456783', '9000000002', '9123456790']) expect(isRnokpp(good), good).toBe(true);
    expect(isRnokpp('9123456784')).toBe(false);
    for (const good of ['43395033', '39787008', '00015622', '12345784', '35123499'])
      expect(isEdrpou(good), good).toBe(true);
    expect(isEdrpou('43395034')).toBe(false);
    expect(isUnzr('19910824-00026')).toBe(true);
    expect(isUnzr('19910824-00027')).toBe(false);
    expect(isUnzr('19911324-00026')).toBe(false);
    expect(isCard('4242424242424242')).toBe(true);
    expect(isCard('4242424242424241')).toBe(false);
    expect(isIban('UA21 322313 0000026007233566001')).toBe(true);
    expect(isIban('UA213223130000026007233566002')).toBe(false);
  });

  it('of a person are plausible with a birth day that has been, or in the demo range', () => {
    expect(isPlausibleRnokpp('9123456783', today)).toBe(true);
    const born2030 = [...Array(10).keys()].map((digit) => `47500${'1234'}${digit}`).find(isRnokpp)!;
    expect(isPlausibleRnokpp(born2030, today)).toBe(false);
    const born1985 = [...Array(10).keys()].map((digit) => `31200${'1234'}${digit}`).find(isRnokpp)!;
    expect(isPlausibleRnokpp(born1985, today)).toBe(true);
  });
});
