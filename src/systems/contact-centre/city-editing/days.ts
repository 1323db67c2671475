import { sql } from 'drizzle-orm';
import { byEaster, type CalendarDayData, everyYear } from '../calendar-days.ts';
import { flatText, isCode, present, reader } from './fields.ts';
import type { DataKind } from './kind.ts';
import { keptApart } from './versions.ts';

export const dayKinds = ['holiday', 'working', 'dayOff', 'closed', 'martialLaw'] as const;

const source = sql`select code as id, body, (body->>'kind') || (body->>'on') as sort from cc_calendar_day`;

/** Public holidays, working days and days off that moved, closed days, martial law: what terms are counted by. */
export const days: DataKind = {
  name: 'day',
  key: 'code',
  source,
  flat(body) {
    const one = body as unknown as CalendarDayData;
    return {
      code: one.code,
      kind: one.kind,
      on: one.on,
      ...(one.to ? { to: one.to } : {}),
      ...flatText('name', one.name),
      works: one.works ? 'yes' : 'no',
      ...(one.fromYear === undefined ? {} : { fromYear: String(one.fromYear) }),
      ...(one.untilYear === undefined ? {} : { untilYear: String(one.untilYear) }),
      ...(one.source ? { source: one.source } : {}),
      active: one.active ? 'yes' : 'no',
    };
  },
  body(flat, language) {
    const read = reader(flat, language);
    const on = read.text('on').replaceAll(/\s/g, '').toLowerCase();
    const body = present({
      code: read.text('code'),
      kind: read.one('kind', dayKinds),
      on: everyYear.test(on) || byEaster.test(on) ? on : read.date('on'),
      to: read.date('to'),
      name: read.both('name'),
      works: read.text('works') === 'yes',
      fromYear: read.whole('fromYear', 1991, 2099),
      untilYear: read.whole('untilYear', 1991, 2099),
      source: read.text('source'),
      active: read.text('active') !== 'no',
    });
    return { body, faults: read.faults };
  },
  faults(body, { language }) {
    const one = body as unknown as CalendarDayData;
    const { faults, fault, t } = reader({}, language);
    if (!isCode(one.code ?? '')) fault('code', t.code);
    if (!one.on) fault('on', t.fill);
    const yearly = everyYear.test(one.on ?? '') || byEaster.test(one.on ?? '');
    if (yearly && one.kind !== 'holiday') fault('on', t.oneDay);
    if (one.to && one.kind !== 'martialLaw') fault('to', t.onlyMartialLaw);
    else if (one.to && one.to < one.on) fault('to', t.dates);
    if (one.works && !yearly) fault('works', t.onlyYearly);
    for (const field of ['fromYear', 'untilYear'] as const)
      if (one[field] !== undefined && !yearly) fault(field, t.onlyYearly);
    if ((one.untilYear ?? 9999) < (one.fromYear ?? 0)) fault('untilYear', t.dates);
    return faults;
  },
  ...keptApart('day', source, async (work, bodies) => {
    await work.tx.execute(sql`insert into cc_calendar_day (code, body)
      select value->>'code', value from jsonb_array_elements(${JSON.stringify(bodies)}::jsonb)
      on conflict (code) do update set body = excluded.body`);
  }),
};
