import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { readConfig } from '../config/index.ts';
import { checkContent } from './check.ts';
import { clamdScanner, ScanUnavailable } from './scan.ts';

let close: (() => void) | undefined;
afterEach(() => close?.());

/** A clamd that gathers what it is sent and answers once the stream ends. */
async function clamd(answer: (content: Buffer) => string | null): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let bytes = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (more: Buffer) => {
      bytes = Buffer.concat([bytes, more]);
      const command = 'zINSTREAM\0';
      if (bytes.toString('latin1', 0, command.length) !== command) return;
      const pieces: Buffer[] = [];
      for (let at = command.length; at + 4 <= bytes.length; ) {
        const length = bytes.readUInt32BE(at);
        if (length === 0) {
          const said = answer(Buffer.concat(pieces));
          if (said !== null) socket.end(said);
          return;
        }
        if (at + 4 + length > bytes.length) return;
        pieces.push(bytes.subarray(at + 4, at + 4 + length));
        at += 4 + length;
      }
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return `tcp://127.0.0.1:${(server.address() as { port: number }).port}`;
}
const eicarLike = (content: Buffer) =>
  content.includes('MISTO-TEST-VIRUS') ? 'stream: Misto.Test FOUND\0' : 'stream: OK\0';

describe('the antivirus', () => {
  it('is sent the whole content in pieces and says whether it is clean', async () => {
    let seen = 0;
    const url = await clamd((content) => {
      seen = content.length;
      return eicarLike(content);
    });
    const big = Buffer.alloc(300_001, 'a');
    expect(await clamdScanner(url).scan(big)).toEqual({ clean: true });
    expect(seen).toBe(300_001);
    expect(await clamdScanner(url).scan(Buffer.from('…MISTO-TEST-VIRUS…'))).toEqual({
      clean: false,
      found: 'Misto.Test',
    });
  });

  it('that is away, silent or talks nonsense has given no verdict', async () => {
    await expect(clamdScanner('tcp://127.0.0.1:1').scan(Buffer.from('x'))).rejects.toThrow(ScanUnavailable);
    const silent = await clamd(() => null);
    await expect(clamdScanner(silent, 100).scan(Buffer.from('x'))).rejects.toThrow('no answer in time');
    close!();
    const odd = await clamd(() => 'INSTREAM size limit exceeded. ERROR\0');
    await expect(clamdScanner(odd).scan(Buffer.from('x'))).rejects.toThrow('did not give a verdict');
  });
});

describe('a file that is brought', () => {
  const config = (more: Record<string, string>) =>
    readConfig({ MISTO_MODE: 'test', PUBLIC_URL: 'http://misto.test', ...more });
  const bytes = Buffer.from('x');

  it('is marked clean, or refused with what was found kept from its name', async () => {
    const set = config({ CLAMD_URL: await clamd(eicarLike) });
    expect(await checkContent(set, bytes)).toBe('clean');
    await expect(checkContent(set, Buffer.from('MISTO-TEST-VIRUS'))).rejects.toMatchObject({
      code: 'file-infected',
    });
  });

  it('is marked as not scanned without an antivirus, unless the city requires one', async () => {
    expect(await checkContent(config({}), bytes)).toBe('not scanned');
    const away = { CLAMD_URL: 'tcp://127.0.0.1:1' };
    expect(await checkContent(config({ ...away, FILE_SCAN: 'warn' }), bytes)).toBe('not scanned');
    await expect(checkContent(config({ ...away, FILE_SCAN: 'require' }), bytes)).rejects.toMatchObject({
      code: 'file-unscanned',
    });
  });
});
