import { sql } from 'drizzle-orm';
import { Conflict, Invalid } from '#platform/errors.ts';
import { resumeClocks, stopClocks } from '../clock-moves.ts';
import { mirror } from '../mirror.ts';
import { statement } from '../statement.ts';
import { closeAssignment } from './assigning.ts';
import { circleOf, closed, type Effect, need, type Row, type Turn } from './turn.ts';

export const lockRequest = statement<Row>(
  'lock_request',
  `select r.*, exists (select 1 from cc_request d where d.master = r.number) as leads
    from cc_request r where number = $1 and not sandbox for update of r`,
);

export const leaderOf = statement<{ number: string }>(
  'leader_of',
  'select coalesce(master, number) as number from cc_request where number = $1',
);

export const lockInOrder = statement<never>(
  'lock_in_order',
  `select number from cc_request where number = any($1::text[]) and state <> 'merged' order by number for update`,
);

/**
 * One reporter goes. Others of the same request go on, the next one leading; of a request that leads merged ones, those who
 * came with them go on. Only when nobody is left is it closed.
 */
export async function leave({ work, request, reporter, now }: Turn): Promise<Effect> {
  const { id, request: own, lead } = reporter!;
  const { rows } = await work.tx.execute<{
    id: string;
    request: string;
  }>(sql`select id, request from cc_reporter
    where request = any(${circleOf(request.number)}) and withdrawn_at is null and id <> ${id} order by joined_at, id`);
  const go = async () => {
    await work.tx.execute(
      sql`update cc_reporter set withdrawn_at = ${now}::timestamptz, lead = false where id = ${id}`,
    );
    if (own !== request.number)
      await work.tx.execute(sql`update cc_request set updated_at = ${now}::timestamptz, reporters = reporters - 1
        where number = ${own}`);
  };
  const set = own === request.number ? { reporters: Number(request.reporters) - 1 } : {};
  if (rows.length === 0) {
    const end = closed(request, work);
    return {
      ...end,
      set: { ...end.set, ...set },
      after: async () => {
        await go();
        await closeAssignment(work, request.number, 'withdrawn');
      },
    };
  }
  const heir = lead ? rows.find((one) => one.request === own) : undefined;
  return {
    to: request.state,
    as: 'note',
    data: { left: true },
    set,
    after: async () => {
      await go();
      if (heir) await work.tx.execute(sql`update cc_reporter set lead = true where id = ${heir.id}`);
    },
  };
}

/** The request and all that is merged into it go on with another one. */
export async function linkTo({ work, request, input, now }: Turn): Promise<Effect> {
  need({ master: input.master });
  // Held until the end: a master that is itself linked at this moment would leave this request below a merged one.
  let [master] = await lockRequest(work.tx, [input.master]);
  while (master?.master) [master] = await lockRequest(work.tx, [master.master]);
  if (!master || master.state === 'closed')
    throw new Invalid([{ field: 'master', message: 'choose an open request' }]);
  if (master.number === request.number) throw new Conflict('same', 'a request cannot be linked to itself');
  const led = master;
  return {
    set: {
      master: master.number,
      organisation: null,
      unit: null,
      crew: null,
      state_before: null,
    },
    data: { master: master.number },
    after: async () => {
      await closeAssignment(work, request.number, 'merged');
      if (request.state === 'waiting_reporter') await resumeClocks(work, request.number, 'waiting_reporter');
      await stopClocks(work, request.number, ['accept', 'arrive', 'fix', 'answer']);
      if (!request.leads) return;
      const { rows } = await work.tx.execute<{ number: string }>(
        sql`update cc_request set master = ${led.number} where master = ${request.number} returning number`,
      );
      const followers = rows.map(({ number }) => number);
      await mirror(work, { ...led, result: led.result as string | null, note: null }, now, followers);
    },
  };
}
