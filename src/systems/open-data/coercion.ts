const yes = new Set(['true', 'yes', 'on', 'y', 't', '1']);

/** Whether a value means yes: in any case and as a string, a number or a boolean. */
export function asBoolean(value: unknown): boolean {
  return (
    value === true || (value !== null && value !== undefined && yes.has(String(value).trim().toLowerCase()))
  );
}

/** A whole number, also as a string; null: it is none. */
export function asInteger(value: unknown): number | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : null;
  if (typeof value !== 'string' || !/^\s*[+-]?\d{1,15}\s*$/.test(value)) return null;
  return Number(value);
}

/** A text or nothing: numbers and booleans become text, an empty one is nothing. */
export function asText(value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Whether the value is a record of keys, not a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An instant from ISO 8601 with or without a zone (UTC then); null: it is none. */
export function asInstant(value: unknown): Date | null {
  if (typeof value !== 'string') return null;
  const match = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)?(Z|[+-]\d{2}:?\d{2})?$/.exec(
    value.trim(),
  );
  if (!match) return null;
  const text = value.trim().replace(' ', 'T');
  const instant = new Date(match[1] ? text : text.includes('T') ? `${text}Z` : `${text}T00:00:00Z`);
  return Number.isNaN(instant.getTime()) ? null : instant;
}
