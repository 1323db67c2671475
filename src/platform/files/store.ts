import { Refusal } from '../errors.ts';

/** The SHA-256 of bytes and how many there are: what names content wherever it lies. */
export interface Content {
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  readonly bytes: number;
}

/** Where bytes lie, named by what they are. Any number of processes may use one store. */
export interface FileStore {
  /**
   * Stores content. When this returns, the content survives the loss of the process and of power; before, nobody can see
   * any of it. The same content again is stored once.
   *
   * @throws Refusal 413 when it has more bytes than `limit`; nothing of it stays.
   */
  put(content: AsyncIterable<Uint8Array> | Uint8Array, limit?: number): Promise<Content>;
  has(sha256: string): Promise<boolean>;
  /**
   * Reads content. The last piece is handed out only when the whole is proved to have this hash.
   *
   * @throws MissingContent at once or BrokenContent at the end.
   */
  open(sha256: string): Promise<AsyncIterable<Uint8Array>>;
  /**
   * Reads a part of content from its place, without what lies before: nothing proves that it is right.
   *
   * @param from first byte, counted from 0. @param to last byte. @throws MissingContent
   */
  openPart(sha256: string, from: number, to: number): Promise<AsyncIterable<Uint8Array>>;
  remove(sha256: string): Promise<void>;
  /** Everything stored before an instant, in no order. */
  storedBefore(instant: Date): AsyncIterable<string>;
  /** Forgets what writers left behind that ended in the middle of their work. */
  tidy(now: Date): Promise<void>;
}

/** There is a row that speaks of the content, but the store does not hold it: something for the administrator. */
export class MissingContent extends Error {
  override name = 'MissingContent';
  constructor(sha256: string) {
    super(`the file store does not hold ${sha256}`);
  }
}

/** The bytes are not those that were stored. */
export class BrokenContent extends Error {
  override name = 'BrokenContent';
  constructor(sha256: string) {
    super(`the file store holds other bytes under ${sha256}`);
  }
}

/** What a store answers to content that is longer than its place allows. `limit` in bytes. */
export function tooLarge(limit: number): Refusal {
  return new Refusal(413, 'file-too-large', `the file is larger than ${limit} bytes`, { limit });
}

/** Ukrainian law and people speak of megabytes of 1024². */
export const megabyte = 1024 * 1024;

/** A file has at most 20 MB. */
export const largestFile = 20 * megabyte;
