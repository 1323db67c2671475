import type { JobDefinition } from '#platform/system.ts';
import { linkCheckJobs } from './links.ts';
import { tellOverdue } from './overdue.ts';
import { sendReminders } from './reminders.ts';

/** What the promise clocks do by themselves. Each job bears being run twice and beside itself. */
export const promiseJobs: readonly JobDefinition[] = [
  { name: 'open-data.overdue', schedule: '*/10 * * * *', run: tellOverdue },
  { name: 'open-data.reminders', schedule: '30 8 * * *', run: sendReminders },
  ...linkCheckJobs,
];
