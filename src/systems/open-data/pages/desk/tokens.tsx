import type { Context } from 'hono';
import { z } from 'zod';
import { addDays, endOfDay, localDate } from '#platform/calendar/index.ts';
import type { FieldFault } from '#platform/errors.ts';
import { NotFound } from '#platform/errors.ts';
import { readForm } from '#platform/http/forms.ts';
import { page } from '#platform/http/page.tsx';
import { messages } from '#platform/i18n/index.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import {
  Actions,
  Breadcrumbs,
  Button,
  Empty,
  ErrorSummary,
  Form,
  Notice,
  PageHead,
  Radios,
  Section,
  Select,
  Table,
  TextInput,
} from '#ui/index.ts';
import { Absent } from '../../faults.ts';
import { type TokenScope, tokenScopes } from '../../permissions.ts';
import { createToken, type KnownToken, revokeToken, tokensOf } from '../../tokens.ts';
import { type Here, here, instantOf } from '../kit.tsx';
import { deskText } from './text.ts';

const text = messages(
  {
    title: 'Ключі для програм',
    lead: 'Ключем програма публікує дані від вашого імені через CKAN API. Він не може більше, ніж можете ви.',
    make: 'Новий ключ',
    name: 'Для чого він',
    nameHint: 'Наприклад: нічне вивантаження з 1С',
    scope: 'Що він дозволяє',
    scopes: {
      read: 'Читати неоприлюднене вашого підрозділу',
      write: 'Створювати й оновлювати набори та дані',
      publish: 'Також оприлюднювати й погоджувати',
      admin: 'Усе, що можете ви',
    } satisfies Record<TokenScope, string>,
    lasts: 'Діє',
    days: { '30': 'місяць', '365': 'рік', '': 'доки не відкличете' } as Record<string, string>,
    create: 'Створити ключ',
    created: 'Ключ створено. Скопіюйте його зараз: вдруге його не побачить ніхто.',
    use: 'Програма надсилає його в заголовку Authorization, не в адресі:',
    own: 'Ваші ключі',
    made: 'Створено',
    used: 'Останнє використання',
    never: 'ще не використано',
    until: 'Діє до',
    forever: 'безстроково',
    expired: 'строк минув',
    revoke: 'Відкликати',
    revokeNamed: (name: string) => `Відкликати ключ «${name}»`,
    revoked: 'Ключ відкликано: програми з ним більше нічого не змінять.',
    none: 'Ключів ще немає',
    noneWhy: 'Створіть ключ, коли дані має надсилати програма, а не людина.',
    fill: 'Напишіть, для чого ключ',
    choose: 'Оберіть, що він дозволяє',
  },
  {
    en: {
      title: 'Keys for programs',
      lead: 'With a key a program publishes data in your name through the CKAN API. It can do no more than you can.',
      make: 'New key',
      name: 'What it is for',
      nameHint: 'For example: nightly export of the accounting system',
      scope: 'What it allows',
      scopes: {
        read: 'Read what your unit has not published',
        write: 'Make and update datasets and data',
        publish: 'Publish and approve as well',
        admin: 'All that you can do',
      },
      lasts: 'Works for',
      days: { '30': 'a month', '365': 'a year', '': 'until you revoke it' },
      create: 'Make the key',
      created: 'The key is made. Copy it now: nobody will see it a second time.',
      use: 'The program sends it in the header Authorization, never in the address:',
      own: 'Your keys',
      made: 'Made',
      used: 'Last used',
      never: 'not used yet',
      until: 'Works until',
      forever: 'without end',
      expired: 'has ended',
      revoke: 'Revoke',
      revokeNamed: (name) => `Revoke the key “${name}”`,
      revoked: 'The key is revoked: programs with it change nothing any more.',
      none: 'There are no keys yet',
      noneWhy: 'Make one when a program is to send data rather than a person.',
      fill: 'Say what the key is for',
      choose: 'Choose what it allows',
    },
  },
);
type TokenText = ReturnType<typeof text>;

/** How long a key may work, in days; empty: until it is revoked. */
const lasting = ['30', '365', ''] as const;

/** `/open-data/desk/tokens`: the keys with which programs act in one's name. */
export const tokens = (platform: Platform) => (c: Context<MistoEnv>) => draw(platform, c);

/** Makes a key; the answer shows it, and nothing does afterwards. */
export function tokenAnswer(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const words = text(here(c).language);
    const form = await readForm(
      c,
      z.object({
        name: z
          .string()
          .min(1, words.fill)
          .max(200, deskText(here(c).language).tooLong),
        scope: z.enum(tokenScopes as [TokenScope, ...TokenScope[]], words.choose),
        days: z.enum(lasting).default(''),
      }),
    );
    if (!form.data) return draw(platform, c, { faults: form.faults, values: form.values });
    const { name, scope, days } = form.data;
    const { actor } = c.var.visit;
    const expires = days && endOfDay(addDays(localDate(platform.clock.now()), Number(days)));
    const { token } = await platform.work(actor, (work) =>
      createToken(work, { person: actor.id!, name, scopes: [scope], expires: expires || null }),
    );
    return draw(platform, c, { made: token });
  };
}

/** Revokes one of one's own keys. */
export function revokeAnswer(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const id = c.req.param('token')!;
    const { actor } = c.var.visit;
    const own = await tokensOf(platform.db, actor, actor.id!);
    if (!own.some((one) => one.id === id)) throw new NotFound('token');
    await platform
      .work(actor, (work) => revokeToken(work, { id }))
      .catch((error: unknown) => {
        // Pressed twice: it is revoked already.
        if (!(error instanceof Absent)) throw error;
      });
    return c.redirect(here(c).href('/desk/tokens', { revoked: '1' }), 303);
  };
}

async function draw(
  platform: Platform,
  c: Context<MistoEnv>,
  given: {
    readonly faults?: readonly FieldFault[];
    readonly values?: Readonly<Record<string, string>>;
    /** The key that was just made. */
    readonly made?: string;
  } = {},
) {
  const at = here(c);
  const words = text(at.language);
  const { faults = [], values = {}, made } = given;
  const { actor } = c.var.visit;
  const own = await tokensOf(platform.db, actor, actor.id!);
  const csrf = c.var.visit.csrfToken();
  return page(
    c,
    { title: words.title, shell: 'desk', width: 'wide', faults },
    <>
      <Breadcrumbs items={[{ title: deskText(at.language).desk, href: at.href('/desk') }]} />
      <PageHead title={words.title} lead={words.lead} />
      <ErrorSummary faults={faults} />
      {made && <Made at={at} words={words} token={made} />}
      {c.req.query('revoked') !== undefined && (
        <Notice tone="good" live>
          <p>{words.revoked}</p>
        </Notice>
      )}
      <Section title={words.own}>
        <OwnTokens at={at} words={words} own={own} csrf={csrf} now={platform.clock.now()} />
      </Section>
      <Section title={words.make}>
        <Form action={at.href('/desk/tokens')} csrf={csrf} faults={faults} label={words.make}>
          <TextInput
            name="name"
            label={words.name}
            hint={words.nameHint}
            value={values.name ?? ''}
            required
          />
          <Radios
            name="scope"
            label={words.scope}
            options={tokenScopes.map((scope) => ({ value: scope, label: words.scopes[scope] }))}
            value={values.scope ?? 'write'}
          />
          <Select
            name="days"
            label={words.lasts}
            options={lasting.map((days) => ({ value: days, label: words.days[days]! }))}
            value={values.days ?? '365'}
            width="m"
          />
          <Actions>
            <Button type="submit">{words.create}</Button>
          </Actions>
        </Form>
      </Section>
    </>,
  );
}

function Made(props: { at: Here; words: TokenText; token: string }) {
  const { at, words, token } = props;
  return (
    <Notice tone="good" title={words.created} live>
      <pre>
        <code>{token}</code>
      </pre>
      <p>{words.use}</p>
      <pre>
        <code>{`curl -s '${at.site}/api/3/action/organization_list_for_user' -H 'Authorization: ${token}'`}</code>
      </pre>
    </Notice>
  );
}

function OwnTokens(props: {
  at: Here;
  words: TokenText;
  own: readonly KnownToken[];
  csrf: string;
  now: Date;
}) {
  const { at, words } = props;
  return (
    <Table
      caption={words.own}
      quietCaption
      columns={[
        { key: 'name', title: words.name, header: true, cell: (one) => one.name },
        {
          key: 'scope',
          title: words.scope,
          cell: (one) => one.scopes.map((scope) => words.scopes[scope]).join('; '),
        },
        { key: 'made', title: words.made, cell: (one) => at.date(instantOf(one.created_at)) },
        {
          key: 'used',
          title: words.used,
          cell: (one) => (one.last_access ? at.time(instantOf(one.last_access)) : words.never),
        },
        {
          key: 'until',
          title: words.until,
          cell: ({ expires_at: until }) =>
            until === null
              ? words.forever
              : instantOf(until) <= props.now
                ? words.expired
                : at.date(instantOf(until)),
        },
        {
          key: 'act',
          title: words.revoke,
          cell: (one) => (
            <Form
              action={at.href(`/desk/tokens/${one.id}`)}
              csrf={props.csrf}
              label={words.revokeNamed(one.name)}
            >
              <Button look="danger" size="small">
                {words.revoke}
                <span class="visually-hidden">: {one.name}</span>
              </Button>
            </Form>
          ),
        },
      ]}
      rows={props.own}
      rowKey={(one) => one.id}
      empty={
        <Empty title={words.none} icon="data">
          <p>{words.noneWhy}</p>
        </Empty>
      }
    />
  );
}
