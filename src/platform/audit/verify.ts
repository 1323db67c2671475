import { canonical, type Json } from './canonical.ts';
import { type Head, type HeadsDocument, headIsGenuine } from './heads.ts';
import { GrowingTree, leafHash } from './merkle.ts';

/** What an examination of a dump found. */
export type Verdict =
  | { readonly ok: true; readonly entries: number; readonly vouched: number }
  /** `entry`: number of the first entry that is wrong; null when it is a head that is. */
  | { readonly ok: false; readonly entry: number | null; readonly why: string };

/** One line of a dump. */
export function dumpLine(record: string, hash: string): string {
  return `{"hash":"${hash}","record":${record}}`;
}

/**
 * Examines a dump against heads kept elsewhere: every entry's bytes, the chain, the numbers, the heads' signatures, and
 * that each head vouches for exactly the entries before it. Needs no database and nothing secret.
 *
 * @param lines the dump, one entry a line, from entry 1.
 */
export async function verifyDump(lines: AsyncIterable<string>, document: HeadsDocument): Promise<Verdict> {
  const heads = [...document.heads].sort((a, b) => a.size - b.size);
  for (const head of heads)
    if (!headIsGenuine(head, document.keys))
      return wrong(null, `the head of size ${head.size} is not signed by the key ${head.keyId} it names`);
  const tree = new GrowingTree();
  let previous = '0'.repeat(64);
  let next = 0;
  for await (const line of lines) {
    if (line === '') continue;
    const number = tree.size + 1;
    const fault = examine(line, number, previous);
    if (typeof fault === 'string') return wrong(number, fault);
    previous = fault.hash;
    tree.add(previous);
    while (heads[next]?.size === tree.size) {
      const head = heads[next]!;
      if (head.root !== tree.root() || head.lastHash !== previous)
        return wrong(firstDoubtful(heads, next), rewritten(heads, next));
      next += 1;
    }
  }
  const missing = heads.at(-1);
  if (missing && missing.size > tree.size)
    return wrong(
      tree.size + 1,
      `missing: the dump ends here, and a head vouches for ${missing.size} entries`,
    );
  return { ok: true, entries: tree.size, vouched: missing?.size ?? 0 };
}

function examine(line: string, number: number, previous: string): string | { hash: string } {
  let entry: { hash: string; record: Record<string, Json> };
  let record: string;
  try {
    entry = JSON.parse(line);
    record = canonical(entry.record);
  } catch {
    return 'this line is not a JSON entry';
  }
  const said = entry.record?.number;
  if (said !== number)
    return typeof said === 'number' && said > number
      ? `missing: entry ${said} stands in its place`
      : `entry ${String(said)} stands in its place`;
  if (line !== dumpLine(record, entry.hash)) return 'its bytes are not those that were logged';
  if (leafHash(record) !== entry.hash) return 'its content does not give its hash';
  if (entry.record.previous !== previous) return 'it does not follow the entry before it';
  return { hash: entry.hash };
}

function firstDoubtful(heads: readonly Head[], index: number): number {
  return (heads[index - 1]?.size ?? 0) + 1;
}

function rewritten(heads: readonly Head[], index: number): string {
  const from = firstDoubtful(heads, index);
  const to = heads[index]!.size;
  return `the chain holds together but is not the one that was signed: something in entries ${from}–${to} was rewritten`;
}

function wrong(entry: number | null, why: string): Verdict {
  return { ok: false, entry, why };
}
