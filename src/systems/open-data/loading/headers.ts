/** A column as it will be published. */
export interface FieldName {
  /** Name of the field: at most 63 bytes, unique in the table. */
  readonly id: string;
  /** The header in full where the id differs from it; null: they are the same. */
  readonly label: string | null;
}

const mostBytes = 63;

/**
 * Makes field ids of headers: trimmed, NFC, without leading underscores, quotes and control characters; empty ones are called
 * `column_N`, repeated ones get `_2`, `_3`, longer ones than 63 bytes are cut.
 */
export function fieldNames(headers: readonly string[]): FieldName[] {
  const taken = new Set<string>();
  return headers.map((header, n) => {
    const plain = plainName(header);
    const wanted = plain.replace(/^_+/, '').trim() || `column_${n + 1}`;
    let id = cut(wanted, mostBytes);
    for (let again = 2; taken.has(id); again += 1) {
      const ending = `_${again}`;
      id = cut(wanted, mostBytes - ending.length) + ending;
    }
    taken.add(id);
    return { id, label: plain !== '' && plain !== id ? plain : null };
  });
}

function plainName(header: string): string {
  return header
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Zs}]+/gu, ' ')
    .replace(/[\p{Cf}"]/gu, '')
    .trim();
}

function cut(name: string, bytes: number): string {
  let size = 0;
  let kept = '';
  for (const sign of name) {
    size += Buffer.byteLength(sign);
    if (size > bytes) return kept.trimEnd();
    kept += sign;
  }
  return kept;
}
