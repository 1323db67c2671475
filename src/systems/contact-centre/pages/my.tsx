import { type SQL, sql } from 'drizzle-orm';
import type { Context } from 'hono';
import { signedIn } from '#platform/http/guard.ts';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { Actions, Card, Empty, Grid, LinkButton, PageHead, Pagination, Section } from '#ui/index.ts';
import type { Closing, State } from '../states.ts';
import { type Here, here, pageOf, StateBadge } from './kit.tsx';
import { myText } from './my-text.ts';
import { branchesOf, districtsOf, instant } from './reads.ts';
import { shownNumber } from './text.ts';

const perPage = 20;

interface Own {
  readonly number: string;
  readonly master: string | null;
  readonly state: State;
  readonly closing: Closing | null;
  readonly category: string;
  readonly place: string | null;
  readonly due: Date | null;
  readonly createdAt: Date;
  readonly withdrawn: boolean;
  readonly waits: 'check' | 'asked' | null;
}

/** What the person has not said yet: a verdict of the last claim, or an answer to a question. */
const waits = sql`case when p.withdrawn_at is not null then null
  when l.state = 'waiting_reporter' then 'asked'
  when l.state = 'claimed' and p.verdict_attempt is distinct from
    (select max(no) from cc_attempt where request = l.number) then 'check' end`;

/** Requests that the person reported or joined, newest first. One that was merged stands as the one that leads it does. */
async function ownRequests(
  platform: Platform,
  at: Here,
  person: string,
  which: SQL,
  page: SQL,
): Promise<Own[]> {
  const { rows } = await platform.db.execute<Record<string, unknown>>(sql`
    select * from (
      select r.number, r.master, l.state, l.closing, c.body->'name'->>${at.language} as category,
        coalesce(r.address, r.public_address) as place, l.fix_due, r.created_at, p.joined_at,
        p.withdrawn_at is not null as withdrawn, ${waits} as waits
      from cc_reporter p join cc_request r on r.number = p.request
        join cc_request l on l.number = coalesce(r.master, r.number)
        left join cc_category c on c.code = r.category and c.version = r.category_version
      where p.person = ${person} and not r.sandbox
    ) own where ${which} order by joined_at desc, number desc ${page}`);
  return rows.map((row) => ({
    number: String(row.number),
    master: row.master === null ? null : String(row.master),
    state: row.state as State,
    closing: row.closing as Closing | null,
    category: String(row.category ?? ''),
    place: row.place === null ? null : String(row.place),
    due: instant(row.fix_due),
    createdAt: instant(row.created_at)!,
    withdrawn: row.withdrawn === true,
    waits: row.waits as Own['waits'],
  }));
}

/** Subscriptions of the addresses that the person has confirmed. */
async function ownSubscriptions(platform: Platform, person: string) {
  const { rows } = await platform.db.execute<{
    id: string;
    district: string | null;
    branch: string | null;
  }>(sql`
    select s.id, s.district, s.branch from cc_subscription s
    where s.confirmed_at is not null and s.ended_at is null and s.email_blind in (
      select blind from person_contact where person_id = ${person} and kind = 'email' and verified_at is not null)
    order by s.made_at limit 50`);
  return rows;
}

/** `/contact-centre/my`: what waits for the person stands on top. Found by the account alone, never by a link. */
export function my(platform: Platform) {
  return async (c: Context<MistoEnv>): Promise<Response> => {
    const person = signedIn(c);
    const at = here(c);
    const words = myText(at.language);
    const current = pageOf(c);
    const [waiting, all, total, subscriptions, districts, branches] = await Promise.all([
      ownRequests(platform, at, person.id, sql`waits is not null`, sql`limit 50`),
      ownRequests(
        platform,
        at,
        person.id,
        sql`true`,
        sql`limit ${perPage} offset ${(current - 1) * perPage}`,
      ),
      platform.db.execute<{ n: number }>(
        sql`select count(*)::int as n from cc_reporter where person = ${person.id}`,
      ),
      ownSubscriptions(platform, person.id),
      districtsOf(platform.db, at.language),
      branchesOf(platform.db, at.language),
    ]);
    const nameOf = (rows: readonly { code: string; name: string }[], code: string | null, none: string) =>
      rows.find((row) => row.code === code)?.name ?? none;
    return page(
      c,
      { title: words.title, shell: 'cabinet', current: '/contact-centre/my', width: 'wide', private: true },
      <>
        <PageHead
          title={words.title}
          lead={words.lead}
          actions={<LinkButton href={at.href('/report')}>{words.report}</LinkButton>}
        />
        {waiting.length > 0 && (
          <Section title={words.waits}>
            <Grid>
              {waiting.map((own) => (
                <Card
                  key={own.number}
                  tone="warning"
                  title={own.category}
                  footer={
                    <Actions>
                      <LinkButton href={at.href(`/my/${own.number}`)}>{words.answer}</LinkButton>
                    </Actions>
                  }
                >
                  <p>{own.waits === 'asked' ? words.asked : words.check}</p>
                  <p class="muted">
                    <span class="mono">{shownNumber(own.number)}</span>
                    {own.place && ` · ${own.place}`}
                  </p>
                </Card>
              ))}
            </Grid>
          </Section>
        )}
        <Section title={words.all}>
          {all.length === 0 ? (
            <Empty title={words.none}>
              <p>{words.noneWhy}</p>
            </Empty>
          ) : (
            <Grid>
              {all.map((own) => (
                <Card
                  key={own.number}
                  title={own.category}
                  href={at.href(`/my/${own.number}`)}
                  aside={<StateBadge language={at.language} state={own.state} closing={own.closing} />}
                >
                  <p class="muted">
                    <span class="mono">{shownNumber(own.number)}</span> · {at.date(own.createdAt)}
                  </p>
                  {own.place && <p>{own.place}</p>}
                  {own.master && <p>{words.merged(shownNumber(own.master))}</p>}
                  {own.withdrawn && <p>{words.withdrawn}</p>}
                  {own.due && own.state !== 'closed' && <p>{words.due(at.time(own.due))}</p>}
                </Card>
              ))}
            </Grid>
          )}
          <Pagination
            page={current}
            pages={Math.ceil(total.rows[0]!.n / perPage)}
            href={(to) => at.href('/my', { page: to === 1 ? null : to })}
          />
        </Section>
        <Section title={words.subscriptions}>
          {subscriptions.length === 0 ? (
            <p>
              {words.noSubscriptions} <a href={at.href('/subscribe')}>{words.subscribe}</a>
            </p>
          ) : (
            <>
              <ul>
                {subscriptions.map((one) => (
                  <li key={one.id}>
                    {nameOf(districts, one.district, words.everywhere)},{' '}
                    {nameOf(branches, one.branch, words.everything)}
                  </li>
                ))}
              </ul>
              <p class="muted">{words.stop}</p>
            </>
          )}
        </Section>
      </>,
    );
  };
}
