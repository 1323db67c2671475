import { dayBefore } from './tables.ts';

const [days, hours, routes, stops] = [28, 20, 60, 30];

/** The demo's long table: passengers by day, hour, route and stop. Every figure is made up. */
export const passengerCounts = {
  name: 'passenger-counts',
  publisher: 'transport',
  title: 'Пасажиропотік за годинами та зупинками',
  notes:
    'Скільки людей увійшло і вийшло на кожній зупинці за годину: понад мільйон рядків за місяць. Дані демонстраційні, їх створено програмою.',
  themes: ['tran'],
  tags: ['пасажири', 'транспорт', 'зупинки', 'велика таблиця'],
  frequency: 'once a month',
  file: { title: 'Пасажиропотік за місяць', fileName: 'passenger-counts.csv' },
  rows: days * hours * routes * stops,
} as const;

/**
 * The table as pieces of CSV, a day and hour each, so that nobody holds the whole.
 *
 * @param today YYYY-MM-DD
 */
export function* passengerCountsCsv(today: string): Generator<string> {
  yield 'дата,година,маршрут,зупинка,увійшло,вийшло\n';
  for (let day = days; day > 0; day -= 1)
    for (let hour = 24 - hours; hour < 24; hour += 1) {
      const rush = 1 + 5 * Math.exp(-((hour - 8) ** 2) / 4) + 4 * Math.exp(-((hour - 18) ** 2) / 6);
      const date = dayBefore(today, day);
      const lines: string[] = [];
      for (let route = 1; route <= routes; route += 1)
        for (let stop = 1; stop <= stops; stop += 1) {
          const mixed = Math.imul(((day * 31 + hour) * 61 + route) * 31 + stop, 0x9e3779b1) >>> 0;
          const entered = Math.floor(rush * ((mixed >>> 8) % 9));
          lines.push(`${date},${hour},${route},${stop},${entered},${(entered + (mixed >>> 20)) % 40}\n`);
        }
      yield lines.join('');
    }
}
