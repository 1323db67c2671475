import { expect, test } from 'vitest';
import { newKeyRing, openSecrets } from '../identity/secrets.ts';
import { openRow, sealRow } from './row-seal.ts';

const ring = newKeyRing('k1');
const secrets = openSecrets(ring);
const place = { table: 'cc_reporter', row: 'r-1' };
const fields = { name: 'Олена', phone: '+380671234567', email: null, account: '' };

test('a row opens with the ring to what was given, and a row without personal data has neither key nor seal', () => {
  const row = sealRow(secrets, place, fields);
  expect(`${row.key}${row.sealed}`).not.toContain('Олена');
  expect(openRow(secrets, place, row)).toEqual({ name: 'Олена', phone: '+380671234567' });
  expect(sealRow(secrets, place, { name: null })).toEqual({ key: null, sealed: null });
  expect(openRow(secrets, place, { key: null, sealed: null })).toEqual({});
});

test('a destroyed key or one that the ring does not hold leaves the row locked', () => {
  const row = sealRow(secrets, place, fields);
  expect(openRow(secrets, place, { ...row, key: null })).toBeNull();
  expect(openRow(openSecrets(newKeyRing('k2')), place, row)).toBeNull();
});

test('after rotation new rows name the new key and old rows still open', () => {
  const before = sealRow(secrets, place, fields);
  const rotated = openSecrets({ active: 'k2', keys: { ...ring.keys, ...newKeyRing('k2').keys } });
  expect(sealRow(rotated, place, fields).key).toMatch(/^k2\./);
  expect(openRow(rotated, place, before)).toMatchObject({ name: 'Олена' });
});

test('a seal moved to another row or table, or changed, does not open', () => {
  const row = sealRow(secrets, place, fields);
  expect(() => openRow(secrets, { ...place, row: 'r-2' }, row)).toThrow();
  expect(() => openRow(secrets, { ...place, table: 'cc_contact' }, row)).toThrow();
  const changed = `${row.sealed!.slice(0, -2)}${row.sealed!.endsWith('AA') ? 'BB' : 'AA'}`;
  expect(() => openRow(secrets, place, { ...row, sealed: changed })).toThrow();
});
