// Keeps: what one may see and do of a request by relation to it and by stage (platform.md §4.4): own unit, another unit, whoever
// watches over all, the person it is about, and a person who has nothing to do with it.
import { expect, it } from 'vitest';
import { matrix } from '#platform/access/matrix.ts';
import { cookiesOf, deskWorld, hiddenField } from './pages/desk/test-world.ts';

/** `desk` and `crew` are pages of staff, `own` the person's page, `take` the executor’s first move. */
const expected = matrix(`
                        triage assigned accepted claimed closed
desk dispatcher/own     404    200      200      200     200
desk dispatcher/other   404    404      404      404     404
desk crew/own           404    200      200      200     200
desk crew/other         404    404      404      404     404
desk controller/own     200    200      200      200     200
desk controller/other   200    200      200      200     200
desk resident/own       403    403      403      403     403
desk resident/other     403    403      403      403     403
crew crew/own           404    200      200      200     200
crew crew/other         404    404      404      404     404
crew dispatcher/other   404    404      404      404     404
own resident/own        200    200      200      200     200
own resident/other      404    404      404      404     404
own dispatcher/own      404    404      404      404     404
take dispatcher/own     404    303      409      409     409
take dispatcher/other   404    404      404      404     404
take crew/own           404    409      409      409     409
take resident/own       403    403      403      403     403
`);

const stages = ['triage', 'assigned', 'accepted', 'claimed', 'closed'];

it('pages and acts answer by relation and stage as the table says', async () => {
  const world = await deskWorld();
  const { pool, app } = world;
  const people = Object.fromEntries(
    await Promise.all(
      ['dispatcher', 'crew', 'controller', 'resident'].map(async (name) => {
        const browser = await world.enter(name);
        await browser.get('/cabinet');
        return [name, { cookie: cookiesOf(browser), csrf: hiddenField(browser.html, '_csrf') }] as const;
      }),
    ),
  );
  const { rows } = await pool.query<{ id: string }>(`select id from person where handle = 'demo:resident'`);
  const reporter = { channel: 'web', language: 'uk', name: 'Олена', phone: '+380670000002' } as const;
  /** `own`: of the dispatcher's enterprise, and of the resident. `other`: of another, from a stranger. */
  const numbers = {
    own: await world.report({ private: true, reporter: { ...reporter, person: rows[0]!.id } }),
    other: await world.report({ private: true, reporter: { ...reporter, phone: '+380670000003' } }),
  };
  const found: Record<string, Record<string, number>> = {};
  for (const stage of stages) {
    for (const [relation, number] of Object.entries(numbers))
      await pool.query(
        `update cc_request set state = $2, organisation = case when $2 = 'triage' then null else $3 end,
           closing = case when $2 = 'closed' then 'unverified' end, closed_at = case when $2 = 'closed' then now() end where number = $1`,
        [number, stage, relation === 'own' ? 'teplo' : 'voda'],
      );
    for (const row of expected.keys()) {
      const [what = '', whose = ''] = row.split(' ');
      const [name = '', relation = ''] = whose.split('/');
      const number = numbers[relation as 'own'];
      const { cookie, csrf } = people[name]!;
      const path =
        what === 'own'
          ? `/contact-centre/my/${number}`
          : `/contact-centre/desk/${what === 'crew' ? 'crew' : 'requests'}/${number}`;
      const version = (await pool.query('select version from cc_request where number = $1', [number])).rows[0]
        .version;
      const answer = await app.request(path, {
        method: what === 'take' ? 'POST' : 'GET',
        headers: { accept: 'text/html', cookie },
        ...(what === 'take' && {
          body: new URLSearchParams({ _csrf: csrf, move: 'accept', version: String(version) }),
        }),
      });
      await answer.body?.cancel();
      found[row] = { ...found[row], [stage]: answer.status };
    }
  }
  expect(found).toEqual(Object.fromEntries(expected));
}, 90_000);
