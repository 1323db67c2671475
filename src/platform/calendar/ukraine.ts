import type { Calendar, Holiday } from './days.ts';

const fixed = (month: number, day: number, uk: string, en: string): Holiday => ({
  on: { month, day },
  title: { uk, en },
  worksUnderMartialLaw: true,
});

/** Holidays and days off by КЗпП art. 73. */
export const ukrainianHolidays: readonly Holiday[] = [
  fixed(1, 1, 'Новий рік', 'New Year'),
  fixed(3, 8, 'Міжнародний жіночий день', 'International Women’s Day'),
  { on: { easter: 0 }, title: { uk: 'Великдень', en: 'Easter' }, worksUnderMartialLaw: true },
  { on: { easter: 49 }, title: { uk: 'Трійця', en: 'Trinity' }, worksUnderMartialLaw: true },
  fixed(5, 1, 'День праці', 'Labour Day'),
  fixed(5, 8, 'День пам’яті та перемоги', 'Day of Remembrance and Victory'),
  fixed(6, 28, 'День Конституції України', 'Constitution Day'),
  fixed(7, 15, 'День Української Державності', 'Statehood Day'),
  fixed(8, 24, 'День незалежності України', 'Independence Day'),
  fixed(10, 1, 'День захисників і захисниць України', 'Defenders’ Day'),
  fixed(12, 25, 'Різдво Христове', 'Christmas'),
];

/**
 * The calendar by which terms of law are counted: Monday to Friday, the country's holidays, and martial law since
 * 24.02.2022, during which holidays are worked (2136-IX art. 6(6)).
 */
export const legalCalendar: Calendar = {
  version: 'ua-legal-2026.1',
  title: { uk: 'календар законодавчих строків', en: 'calendar of legal terms' },
  workdays: [1, 2, 3, 4, 5],
  hours: Object.fromEntries([1, 2, 3, 4, 5].map((day) => [day, [{ from: '09:00', to: '18:00' }]])),
  holidays: ukrainianHolidays,
  exceptions: [],
  martialLaw: [{ from: '2022-02-24', to: null }],
};
