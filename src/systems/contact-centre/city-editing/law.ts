import { sql } from 'drizzle-orm';
import { type LawTermData, lawTermCodes } from '../law-terms.ts';
import { flatText, present, reader } from './fields.ts';
import type { DataKind } from './kind.ts';
import { termUnits } from './terms.ts';
import { keptApart } from './versions.ts';

const source = sql`select code as id, body, code as sort from cc_law_term`;

/** Terms of law: what they are counted by, where the law says so, and who has confirmed it. */
export const law: DataKind = {
  name: 'law',
  key: 'code',
  closed: true,
  source,
  flat(body) {
    const one = body as unknown as LawTermData;
    return {
      code: one.code,
      ...flatText('name', one.name),
      amount: String(one.amount),
      unit: one.unit,
      ...(one.end ? { end: one.end } : {}),
      reference: one.reference,
      confirmed: one.confirmed ? 'yes' : 'no',
      ...(one.confirmedBy ? { confirmedBy: one.confirmedBy } : {}),
    };
  },
  body(flat, language) {
    const read = reader(flat, language);
    const body = present({
      code: read.text('code'),
      name: read.both('name'),
      amount: read.whole('amount', 1, 1_000),
      unit: read.one('unit', termUnits),
      end: read.text('end') === 'next' ? 'next' : 'stay',
      reference: read.text('reference'),
      confirmed: read.text('confirmed') === 'yes',
      confirmedBy: read.text('confirmedBy'),
    });
    return { body, faults: read.faults };
  },
  faults(body, { language }) {
    const one = body as unknown as LawTermData;
    const { faults, fault, t } = reader({}, language);
    if (!lawTermCodes.includes(one.code)) fault('code', t.choose);
    if (one.amount === undefined) fault('amount', t.fill);
    if (!one.reference) fault('reference', t.fill);
    if (one.confirmed && !one.confirmedBy) fault('confirmedBy', t.whoConfirmed);
    return faults;
  },
  ...keptApart('law', source, async (work, bodies) => {
    await work.tx.execute(sql`insert into cc_law_term (code, body)
      select value->>'code', value from jsonb_array_elements(${JSON.stringify(bodies)}::jsonb)
      on conflict (code) do update set body = excluded.body`);
  }),
};
