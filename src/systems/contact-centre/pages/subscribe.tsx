import { sql } from 'drizzle-orm';
import type { Context } from 'hono';
import { NotFound } from '#platform/errors.ts';
import { page } from '#platform/http/page.tsx';
import { type Language, messages } from '#platform/i18n/index.ts';
import { type Secrets, secretsOf } from '#platform/identity/secrets.ts';
import { defineTemplate, notify } from '#platform/notify/index.ts';
import type { JobDefinition, MistoEnv, Platform } from '#platform/system.ts';
import { systemActor, type Work } from '#platform/work.ts';
import { Actions, Button, ErrorSummary, Form, Notice, PageHead, Select, TextInput } from '#ui/index.ts';
import { sha256 } from '../requests.ts';
import { blindEmail, newId, openSubscription, sealSubscription } from '../sealing.ts';
import { fields, here } from './kit.tsx';
import { branchesOf, districtsOf, type ListFilter, listRequests } from './reads.ts';
import { shownNumber } from './text.ts';

const words = messages(
  {
    title: 'Підписка на район',
    lead: 'Нові заявки району чи категорії: раз на день листом або стрічкою для читача новин.',
    any: 'Усе місто',
    anyBranch: 'Усі категорії',
    email: 'Електронна пошта',
    emailHint: 'Надішлемо лист із посиланням: без підтвердження підписка не почнеться',
    subscribe: 'Підписатися листами',
    show: 'Показати стрічку',
    wrongEmail: 'Введіть адресу пошти, наприклад name@example.com',
    wrongChoice: 'Виберіть зі списку',
    sent: 'Якщо адресу введено правильно, на неї вже йде лист. Перейдіть за посиланням із нього.',
    feed: 'Стрічка Atom',
    feedHint: 'Додайте цю адресу до свого читача новин:',
    confirmTitle: 'Підтвердьте підписку',
    confirm: 'Так, надсилайте',
    stopTitle: 'Вашу підписку ввімкнено',
    stop: 'Відписатися',
    ended: 'Вас відписано. Листів більше не буде.',
  },
  {
    en: {
      title: 'Follow an area',
      lead: 'New requests of a district or category: a letter once a day, or a feed for a news reader.',
      any: 'The whole city',
      anyBranch: 'All categories',
      email: 'E-mail',
      emailHint: 'You get a letter with a link: nothing is sent before you confirm',
      subscribe: 'Subscribe by e-mail',
      show: 'Show the feed',
      wrongEmail: 'Enter an e-mail, for example name@example.com',
      wrongChoice: 'Choose from the list',
      sent: 'If the address is right, a letter is on its way. Follow the link in it.',
      feed: 'Atom feed',
      feedHint: 'Add this address to your news reader:',
      confirmTitle: 'Confirm the subscription',
      confirm: 'Yes, send them',
      stopTitle: 'Your subscription is on',
      stop: 'Unsubscribe',
      ended: 'You are unsubscribed. No more letters will come.',
    },
  },
);

const confirmLetter = defineTemplate<Record<string, never>>('contact-centre.area-confirm', 1, {
  uk: () => ({
    subject: 'Підтвердьте підписку на заявки району',
    lines: [
      'Хтось, найімовірніше ви, попросив надсилати сюди нові заявки контакт-центру.',
      'Якщо це не ви, нічого не робіть: без підтвердження листів не буде.',
    ],
  }),
  en: () => ({
    subject: 'Confirm following the requests of an area',
    lines: [
      'Somebody, most likely you, asked for new requests of the contact centre to be sent here.',
      'If it was not you, do nothing: without confirmation nothing will be sent.',
    ],
  }),
});

const newsLetter = defineTemplate<{ lines: readonly string[]; count: number }>(
  'contact-centre.area-news',
  1,
  {
    uk: ({ lines, count }) => ({
      subject: `Нові заявки району: ${count}`,
      lines: [...lines, 'Відписатися можна за посиланням.'],
    }),
    en: ({ lines, count }) => ({
      subject: `New requests of the area: ${count}`,
      lines: [...lines, 'You can unsubscribe by the link.'],
    }),
  },
);

/** The token of a subscription can be made again for each letter, so the database need not keep it. */
const tokenOf = (secrets: Secrets, id: string) => `${id}.${secrets.blind('contact-centre-area', id)}`;
const pathOf = (secrets: Secrets, id: string) => `/contact-centre/subscribe/${tokenOf(secrets, id)}`;

/** `/subscribe`: the feed of an area at once, letters after confirmation. */
export const subscribe = (platform: Platform) => (c: Context<MistoEnv>) => draw(platform, c);

export function subscribeAnswer(platform: Platform) {
  const secrets = secretsOf(platform.config);
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const own = words(at.language);
    const typed = await fields(c);
    const email = (typed.email ?? '').slice(0, 254).toLowerCase();
    const [districts, branches] = await Promise.all([
      districtsOf(platform.db, at.language),
      branchesOf(platform.db, at.language),
    ]);
    const wrong = (value: string | undefined, rows: readonly { code: string }[]) =>
      Boolean(value) && !rows.some((row) => row.code === value);
    const faults = [
      ...(/^[^\s@]+@[^\s@]+\.[^\s@.]{2,}$/.test(email) ? [] : [{ field: 'email', message: own.wrongEmail }]),
      ...(wrong(typed.district, districts) ? [{ field: 'district', message: own.wrongChoice }] : []),
      ...(wrong(typed.branch, branches) ? [{ field: 'branch', message: own.wrongChoice }] : []),
    ];
    if (faults.length > 0) return draw(platform, c, { faults, typed });
    await platform.work(c.var.visit.actor, (work) =>
      begin(
        work,
        secrets,
        { email, district: typed.district || null, branch: typed.branch || null },
        at.language,
      ),
    );
    return c.redirect(at.href('/subscribe', { sent: '1' }), 303);
  };
}

/** Asking again within a day sends no second letter: nobody's mailbox can be filled from here. */
async function begin(
  work: Work,
  secrets: Secrets,
  wish: { email: string; district: string | null; branch: string | null },
  language: Language,
): Promise<void> {
  const now = work.clock.now();
  const blind = blindEmail(secrets, wish.email);
  await work.tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`cc_subscription ${blind}`}))`);
  const since = new Date(now.getTime() - 86_400_000).toISOString();
  const { rows } = await work.tx.execute(
    sql`select 1 from cc_subscription where email_blind = ${blind} and ended_at is null
      and (made_at > ${since}::timestamptz or (confirmed_at is not null and district is not distinct from ${wish.district}
        and branch is not distinct from ${wish.branch})) limit 1`,
  );
  if (rows.length > 0) return;
  const id = newId(now);
  const { key, sealed } = sealSubscription(secrets, id, wish.email);
  await work.tx.execute(
    sql`insert into cc_subscription (id, key, sealed, email_blind, district, branch, token_hash, language, made_at)
      values (${id}, ${key}, ${sealed}, ${blind}, ${wish.district}, ${wish.branch}, ${sha256(tokenOf(secrets, id))}, ${language},
        ${now.toISOString()}::timestamptz)`,
  );
  await notify(work, {
    to: { email: wish.email, language, secrets },
    event: `contact-centre.area:${id}`,
    template: confirmLetter,
    variables: {},
    link: pathOf(secrets, id),
    weight: 'service',
    urgent: true,
  });
}

async function draw(
  platform: Platform,
  c: Context<MistoEnv>,
  shown: {
    faults?: readonly { field: string; message: string }[];
    typed?: Readonly<Record<string, string>>;
  } = {},
) {
  const at = here(c);
  const own = words(at.language);
  const [districts, branches] = await Promise.all([
    districtsOf(platform.db, at.language),
    branchesOf(platform.db, at.language),
  ]);
  const { faults = [] } = shown;
  const typed = shown.typed ?? c.req.query();
  const feed = at.href('/feed.atom', { district: typed.district, branch: typed.branch });
  const options = (rows: readonly { code: string; name: string }[]) =>
    rows.map((row) => ({ value: row.code, label: row.name }));
  return page(
    c,
    {
      title: own.title,
      description: own.lead,
      faults,
      head: <link rel="alternate" type="application/atom+xml" title={own.feed} href={feed} />,
    },
    <>
      <ErrorSummary faults={faults} />
      <PageHead title={own.title} lead={own.lead} kicker={<a href={at.href('')}>{at.text.centre}</a>} />
      {typed.sent && (
        <Notice tone="good" live>
          <p>{own.sent}</p>
        </Notice>
      )}
      <Form action={at.href('/subscribe')} csrf={c.var.visit.csrfToken()} faults={faults}>
        <Select
          name="district"
          label={at.text.district}
          options={options(districts)}
          value={typed.district ?? ''}
          empty={own.any}
        />
        <Select
          name="branch"
          label={at.text.category}
          options={options(branches)}
          value={typed.branch ?? ''}
          empty={own.anyBranch}
        />
        <TextInput
          name="email"
          label={own.email}
          hint={own.emailHint}
          type="email"
          autocomplete="email"
          width="m"
          value={typed.email ?? ''}
        />
        <Actions>
          <Button>{own.subscribe}</Button>
        </Actions>
      </Form>
      <section>
        <h2>{own.feed}</h2>
        <p>{own.feedHint}</p>
        <p>
          <a href={feed}>
            {c.var.visit.origin}
            {feed}
          </a>
        </p>
      </section>
    </>,
  );
}

interface Subscription {
  readonly id: string;
  readonly confirmed: boolean;
  readonly ended: boolean;
}

async function subscriptionOf(platform: Platform, token: string): Promise<Subscription> {
  const { rows } = await platform.db.execute<Record<string, unknown>>(
    sql`select id, confirmed_at, ended_at from cc_subscription where token_hash = ${sha256(token)}`,
  );
  const row = rows[0];
  if (!row) throw new NotFound('subscription');
  return { id: String(row.id), confirmed: row.confirmed_at !== null, ended: row.ended_at !== null };
}

/** `/subscribe/{token}`: mail programs open links by themselves, so only a button confirms or ends. */
export function subscription(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const own = words(at.language);
    const token = c.req.param('token') ?? '';
    const found = await subscriptionOf(platform, token);
    const title = found.ended ? own.ended : found.confirmed ? own.stopTitle : own.confirmTitle;
    return page(
      c,
      { title, private: true, index: false },
      <>
        <h1>{title}</h1>
        {!found.ended && (
          <Form
            action={at.href(`/subscribe/${token}`)}
            csrf={c.var.visit.csrfToken()}
            hidden={{ act: found.confirmed ? 'stop' : 'confirm' }}
          >
            <Actions>
              <Button look={found.confirmed ? 'secondary' : 'primary'}>
                {found.confirmed ? own.stop : own.confirm}
              </Button>
            </Actions>
          </Form>
        )}
      </>,
    );
  };
}

export function subscriptionAnswer(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const token = c.req.param('token') ?? '';
    const { id } = await subscriptionOf(platform, token);
    const now = platform.clock.now().toISOString();
    const { act } = await fields(c);
    if (act === 'confirm')
      await platform.db.execute(
        sql`update cc_subscription set confirmed_at = coalesce(confirmed_at, ${now}::timestamptz) where id = ${id} and ended_at is null`,
      );
    // The address is not needed any more.
    if (act === 'stop')
      await platform.db.execute(
        sql`update cc_subscription set ended_at = ${now}::timestamptz, key = null, sealed = null, email_blind = null where id = ${id} and ended_at is null`,
      );
    return c.redirect(here(c).href(`/subscribe/${token}`), 303);
  };
}

const escaped = (text: string) =>
  text
    .toWellFormed()
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

function filterOf(wish: {
  district?: string | null | undefined;
  branch?: string | null | undefined;
}): ListFilter {
  return {
    ...(wish.district ? { district: wish.district } : {}),
    ...(wish.branch ? { branch: wish.branch } : {}),
  };
}

/** `/feed.atom`: the newest published requests of an area (RFC 4287), free of personal data. */
export function feed(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const { origin, path } = c.var.visit;
    const { rows } = await listRequests(platform.db, at.language, filterOf(c.req.query()), 50, 0);
    const link = (number: string) => `${origin}${at.href(`/requests/${number}`)}`;
    const updated = rows.reduce(
      (latest, row) => (row.updatedAt > latest ? row.updatedAt : latest),
      new Date(0),
    );
    const entries = rows.map(
      (row) => `<entry><id>${link(row.number)}</id>
<title>${escaped(`${row.categoryName}, ${row.address ?? row.districtName ?? shownNumber(row.number)}`)}</title>
<link href="${link(row.number)}"/><published>${row.createdAt.toISOString()}</published>
<updated>${row.updatedAt.toISOString()}</updated>
<summary>${escaped(row.text ?? at.text.hiddenText)}</summary></entry>`,
    );
    const self = escaped(`${origin}${at.language === 'en' ? '/en' : ''}${path}`);
    const xml = `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${at.language}"><id>${self}</id><title>${escaped(at.text.home.list)}</title>
<author><name>${escaped(at.text.centre)}</name></author><link rel="self" href="${self}"/>
<link href="${origin}${at.href('/requests')}"/><updated>${updated.toISOString()}</updated>
${entries.join('\n')}
</feed>`;
    return c.body(xml, 200, {
      'content-type': 'application/atom+xml; charset=utf-8',
      'cache-control': 'public, max-age=60',
    });
  };
}

/** Each morning one letter to each who confirmed, if there is anything new; told twice never. */
export const areaNews: JobDefinition = {
  name: 'contact-centre.area-news',
  schedule: '0 9 * * *',
  async run(platform) {
    const secrets = secretsOf(platform.config);
    const { rows } = await platform.db.execute<{ id: string }>(
      sql`select id from cc_subscription where confirmed_at is not null and ended_at is null and sealed is not null`,
    );
    for (const { id } of rows)
      await platform.work(systemActor('area-news'), (work) => tell(work, secrets, id));
  },
};

async function tell(work: Work, secrets: Secrets, id: string): Promise<void> {
  const { rows } = await work.tx.execute<Record<string, string | null>>(
    sql`select id, key, sealed, district, branch, language, coalesce(told_until, confirmed_at) as since from cc_subscription
      where id = ${id} and ended_at is null for update`,
  );
  const wish = rows[0];
  const email = wish && openSubscription(secrets, wish);
  if (!email) return;
  const now = work.clock.now();
  const language: Language = wish.language === 'en' ? 'en' : 'uk';
  const filter = { ...filterOf(wish), since: new Date(wish.since!), before: now };
  const found = await listRequests(work.tx, language, filter, 20, 0);
  await work.tx.execute(
    sql`update cc_subscription set told_until = ${now.toISOString()}::timestamptz where id = ${id}`,
  );
  if (found.total === 0) return;
  await notify(work, {
    to: { email, language, secrets },
    event: `contact-centre.area-news:${id}:${now.toISOString()}`,
    template: newsLetter,
    variables: {
      count: found.total,
      lines: found.rows.map((row) =>
        [shownNumber(row.number), row.categoryName, row.address ?? row.districtName]
          .filter(Boolean)
          .join(', '),
      ),
    },
    link: pathOf(secrets, id),
    weight: 'news',
  });
}
