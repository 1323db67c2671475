/** A path of this site that may be redirected to; anything that could lead elsewhere gives null. */
export function localTarget(value: unknown): string | null {
  if (typeof value !== 'string' || !/^\/(?![/\\])/.test(value)) return null;
  // Control characters are dropped by browsers, which could turn /\t/evil into //evil.
  for (const character of value) if (character <= ' ' || character === '\\') return null;
  return value;
}
