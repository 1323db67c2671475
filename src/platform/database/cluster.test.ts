import { describe, expect, it } from 'vitest';
import { explain, socketFolder } from './cluster.ts';

describe('what a failed start says', () => {
  it.each([
    ['spawn /x/initdb ENOENT', /glibc 2\.27.*DATABASE_URL/],
    ["/x/postgres: version `GLIBC_2.27' not found", /glibc 2\.27.*DATABASE_URL/],
    [
      'initdb: error: could not look up effective user ID 12345: user does not exist',
      /user 12345.*another user/,
    ],
    [
      'LOG:  starting\nPANIC:  could not write to file "pg_wal/x": No space left on device\n',
      /free some space/,
    ],
    [
      '2026-11-24 08:00:00 UTC [7] FATAL:  data directory is broken\nLOG:  gone',
      /^data directory is broken$/,
    ],
    ['', /^it said nothing$/],
  ])('%j', (output, sentence) => {
    expect(explain(output)).toMatch(sentence);
    expect(explain(output)).not.toContain('\n');
  });
});

describe('the socket', () => {
  it('lies beside the data, or in a short folder named after it when the path is too long', () => {
    expect(socketFolder('/srv/misto/database')).toBe('/srv/misto/database/socket');
    const long = `/srv/${'місто/'.repeat(20)}database`;
    expect(socketFolder(long)).toMatch(/^\/tmp\/misto-[0-9a-f]{16}$/);
    expect(socketFolder(long)).not.toBe(socketFolder(`${long}2`));
  });
});
