import { instantAt, isLocalDate } from '../calendar/index.ts';

/** What a camera wrote into a picture about the moment it was taken. */
export interface Taken {
  /** null: not said, or nonsense. */
  readonly at: Date | null;
  /** WGS84 degrees. */
  readonly lat: number | null;
  readonly lon: number | null;
}

const nothing: Taken = { at: null, lat: null, lon: null };
/** Bytes of one value by TIFF type. */
const sizes: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8 };
/** A camera writes a few dozen entries; more is an attempt to keep us busy. */
const mostEntries = 500;

interface Entry {
  readonly type: number;
  readonly count: number;
  readonly at: number;
}

/**
 * Reads time and place out of an EXIF block (CIPA DC-008, TIFF 6.0). Whatever is broken in it counts as not said; a camera
 * that does not say its offset from UTC shows the time of the city.
 */
export function readTaken(exif: Buffer): Taken {
  try {
    const start = exif.toString('latin1', 0, 6) === 'Exif\0\0' ? 6 : 0;
    return read(exif.subarray(start));
  } catch (error) {
    if (error instanceof RangeError) return nothing;
    throw error;
  }
}

function read(tiff: Buffer): Taken {
  const order = tiff.toString('latin1', 0, 2);
  if (order !== 'II' && order !== 'MM') return nothing;
  const little = order === 'II';
  const u16 = (at: number) => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const u32 = (at: number) => (little ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at));
  const directory = (at: number): Map<number, Entry> => {
    const entries = new Map<number, Entry>();
    const count = Math.min(u16(at), mostEntries);
    for (let n = 0; n < count; n += 1) {
      const here = at + 2 + n * 12;
      const [type, values] = [u16(here + 2), u32(here + 4)];
      const inside = (sizes[type] ?? 0) * values <= 4;
      entries.set(u16(here), { type, count: values, at: inside ? here + 8 : u32(here + 8) });
    }
    return entries;
  };
  const text = (entry: Entry | undefined) =>
    entry?.type === 2 && entry.count < 64
      ? tiff.toString('latin1', entry.at, entry.at + entry.count).replace(/\0.*$/s, '')
      : '';
  const degrees = (value: Entry | undefined, sign: string, back: string): number | null => {
    if (value?.type !== 5 || value.count !== 3) return null;
    const [d, m, s] = [0, 1, 2].map((n) => u32(value.at + n * 8) / u32(value.at + n * 8 + 4));
    const sum = d! + m! / 60 + s! / 3600;
    return Number.isFinite(sum) ? (sign.startsWith(back) ? -sum : sum) : null;
  };

  const main = directory(u32(4));
  const pointer = (tag: number) => {
    const entry = main.get(tag);
    return entry ? directory(u32(entry.at)) : new Map<number, Entry>();
  };
  const details = pointer(0x8769);
  const gps = pointer(0x8825);
  const wall = text(details.get(0x9003)) || text(main.get(0x0132));
  const lat = degrees(gps.get(2), text(gps.get(1)), 'S');
  const lon = degrees(gps.get(4), text(gps.get(3)), 'W');
  const isPlace = lat !== null && lon !== null && Math.abs(lat) <= 90 && Math.abs(lon) <= 180;
  return {
    at: instantOf(wall, text(details.get(0x9011))),
    // Cameras without a fix write zeros.
    ...(isPlace && (lat !== 0 || lon !== 0) ? { lat, lon } : { lat: null, lon: null }),
  };
}

function instantOf(wall: string, offset: string): Date | null {
  const parts = /^(\d{4}):(\d\d):(\d\d) ([01]\d|2[0-3]):([0-5]\d):([0-5]\d)/.exec(wall);
  if (!parts) return null;
  const [, year, month, day, hour, minute, second] = parts;
  const date = `${year}-${month}-${day}`;
  if (!isLocalDate(date)) return null;
  if (/^[+-](0\d|1[0-4]):[0-5]\d$/.test(offset))
    return new Date(`${date}T${hour}:${minute}:${second}${offset}`);
  return new Date(instantAt(date, `${hour}:${minute}`).getTime() + Number(second) * 1000);
}
