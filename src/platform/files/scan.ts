import { connect, type Socket } from 'node:net';
import type { Config } from '../config/index.ts';

/** What an antivirus says of some bytes. */
export type Verdict = { readonly clean: true } | { readonly clean: false; readonly found: string };

/** Looks for malware in bytes. */
export interface Scanner {
  /** @throws ScanUnavailable when no verdict can be had. */
  scan(content: Uint8Array): Promise<Verdict>;
}

/** The antivirus does not answer, or not what it should: the content is not known to be clean. */
export class ScanUnavailable extends Error {
  override name = 'ScanUnavailable';
}

/** Pieces that are announced with four bytes of length; clamd takes any size up to its StreamMaxLength. */
const pieceLength = 64 * 1024;
const longestAnswer = 4_096;

/**
 * A scanner that speaks clamd's INSTREAM (clamd(8)): length-prefixed pieces, a zero length, one line back.
 *
 * @param url `tcp://host:3310` or `unix:/run/clamav/clamd.ctl`.
 * @param patience milliseconds for the whole of one scan.
 */
export function clamdScanner(url: string, patience = 10_000): Scanner {
  return {
    scan: (content) =>
      new Promise((resolve, reject) => {
        const socket = open(url);
        let answer = '';
        const fail = (why: string) => {
          clearTimeout(timer);
          socket.destroy();
          reject(new ScanUnavailable(why));
        };
        const timer = setTimeout(() => fail('clamd gave no answer in time'), patience);
        socket.setEncoding('utf8');
        socket.on('error', (error: NodeJS.ErrnoException) => fail(`clamd: ${error.code ?? error.message}`));
        socket.on('data', (text: string) => {
          answer += text;
          if (answer.length > longestAnswer) fail('clamd answered too much');
        });
        socket.on('end', () => {
          clearTimeout(timer);
          const found = /^stream: (.+) FOUND$/.exec(answer.replace(/[\0\n\s]+$/, ''));
          if (found) resolve({ clean: false, found: found[1]! });
          else if (/^stream: OK[\0\n\s]*$/.test(answer)) resolve({ clean: true });
          else fail('clamd did not give a verdict');
          socket.destroy();
        });
        socket.on('connect', () => {
          socket.write('zINSTREAM\0');
          for (let at = 0; at < content.length; at += pieceLength) {
            const piece = content.subarray(at, at + pieceLength);
            const length = Buffer.alloc(4);
            length.writeUInt32BE(piece.length);
            socket.write(length);
            socket.write(piece);
          }
          socket.write(Buffer.alloc(4));
        });
      }),
  };
}

function open(url: string): Socket {
  if (url.startsWith('unix:')) return connect({ path: url.slice('unix:'.length).replace(/^\/\/(?=\/)/, '') });
  const { hostname, port } = new URL(url);
  return connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 3310) });
}

const scanners = new WeakMap<Config, Scanner | null>();

/** The antivirus of this installation; null when none is set. */
export function scannerOf(config: Config): Scanner | null {
  let scanner = scanners.get(config);
  if (scanner === undefined) {
    scanner = config.clamdUrl ? clamdScanner(config.clamdUrl) : null;
    scanners.set(config, scanner);
  }
  return scanner;
}
