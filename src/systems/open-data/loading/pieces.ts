/** Puts small pieces together, so that what works on them has at least `size` bytes at a time, the last piece excepted. */
export async function* inPieces(
  bytes: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<Buffer, void, undefined> {
  let held: Uint8Array[] = [];
  let length = 0;
  for await (const piece of bytes) {
    if (piece.length === 0) continue;
    held.push(piece);
    length += piece.length;
    if (length < size) continue;
    yield joined(held);
    held = [];
    length = 0;
  }
  if (length) yield joined(held);
}

function joined(pieces: readonly Uint8Array[]): Buffer {
  const [only] = pieces;
  return pieces.length === 1
    ? Buffer.from(only!.buffer, only!.byteOffset, only!.byteLength)
    : Buffer.concat(pieces);
}
