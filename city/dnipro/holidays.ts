/** Days of the Labour Code's article 73; under martial law they are working days, weekends stay. Verify before use. */
export interface HolidayData {
  /** MM-DD for every year, or YYYY-MM-DD for the movable ones. */
  readonly date: string;
  readonly name: string;
  readonly worksUnderMartialLaw: true;
}

const holiday = (date: string, name: string): HolidayData => ({ date, name, worksUnderMartialLaw: true });

export const holidays: readonly HolidayData[] = [
  holiday('01-01', 'Новий рік'),
  holiday('03-08', 'Міжнародний жіночий день'),
  holiday('05-01', 'День праці'),
  holiday('05-08', 'День пам’яті та перемоги над нацизмом'),
  holiday('06-28', 'День Конституції України'),
  holiday('07-15', 'День Української Державності'),
  holiday('08-24', 'День Незалежності України'),
  holiday('10-01', 'День захисників і захисниць України'),
  holiday('12-25', 'Різдво Христове'),
  holiday('2025-04-20', 'Великдень'),
  holiday('2025-06-08', 'Трійця'),
  holiday('2026-04-12', 'Великдень'),
  holiday('2026-05-31', 'Трійця'),
  holiday('2027-05-02', 'Великдень'),
  holiday('2027-06-20', 'Трійця'),
];
