import { sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import { plainHouse, readAddress, type StreetType, soundOf, streetTypes } from '#platform/geo/index.ts';
import { stemsOf } from '#platform/search/index.ts';
import { type City, readCity } from './city.ts';

export interface KnownBuilding {
  readonly id: string;
  readonly address: string;
  readonly district: string;
  readonly lat: number;
  readonly lon: number;
}

/** What a typed address means. */
export interface FoundAddress {
  /** As it is called now, with its type. */
  readonly street: string | null;
  readonly house: string | null;
  readonly block: string | null;
  readonly flat: string | null;
  readonly entrance: string | null;
  readonly office: string | null;
  readonly district: string | null;
  readonly building: KnownBuilding | null;
  /** High: one house and no doubt. Medium: probably this one; ask. Low: only guesses. */
  readonly confidence: 'high' | 'medium' | 'low' | 'none';
  /** What else it may be, the likeliest first, the building itself among them. */
  readonly alternatives: readonly KnownBuilding[];
}

/** As many choices as a person can look over. */
const mostChoices = 8;

/** Finds what a typed address means: the street by any of its names and spellings, then the house on it. */
export async function findAddress(reader: Reader, typed: string): Promise<FoundAddress> {
  const city = await readCity(reader);
  const { settings } = city;
  const given = readAddress(typed, [settings.name.uk, settings.name.en, ...(settings.otherNames ?? [])]);
  const { house, block, flat, entrance, office } = given;
  const match = matchStreets(await bookOf(reader, city), given.street, given.type);
  const inDistrict = districtOf(city, given.district);
  const houses = (await housesOn(reader, match.streets)).filter(
    (one) => !inDistrict || one.district === inDistrict,
  );
  const wanted = house ? spellings(house, block) : [];
  const exact = houses.filter((one) => wanted.includes(plainHouse(one.house)));
  const close = house ? houses.filter((one) => digitsOf(one.house) === digitsOf(house)) : houses;
  const building = exact.length === 1 ? exact[0]! : null;
  const choices = exact.length > 0 ? exact : close.length > 0 ? close : houses;
  const street = match.streets.length === 1 ? match.streets[0]! : null;
  return {
    street,
    house,
    block,
    flat,
    entrance,
    office,
    district: building?.district ?? inDistrict,
    building: building && known(building),
    confidence: building
      ? match.sure
        ? 'high'
        : 'medium'
      : street && match.sure
        ? 'medium'
        : choices.length > 0
          ? 'low'
          : 'none',
    alternatives: choices.slice(0, mostChoices).map(known),
  };
}

interface House extends KnownBuilding {
  readonly street: string;
  readonly house: string;
}

const known = ({ id, address, district, lat, lon }: House): KnownBuilding => ({
  id,
  address,
  district,
  lat,
  lon,
});

/** With its block as cities write it: «12 корпус 2» is «12К2», «12 корп. 2» or «12/2» in registers. */
const spellings = (house: string, block: string | null) =>
  block ? [`${house}К${block}`, `${house}КОРП.${block}`, `${house}/${block}`] : [house];

const digitsOf = (house: string) => /^\d+/.exec(house)?.[0] ?? house;

async function housesOn(reader: Reader, streets: readonly string[]): Promise<House[]> {
  if (streets.length === 0) return [];
  const { rows } = await reader.execute<Record<string, string | number>>(
    sql`select id, street, house, address, district, lat, lon from cc_building
      where street in (select jsonb_array_elements_text(${JSON.stringify(streets)}::jsonb))
      order by street collate "uk-UA-x-icu", length(house), house`,
  );
  return rows as unknown as House[];
}

function districtOf(city: City, typed: string | null): string | null {
  if (!typed) return null;
  const stems = typed.split('-').flatMap(stemsOf);
  return (
    city.districts.find((one) => one.name.uk.split(/[\s-]/).some((word) => meets(stems, stemsOf(word))))
      ?.code ?? null
  );
}

interface Name {
  readonly street: string;
  readonly type: StreetType | null;
  readonly words: readonly Heard[];
}

/** A word as it is compared. */
interface Heard {
  readonly stems: readonly string[];
  readonly sound: string;
  readonly root: string;
  /** Only the first letter was written: «Д. Яворницького». */
  readonly initial: boolean;
}

function heard(written: string): Heard {
  const word = written.replace(/\.$/, '');
  const sound = soundOf(word);
  return { stems: stemsOf(word), sound, root: rootOf(sound), initial: [...word].length === 1 };
}

const books = new WeakMap<City, readonly Name[]>();

/** Every name of every street; read again when the city's data moved. */
async function bookOf(reader: Reader, city: City): Promise<readonly Name[]> {
  const made = books.get(city);
  if (made) return made;
  const { rows } = await reader.execute<{ street: string; name: string | null }>(
    sql`select distinct b.street, a.name from cc_building b
      cross join lateral (select null as name union all select name from cc_street_alias where street = b.street) a`,
  );
  const book = rows.map(({ street, name }) => {
    const type = streetTypes.find((one) => street.startsWith(`${one} `)) ?? null;
    const words = (name ?? street.slice(type ? type.length + 1 : 0)).split(/[\s-]+/);
    return {
      street,
      type,
      words: words.map(heard),
    };
  });
  books.set(city, book);
  return book;
}

/** Streets that the words may mean, and whether there is no doubt: every word fits, and no other street does as well. */
function matchStreets(
  book: readonly Name[],
  typed: readonly string[],
  type: StreetType | null,
): { streets: readonly string[]; sure: boolean } {
  if (typed.length === 0) return { streets: [], sure: false };
  const words = typed.map(heard);
  for (const fits of [same, alike]) {
    const met = book.flatMap((name) => {
      const left = [...name.words];
      for (const word of words) {
        const at = left.findIndex((one) => fits(word, one));
        if (at < 0) return [];
        left.splice(at, 1);
      }
      // The last word of a street's name is the one it is known by: «Грушевського» of «Михайла Грушевського».
      return [{ name, whole: left.length === 0, tail: !left.includes(name.words.at(-1)!) }];
    });
    if (met.length === 0) continue;
    const typedSo = met.filter(({ name }) => !type || name.type === type);
    const pool = typedSo.length > 0 ? typedSo : met;
    const wholes = pool.filter((one) => one.whole);
    const best = new Set((wholes.length > 0 ? wholes : pool).map(({ name }) => name.street));
    const certain = best.size === 1 && (wholes.length > 0 || pool.some((one) => one.tail));
    return { streets: [...best], sure: fits === same && certain && typedSo.length > 0 };
  }
  return { streets: [], sure: false };
}

const meets = (a: readonly string[], b: readonly string[]) => a.some((one) => b.includes(one));

function same(typed: Heard, name: Heard): boolean {
  if (typed.initial) return name.sound.length > 3 && name.sound.startsWith(typed.sound);
  if (meets(typed.stems, name.stems)) return true;
  return typed.sound.length > 3 && (typed.sound === name.sound || typed.root === name.root);
}

/** Without the ending that Ukrainian and Russian write differently: -ого and -oho, -ська and -ская. */
function rootOf(sound: string): string {
  return sound.length > 5 ? sound.replace(/(?:ogo|egog|skoi|oi|ii|i|aa|a|ai|u|e|om|iv|ov|ev)$/, '') : sound;
}

/** One slip of the finger in a word of five letters and more, two in one of nine. */
function alike(typed: Heard, name: Heard): boolean {
  if (same(typed, name)) return true;
  const { length } = typed.sound;
  const allowed = length >= 9 ? 2 : length >= 5 ? 1 : 0;
  return allowed > 0 && slips(typed.sound, name.sound, allowed) <= allowed;
}

/** Levenshtein's distance, counted no further than needed. */
function slips(a: string, b: string, enough: number): number {
  if (Math.abs(a.length - b.length) > enough) return enough + 1;
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row.at(-1)!;
}
