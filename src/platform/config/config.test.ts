import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from './index.ts';

describe('settings', () => {
  it('make a demo on loopback when nothing is set', () => {
    const config = readConfig({});
    expect(config).toMatchObject({ mode: 'demo', host: '127.0.0.1', port: 3000, city: 'dnipro' });
  });

  it('mean production as soon as the server listens to others, and then need an address and a key ring', () => {
    expect(() => readConfig({ HOST: '0.0.0.0' })).toThrow(/PUBLIC_URL/);
    expect(() => readConfig({ HOST: '0.0.0.0', PUBLIC_URL: 'https://misto.example' })).toThrow(/MISTO_KEYS/);
  });

  it('name the wrong one in one line', () => {
    expect(() => readConfig({ PORT: 'many' })).toThrow(ConfigError);
    expect(() => readConfig({ PORT: 'many' })).toThrow(/^PORT: "many" cannot be used/);
    expect(() => readConfig({ MISTO_MODE: 'live' })).toThrow(/^MISTO_MODE: "live"/);
  });

  it('never repeat a secret in the message', () => {
    expect(() => readConfig({ DATABASE_URL: 'mysql://u:secret@h/d' })).toThrow(/^DATABASE_URL: its value/);
  });

  it('treat an empty value as unset', () => {
    expect(readConfig({ PORT: '', DATABASE_URL: '' }).port).toBe(3000);
  });
});
