// Keeps: by an address that somebody else chose nothing behind the city's walls is reached (open-data.md 11, platform.md §15).
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchOutside, isPublicAddress, OutsideFault, type OutsideRequest } from './outside.ts';

let answer: RequestListener = (_, out) => out.end('дані');
const server = createServer((request, out) => answer(request, out));
let here = '';
let asks = 0;
beforeAll(async () => {
  server.on('request', () => {
    asks += 1;
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  here = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** @returns the body, or the kind of the fault. */
async function get(address: string, more: Partial<OutsideRequest> = {}): Promise<string> {
  try {
    const got = await fetchOutside(address, { largest: 1_000, longest: 2_000, allowed: [here], ...more });
    const pieces: Uint8Array[] = [];
    for await (const piece of got.body) pieces.push(piece);
    return `${got.status} ${Buffer.concat(pieces)}`;
  } catch (error) {
    if (error instanceof OutsideFault) return error.kind;
    throw error;
  }
}

describe('an address outside', () => {
  it.each([
    ['http://127.0.0.1/', 'private'],
    ['http://127.1/', 'private'],
    ['http://2130706433/', 'private'],
    ['http://0x7f.0.0.1/', 'private'],
    ['http://0177.0.0.1/', 'private'],
    ['http://0/', 'private'],
    ['http://10.1.2.3/', 'private'],
    ['http://172.31.255.255/', 'private'],
    ['http://192.168.0.1/', 'private'],
    ['http://100.64.0.1/', 'private'],
    ['http://169.254.169.254/latest/meta-data/', 'private'],
    ['http://[::1]/', 'private'],
    ['http://[::]/', 'private'],
    ['http://[::ffff:127.0.0.1]/', 'private'],
    ['http://[::ffff:a9fe:a9fe]/', 'private'],
    ['http://[64:ff9b::7f00:1]/', 'private'],
    ['http://[2002:7f00:1::]/', 'private'],
    ['http://[2001:0:7f00:1::]/', 'private'],
    ['http://[fe80::1]/', 'private'],
    ['http://[fd00:ec2::254]/', 'private'],
    ['http://224.0.0.1/', 'private'],
    ['http://255.255.255.255/', 'private'],
    ['http://example.org:22/', 'port'],
    ['http://example.org:8080/', 'port'],
    ['https://example.org:6379/', 'port'],
    ['file:///etc/passwd', 'scheme'],
    ['ftp://example.org/a.csv', 'scheme'],
    ['gopher://example.org/', 'scheme'],
    ['data:text/csv,a', 'scheme'],
    ['http://user:secret@example.org/', 'credentials'],
    ['http://', 'address'],
    ['не адреса', 'address'],
  ])('%s is not asked: %s', async (address, kind) => {
    expect(await get(address, { resolve: async () => ['93.184.215.14'], longest: 300 })).toBe(kind);
  });

  it.each([
    ['whose name leads inside', ['10.0.0.1']],
    ['whose name leads inside as well as outside', ['93.184.215.14', '127.0.0.1']],
    ['whose name leads to the machine itself by IPv6', ['::1']],
  ])('%s is not asked', async (_, addresses) => {
    expect(await get('http://inside.example/', { resolve: async () => addresses })).toBe('private');
  });

  it('whose name leads nowhere, or not in time, is told apart', async () => {
    const nowhere = async () => {
      throw new Error('ENOTFOUND');
    };
    expect(await get('http://nowhere.example/', { resolve: nowhere })).toBe('unknown-host');
    expect(await get('http://slow.example/', { resolve: () => new Promise(() => {}), longest: 50 })).toBe(
      'too-slow',
    );
  });

  it('is connected to where its name led when it was looked at, whatever it leads to a moment later', async () => {
    const port = here.split(':')[1];
    let looks = 0;
    const rebinding = async () => {
      looks += 1;
      return looks === 1 ? ['127.0.0.1'] : ['10.0.0.1'];
    };
    expect(
      await get(`http://city.example:${port}/`, { resolve: rebinding, allowed: [`city.example:${port}`] }),
    ).toBe('200 дані');
    expect(looks).toBe(1);
  });

  it('that the administrator allows is asked on its port and on no other', async () => {
    expect(await get(`http://${here}/`)).toBe('200 дані');
    expect(await get(`http://${here}/`, { allowed: [] })).toBe('port');
    expect(await get('http://127.0.0.1:1/')).toBe('port');
  });

  it('that redirects is looked at anew at each step, five at most', async () => {
    answer = ({ url }, out) => {
      const n = Number(url!.slice(1));
      if (n === 0) out.end('тут');
      else out.writeHead(302, { location: `/${n - 1}` }).end();
    };
    expect(await get(`http://${here}/5`)).toBe('200 тут');
    expect(await get(`http://${here}/6`)).toBe('redirects');
    for (const [to, kind] of [
      ['http://169.254.169.254/', 'private'],
      ['http://127.0.0.1:5432/', 'port'],
      ['file:///etc/passwd', 'scheme'],
      ['//10.0.0.1/', 'private'],
    ] as const) {
      answer = (_, out) => void out.writeHead(307, { location: to }).end();
      expect(await get(`http://${here}/`)).toBe(kind);
    }
  });

  it('that sends too much, or never ends, is left', async () => {
    answer = (_, out) => out.end('x'.repeat(1_001));
    expect(await get(`http://${here}/`)).toBe('too-large');
    answer = (_, out) => void out.writeHead(200).write('початок');
    expect(await get(`http://${here}/`, { longest: 100 })).toBe('too-slow');
    answer = () => {};
    expect(await get(`http://${here}/`, { longest: 100 })).toBe('too-slow');
    answer = (request) => request.destroy();
    expect(await get(`http://${here}/`)).toBe('unreachable');
    answer = (_, out) => out.end('дані');
    expect(asks).toBeGreaterThan(0);
  });
});

it('public addresses are those of the Internet', () => {
  for (const address of ['8.8.8.8', '93.184.215.14', '172.32.0.1', '2606:4700::1111', '2a00:1450::1'])
    expect([address, isPublicAddress(address)]).toEqual([address, true]);
  for (const address of ['198.18.0.1', '203.0.113.9', '2001:db8::1', '3fff::1', 'fc00::1', 'ff02::1', 'abc'])
    expect([address, isPublicAddress(address)]).toEqual([address, false]);
});
