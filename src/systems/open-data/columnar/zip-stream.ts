import { crc32, createDeflateRaw, type DeflateRaw } from 'node:zlib';

/** A file of an archive whose content comes in parts. */
export interface StreamedFile {
  readonly name: string;
  readonly parts: AsyncIterable<string | Buffer>;
}

/**
 * Packs files into a ZIP archive (APPNOTE 6.3) while they come: sizes stand behind each content. Names and contents alone decide the
 * bytes.
 *
 * @throws Error when one is 4 GB or more.
 */
export async function* zipStream(
  files: AsyncIterable<StreamedFile> | Iterable<StreamedFile>,
): AsyncGenerator<Buffer, void, undefined> {
  const list: Buffer[] = [];
  let at = 0;
  for await (const { name, parts } of files) {
    const title = Buffer.from(name);
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(20, 4);
    // Names are UTF-8; checksum and sizes come behind the content.
    head.writeUInt16LE(0x0808, 6);
    head.writeUInt16LE(8, 8);
    // 1 January 1980.
    head.writeUInt16LE(0x21, 12);
    head.writeUInt16LE(title.length, 26);
    yield Buffer.concat([head, title]);
    let [sum, plain, packed] = [0, 0, 0];
    const deflate = createDeflateRaw({ level: 6 });
    const writing = (async () => {
      for await (const part of parts) {
        const bytes = Buffer.from(part);
        sum = crc32(bytes, sum);
        plain += bytes.length;
        if (!deflate.write(bytes)) await drained(deflate);
        if (deflate.destroyed) return;
      }
      deflate.end();
    })();
    // What fails in the source fails here.
    writing.catch((error: Error) => deflate.destroy(error));
    for await (const piece of deflate) {
      packed += (piece as Buffer).length;
      yield piece as Buffer;
    }
    await writing;
    if (plain > 0xffffffff || at + packed > 0xffffffff) throw new Error('the archive grows over 4 GB');
    const tail = Buffer.alloc(16);
    tail.writeUInt32LE(0x08074b50, 0);
    tail.writeUInt32LE(sum, 4);
    tail.writeUInt32LE(packed, 8);
    tail.writeUInt32LE(plain, 12);
    yield tail;
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(20, 4);
    head.copy(entry, 6, 4, 30);
    tail.copy(entry, 16, 4, 16);
    entry.writeUInt32LE(at, 42);
    list.push(entry, title);
    at += head.length + title.length + packed + tail.length;
  }
  const end = Buffer.alloc(22);
  const count = list.length / 2;
  const size = list.reduce((sum, part) => sum + part.length, 0);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(at, 16);
  yield Buffer.concat([...list, end]);
}

/** Waits until a writer takes more, or is closed. */
function drained(writer: DeflateRaw): Promise<void> {
  return new Promise((resolve) => {
    const goOn = () => {
      writer.off('drain', goOn).off('close', goOn);
      resolve();
    };
    writer.on('drain', goOn).on('close', goOn);
  });
}
