// Keeps: what each row goes through before anybody outside of its system sees it (open-data.md 8).
import { describe, expect, it } from 'vitest';
import type { LiveDataset, LiveRow, Privacy } from '#platform/live-data.ts';
import { liveTableOf } from './columns.ts';
import { treatment } from './treat.ts';

const live = (privacy: Privacy): LiveDataset => ({
  key: 'test.all',
  unit: 'test',
  passport: {
    name: 'test-all',
    title: { uk: 'Усе', en: 'All' },
    notes: { uk: '', en: '' },
    updateFrequency: 'once a day',
    purpose: '',
    keywords: [],
    themes: [],
  },
  table: {
    columns: (
      [
        ['id', 'text'],
        ['name', 'text'],
        ['at', 'timestamp'],
        ['born', 'date'],
        ['period', 'text'],
        ['address', 'text'],
        ['lat', 'numeric'],
        ['lon', 'numeric'],
        ['open', 'boolean'],
      ] as const
    ).map(([id, type]) => ({ id, title: { uk: id, en: id }, type })),
    key: ['id'],
  },
  mode: 'snapshot',
  privacy,
  async *read() {},
});
const row: LiveRow = {
  id: '17',
  name: 'Олена Калиногай',
  at: new Date('2026-11-24T22:30:15Z'),
  born: new Date('1985-03-02T10:00:00Z'),
  period: new Date('2026-11-24T22:30:15Z'),
  address: 'вулиця Робоча, 12, кв. 5',
  lat: 48.46231,
  lon: 35.04512,
  open: true,
};
function treated(privacy: Privacy, given: LiveRow = row, hashKey = 'k'): Record<string, string | null> {
  const dataset = live(privacy);
  const { columns } = liveTableOf(dataset);
  const cells = treatment({ columns, privacy, hashKey })(given);
  return Object.fromEntries(columns.map(({ id }, n) => [id, cells[n]!]));
}

describe('a row', () => {
  it('without treatment stands as it is, times as they are read in Kyiv', () => {
    expect(treated({})).toMatchObject({
      id: '17',
      at: '2026-11-25T00:30:15',
      born: '1985-03-02',
      open: 'true',
    });
  });

  it('loses the columns that drop, and is coarser where it is said', () => {
    const shown = treated({
      drop: ['name'],
      coarsen: {
        at: 'day',
        born: 'year',
        period: 'month',
        address: 'street',
        lat: 'grid100m',
        lon: 'grid100m',
      },
    });
    expect(shown).toMatchObject({
      at: '2026-11-25T00:00:00',
      born: '1985-01-01',
      period: '2026-11',
      address: 'вулиця Робоча',
    });
    expect(shown).not.toHaveProperty('name');
    expect(shown.lat).not.toBe('48.46231');
    expect(JSON.stringify(shown)).not.toMatch(/Калиногай|48\.46231|35\.04512|кв\. 5/);
  });

  it('of which half a place is known has none', () => {
    expect(treated({ coarsen: { lat: 'grid100m', lon: 'grid100m' } }, { ...row, lon: null })).toMatchObject({
      lat: null,
      lon: null,
    });
  });

  it('is followed by its hash while the key is the same, and not under the key of another year', () => {
    const privacy: Privacy = { hash: ['id'] };
    const { id } = treated(privacy);
    expect(id).toMatch(/^[a-p]{32}$/);
    expect(treated(privacy).id).toBe(id);
    expect(treated(privacy, { ...row, id: '18' }).id).not.toBe(id);
    expect(treated(privacy, row, 'another year').id).not.toBe(id);
  });

  it('with a column that the table does not have is refused, never cut in silence', () => {
    expect(() => treated({}, { ...row, phone: '050' })).toThrow('phone');
    expect(() => treated({ drop: ['name'] }, row)).not.toThrow();
  });
});

describe('a treatment', () => {
  it('of a column that is not published, or of half a place, is a mistake that is told at once', () => {
    expect(() => liveTableOf(live({ hash: ['nothing'] }))).toThrow('nothing');
    expect(() => liveTableOf(live({ drop: ['id'], hash: ['id'] }))).toThrow('id');
    expect(() => treated({ coarsen: { lat: 'grid100m' } })).toThrow('lat');
  });

  it('that changes makes another table: the officer is asked', () => {
    const one = liveTableOf(live({ hash: ['id'] })).fingerprint;
    expect(liveTableOf(live({ hash: ['id'] })).fingerprint).toBe(one);
    expect(liveTableOf(live({ drop: ['id'] })).fingerprint).not.toBe(one);
    expect(liveTableOf(live({})).fingerprint).not.toBe(one);
  });
});
