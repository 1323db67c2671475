export {
  type Calendar,
  type CalendarException,
  type Day,
  dayIn,
  easter,
  type Holiday,
  isMartialLaw,
  isWorkingDay,
  nextWorkingDay,
  type OpenHours,
  openHours,
} from './days.ts';
export { describeTerm, explain } from './explain.ts';
export { addTerm, type Due, type Explanation, type Step, type Suspension, type Term } from './terms.ts';
export { legalCalendar, ukrainianHolidays } from './ukraine.ts';
export {
  addDays,
  addMonths,
  daysBetween,
  endOfDay,
  instantAt,
  isLocalDate,
  type LocalDate,
  type LocalTime,
  localDate,
  localTime,
  startOfDay,
  weekday,
} from './zone.ts';
