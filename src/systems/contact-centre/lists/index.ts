export { type CallerContact, type CallerRequest, callerHistory, houseHistory } from './callers.ts';
export {
  type CallBackRow,
  type CallFilter,
  callBacks,
  checkCalls,
  type DayPart,
  type DoubtRow,
  dayPartOf,
  dayParts,
  doubtfulClaims,
} from './calls.ts';
export { type ClosedFilter, closedList, closedSize } from './closed.ts';
export { type ModerationRow, moderationList, moderationSize } from './moderation.ts';
export {
  type BreachRow,
  breaches,
  breachSize,
  changedSince,
  type QueueFilter,
  type QueueRow,
  queue,
  queueSizes,
  type TriageRow,
  triageList,
} from './queue.ts';
export { type DeskRow, deskRequest, type Listed, type Page } from './rows.ts';
