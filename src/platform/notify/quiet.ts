const parts = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Kyiv',
  dateStyle: 'short',
  timeStyle: 'medium',
});

const from = 21;
const until = 8;

/** Whether people in Kyiv are left alone now: 21:00–08:00. */
export function isQuiet(instant: Date): boolean {
  const hour = localHour(instant);
  return hour >= from || hour < until;
}

/** The instant itself, or 08:00 after the quiet hours it falls into. */
export function afterQuiet(instant: Date): Date {
  if (!isQuiet(instant)) return instant;
  // In steps of the whole hour by the local clock, so the nights when clocks change come out right.
  let at = new Date(Math.floor(instant.getTime() / 3_600_000) * 3_600_000);
  do at = new Date(at.getTime() + 3_600_000);
  while (isQuiet(at));
  return at;
}

function localHour(instant: Date): number {
  return Number(parts.format(instant).slice(11, 13));
}
