import { resolve } from 'node:path';
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

  it('take a city by its name or by the path of its folder, and in production none unless told', () => {
    expect(readConfig({ MISTO_CITY: 'dnipro' }).city).toBe('dnipro');
    expect(readConfig({ MISTO_CITY: '/etc/misto/verbove' }).city).toBe('/etc/misto/verbove');
    expect(readConfig({ MISTO_CITY: './verbove' }).city).toBe(resolve('verbove'));
    const live = {
      MISTO_MODE: 'production',
      PUBLIC_URL: 'https://misto.example',
      MISTO_KEYS: 'package.json',
    };
    expect(readConfig(live).city).toBeNull();
  });

  it('name the wrong one in one line', () => {
    expect(() => readConfig({ PORT: 'many' })).toThrow(ConfigError);
    expect(() => readConfig({ PORT: 'many' })).toThrow(/^PORT: "many" cannot be used/);
    expect(() => readConfig({ MISTO_MODE: 'live' })).toThrow(/^MISTO_MODE: "live"/);
  });

  it('take proxies as addresses and networks, and name what is neither', () => {
    expect(readConfig({ TRUSTED_PROXIES: '10.0.0.0/8, ::1' }).trustedProxies).toEqual(['10.0.0.0/8', '::1']);
    for (const wrong of ['proxy.example', '10.0.0.0/64', '10.0.0.0/x'])
      expect(() => readConfig({ TRUSTED_PROXIES: wrong })).toThrow(
        new ConfigError(
          `TRUSTED_PROXIES: "${wrong}" cannot be used (addresses and networks such as 10.0.0.0/8, parted by spaces). Correct it or leave it out.`,
        ),
      );
  });

  it('never repeat a secret in the message', () => {
    expect(() => readConfig({ DATABASE_URL: 'mysql://u:secret@h/d' })).toThrow(/^DATABASE_URL: its value/);
  });

  it('treat an empty value as unset', () => {
    expect(readConfig({ PORT: '', DATABASE_URL: '' }).port).toBe(3000);
  });
});
