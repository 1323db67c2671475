import { mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../config/index.ts';
import { newKeyRing, openSecrets, secretsOf } from './secrets.ts';

const place = { table: 'person', column: 'name', row: '1' };

describe('an encrypted value', () => {
  const ring = newKeyRing('k1');
  const secrets = openSecrets(ring);

  it('opens in its own place only', () => {
    const stored = secrets.encrypt('Олена Іваненко', place);
    expect(stored).not.toContain('Олена');
    expect(secrets.decrypt(stored, place)).toBe('Олена Іваненко');
    expect(() => secrets.decrypt(stored, { ...place, row: '2' })).toThrow();
    expect(secrets.encrypt('Олена Іваненко', place)).not.toBe(stored);
  });

  it('still opens after the active key has changed, and is locked when its key is gone', () => {
    const stored = secrets.encrypt('380671234567', place);
    const rotated = openSecrets({ active: 'k2', keys: { ...ring.keys, ...newKeyRing('k2').keys } });
    expect(rotated.decrypt(stored, place)).toBe('380671234567');
    expect(rotated.encrypt('x', place)).toMatch(/^k2\./);
    expect(openSecrets(newKeyRing('k3')).decrypt(stored, place)).toBeNull();
  });

  it('is found by its blind index, which outlives a rotation and differs by kind', () => {
    const rotated = openSecrets({ active: 'k2', keys: { ...ring.keys, ...newKeyRing('k2').keys } });
    expect(rotated.blind('email', 'a@b.ua')).toBe(secrets.blind('email', 'a@b.ua'));
    expect(secrets.blind('phone', 'a@b.ua')).not.toBe(secrets.blind('email', 'a@b.ua'));
  });
});

describe('the key ring', () => {
  it('of a demo is made once, for its owner only', () => {
    const directory = mkdtempSync(join(tmpdir(), 'misto-keys-'));
    const config = () => readConfig({ MISTO_MODE: 'demo', MISTO_DATA_DIR: directory });
    const stored = secretsOf(config()).encrypt('x', place);
    expect(statSync(join(directory, 'keys.json')).mode & 0o777).toBe(0o600);
    expect(secretsOf(config()).decrypt(stored, place)).toBe('x');
  });

  it('of a demo, or a broken one, is refused in production', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'misto-keys-')), 'keys.json');
    const open = () =>
      secretsOf(readConfig({ MISTO_MODE: 'production', PUBLIC_URL: 'https://m.test', MISTO_KEYS: file }));
    writeFileSync(file, JSON.stringify(newKeyRing('demo')));
    expect(open).toThrow(/key ring of a demo/);
    writeFileSync(file, '{}');
    expect(open).toThrow(/not a key ring/);
    writeFileSync(file, JSON.stringify(newKeyRing('k1')));
    expect(open).not.toThrow();
  });
});
