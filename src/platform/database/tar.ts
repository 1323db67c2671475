import type { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';

/** The little of the tar format that a backup needs: POSIX ustar, with a pax record for long names and huge files. */

const blockSize = 512;
const hugeSize = 0o77777777777;

/** Writes entries to a stream, waiting where the reader is slower. */
export interface TarWriter {
  directory(path: string): Promise<void>;
  /** @param size exactly as many bytes as `content` yields. */
  file(path: string, size: number, content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void>;
  end(): Promise<void>;
}

export function tarWriter(to: Writable): TarWriter {
  let failed: Error | undefined;
  to.on('error', (error) => {
    failed = error;
  });
  const write = async (bytes: Uint8Array) => {
    if (failed) throw failed;
    if (to.write(bytes)) return;
    await new Promise<void>((resolve, reject) => {
      const onDrain = () => {
        to.off('error', onError);
        resolve();
      };
      const onError = (error: Error) => {
        to.off('drain', onDrain);
        reject(error);
      };
      to.once('drain', onDrain);
      to.once('error', onError);
    });
  };
  const head = async (path: string, size: number, type: '0' | '5') => {
    const long = Buffer.byteLength(path) > 100;
    if (long || size > hugeSize) {
      const body = Buffer.from(paxRecord('path', path) + paxRecord('size', String(size)));
      await write(header('pax', body.length, 'x'));
      await write(body);
      await write(padding(body.length));
    }
    await write(header(long ? 'see the pax record' : path, Math.min(size, hugeSize), type));
  };
  return {
    directory: (path) => head(path, 0, '5'),
    async file(path, size, content) {
      await head(path, size, '0');
      for await (const chunk of content) await write(chunk);
      await write(padding(size));
    },
    async end() {
      await write(Buffer.alloc(2 * blockSize));
      if (to !== process.stdout) {
        to.end();
        await finished(to);
      }
    },
  };
}

export interface TarEntry {
  readonly path: string;
  readonly kind: 'file' | 'directory';
  readonly size: number;
  /** Offset in the stream of the first byte of the content. */
  readonly offset: number;
  /** The content, to be read to its end before the next entry. */
  readonly content: AsyncIterable<Buffer>;
}

/** The stream is not a whole archive. `offset` is where in the stream. */
export class TarFault extends Error {
  override name = 'TarFault';
  readonly offset: number;
  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

/**
 * Reads an archive of ours entry by entry. Everything that is not content is checked too: a byte that stands anywhere
 * wrong is a fault.
 *
 * @throws TarFault
 */
export async function* readTar(from: Readable): AsyncGenerator<TarEntry> {
  const source = byteSource(from);
  let pax = new Map<string, string>();
  for (;;) {
    const at = source.offset;
    const block = await source.exactly(blockSize, 'a header');
    if (block.every((byte) => byte === 0)) break;
    const entry = parseHeader(block, at);
    const size = entry.type === 'x' ? entry.size : Number(pax.get('size') ?? entry.size);
    const offset = source.offset;
    if (entry.type === 'x') {
      pax = parsePax(await source.exactly(size, 'a pax record'), offset);
      await zeros(source, -size, 'the padding of a pax record');
      continue;
    }
    const path = pax.get('path') ?? entry.name;
    pax = new Map();
    yield {
      path,
      size,
      offset,
      kind: entry.type === '5' ? 'directory' : 'file',
      content: source.upTo(size, path),
    };
    if (source.offset !== offset + size) throw new Error(`the content of ${path} was not read to its end`);
    await zeros(source, -size, `the padding after ${path}`);
  }
  await zeros(source, blockSize, 'the end of the archive');
  const rest = source.offset;
  if (!(await source.atEnd())) throw new TarFault(rest, 'something follows the end of the archive');
}

async function zeros(source: ByteSource, size: number, what: string): Promise<void> {
  const length = size < 0 ? (blockSize - (-size % blockSize)) % blockSize : size;
  const at = source.offset;
  const wrong = (await source.exactly(length, what)).findIndex((byte) => byte !== 0);
  if (wrong >= 0) throw new TarFault(at + wrong, `byte ${at + wrong} is wrong, in ${what}`);
}

interface ByteSource {
  readonly offset: number;
  exactly(size: number, what: string): Promise<Buffer>;
  upTo(size: number, what: string): AsyncIterable<Buffer>;
  atEnd(): Promise<boolean>;
}

function byteSource(from: Readable): ByteSource {
  const chunks = from[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let rest: Buffer = Buffer.alloc(0);
  let offset = 0;
  const take = async (limit: number): Promise<Buffer | undefined> => {
    while (rest.length === 0) {
      const next = await chunks.next();
      if (next.done) return undefined;
      rest = next.value;
    }
    const part = rest.subarray(0, limit);
    rest = rest.subarray(part.length);
    offset += part.length;
    return part;
  };
  const upTo = async function* (size: number, what: string): AsyncGenerator<Buffer> {
    for (let left = size; left > 0; ) {
      const part = await take(left);
      if (!part) throw new TarFault(offset, `it ends at byte ${offset}, inside ${what}`);
      left -= part.length;
      yield part;
    }
  };
  return {
    get offset() {
      return offset;
    },
    upTo,
    async exactly(size, what) {
      const parts: Buffer[] = [];
      for await (const part of upTo(size, what)) parts.push(part);
      return Buffer.concat(parts);
    },
    async atEnd() {
      const part = await take(1);
      return part === undefined;
    },
  };
}

function header(name: string, size: number, type: '0' | '5' | 'x'): Buffer {
  const block = Buffer.alloc(blockSize);
  block.write(name, 0, 100);
  block.write(type === '5' ? '0000700\0' : '0000600\0', 100);
  block.write('0000000\0', 108);
  block.write('0000000\0', 116);
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  block.write('00000000000\0', 136);
  block.write(type, 156);
  block.write('ustar\x0000', 257);
  block.write(checksum(block), 148);
  return block;
}

/** The sum of the header's bytes, its own field counted as spaces. */
function checksum(block: Buffer): string {
  let sum = 8 * 32;
  block.forEach((byte, index) => {
    if (index < 148 || index >= 156) sum += byte;
  });
  return `${sum.toString(8).padStart(6, '0')}\0 `;
}

function parseHeader(block: Buffer, at: number): { name: string; size: number; type: string } {
  const text = (start: number, length: number) =>
    block
      .subarray(start, start + length)
      .toString('utf8')
      .replace(/\0.*$/s, '');
  const entry = { name: text(0, 100), size: Number.parseInt(text(124, 12), 8), type: text(156, 1) };
  const whole =
    block.toString('latin1', 148, 156) === checksum(block) &&
    (entry.type === '0' || entry.type === '5' || entry.type === 'x') &&
    Number.isSafeInteger(entry.size);
  if (!whole)
    throw new TarFault(
      at,
      `one of the bytes ${at} to ${at + blockSize - 1} is wrong, in the header of an entry`,
    );
  return entry;
}

/** `length key=value\n`, where the length counts itself. */
function paxRecord(key: string, value: string): string {
  const body = Buffer.byteLength(` ${key}=${value}\n`);
  let length = body + String(body).length;
  if (String(length).length !== String(body).length) length = body + String(length).length;
  return `${length} ${key}=${value}\n`;
}

function parsePax(body: Buffer, at: number): Map<string, string> {
  const found = new Map<string, string>();
  for (let start = 0; start < body.length; ) {
    const length = /^\d+/.exec(body.toString('latin1', start))?.[0] ?? '';
    const end = start + Number(length);
    const record = body.toString('utf8', start + length.length + 1, end - 1);
    const key = record.slice(0, record.indexOf('='));
    const value = record.slice(key.length + 1);
    if (!length || body[end - 1] !== 0x0a || paxRecord(key, value) !== body.toString('utf8', start, end))
      throw new TarFault(
        at + start,
        `one of the bytes ${at + start} to ${at + body.length - 1} is wrong, in a pax record`,
      );
    found.set(key, value);
    start = end;
  }
  return found;
}

function padding(size: number): Buffer {
  return Buffer.alloc((blockSize - (size % blockSize)) % blockSize);
}
