import { firstNames, lastNames } from '../demo-texts.ts';
import { demoCode, katottg } from './publishers.ts';
import { type Cell, dayBefore, noise, place } from './tables.ts';

/** A column of an official table. */
export interface OfficialColumn {
  readonly id: string;
  readonly type: string;
  readonly required: boolean;
}

/** An invented person. */
export function demoPerson(n: number): string {
  return `${lastNames[(n * 7) % lastNames.length]} ${firstNames[(n * 5) % firstNames.length]}`;
}

type Rule = readonly [name: RegExp, cell: (n: number, today: string) => Cell];

/** What usually stands in columns of official tables, by their names; the first rule that fits. */
const rules: readonly Rule[] = [
  [/^(uid|id|identifier)$/i, (n) => `demo-${n + 1}`],
  [/cat+ut+c$/i, () => katottg],
  [/AdminUnitL1$/i, () => 'Україна'],
  [/AdminUnitL2$/i, () => 'Дніпропетровська область'],
  [/AdminUnitL3$/i, () => 'Дніпровський район'],
  [/AdminUnitL4$/i, () => 'Дніпровська міська громада'],
  [/postName$/i, () => 'м. Дніпро'],
  [/thoroughfare$/i, (n) => place(n).street],
  [/LocatorDesignator$/i, (n) => place(n).house],
  [/postCode$/i, (n) => `490${String(n % 100).padStart(2, '0')}`],
  [/lat$/i, (n) => place(n).lat],
  [/lon$/i, (n) => place(n).lon],
  [/^cadastral/i, (n) => `1210100000:0${1 + (n % 9)}:${100 + (n % 900)}:${String(1 + n).padStart(4, '0')}`],
  [/telephone$/i, (n) => `+380 56 000 02 ${String(n % 100).padStart(2, '0')}`],
  [/email$/i, () => 'data@misto.example'],
  [/currency/i, () => 'UAH'],
  [/^wheelchairBoarding$/, (n) => n % 3],
  [
    /openingHours|workingHours|serviceHours|cleaningSchedule/i,
    (n) => (n % 4 ? 'пн–пт 08:00–17:00' : 'цілодобово'),
  ],
  [/(Id|ownerCode)$/, (n) => demoCode(500 + (n % 60))],
  [/(Through|Until|endDate|EndDate|expirationDate)$/, (n, today) => dayBefore(today, -30 - (n % 600))],
  [/(status|Status)$/, (n) => (n % 7 ? 'чинний' : 'припинено')],
  [/^unitName$/, () => 'одиниця'],
  [/^(voter|responsiblePerson|contactPoint|head)Name$|creator|Resposible/, (n) => demoPerson(n)],
  [/Name$/, (n) => `Установа № ${1 + (n % 60)} (демо)`],
  [/Number$|^number$/i, (n) => `Д-${1000 + n}`],
];

/**
 * The cell of an official table where its dataset says nothing of its own. Columns that may be empty stay so, except what places
 * and names the row.
 */
export function usualCell({ id, type, required }: OfficialColumn, n: number, today: string): Cell {
  const rule = rules.find(([name]) => name.test(id));
  if (!required && !/^address|lat$|lon$|^cat|Id$/i.test(id)) return null;
  if (rule && !(type === 'integer' && /Number$|^number$/i.test(id))) return rule[1](n, today);
  switch (type) {
    case 'integer':
      return 1 + Math.floor(noise(11, n) * 40);
    case 'numeric':
      return Math.round(noise(12, n) * 90_000) / 100;
    case 'date':
      return dayBefore(today, 20 + ((n * 13) % 900));
    case 'timestamp':
      return `${dayBefore(today, 20 + ((n * 13) % 900))}T10:${String(n % 60).padStart(2, '0')}:00`;
    case 'time':
      return `${String(6 + (n % 16)).padStart(2, '0')}:00:00`;
    case 'boolean':
      return n % 3 !== 0;
    case 'url':
      return `https://misto.example/demo/${id}/${n + 1}`;
    default:
      return 'не зазначено (демо)';
  }
}
