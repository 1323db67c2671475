import type { Context } from 'hono';
import type { ComponentChildren } from 'preact';
import { NotFound } from '#platform/errors.ts';
import { signedIn, signInPath } from '#platform/http/guard.ts';
import { page } from '#platform/http/page.tsx';
import { localPath, messages } from '#platform/i18n/index.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import type { Actor } from '#platform/work.ts';
import { Button, Empty, Form, LinkButton, PageHead, Section, Table } from '#ui/index.ts';
import { readDataset } from '../datasets.ts';
import { feedTypes } from '../dcat/feeds.ts';
import { Absent, Denied } from '../faults.ts';
import { type Followed, type FollowedNow, follow, followedNow, followersOf, unfollow } from '../follows.ts';
import { findUnit } from '../units.ts';
import { type Here, here } from './kit.tsx';

const text = messages(
  {
    title: 'Стежити',
    lead: 'Коли дані зміняться, прийде лист, не частіше ніж раз на день.',
    follow: 'Отримувати листи',
    signIn: 'Увійти й отримувати листи',
    stop: 'Більше не стежити',
    following: 'Ви стежите: про зміни прийде лист.',
    list: 'Усе, за чим ви стежите',
    feed: 'Стрічка змін',
    own: 'Дані, за якими я стежу',
    ownLead: 'Про зміни приходить лист, не частіше ніж раз на день.',
    what: 'Назва',
    kind: 'Що це',
    kinds: {
      dataset: 'набір',
      organization: 'розпорядник',
      group: 'тема',
      user: 'публікатор',
    } satisfies Record<Followed, string>,
    changed: 'Змінено',
    act: 'Дія',
    none: 'Ви ще ні за чим не стежите',
    noneWhy: 'Відкрийте набір, розпорядника або тему й натисніть «Отримувати листи».',
    catalogue: 'До наборів даних',
  },
  {
    en: {
      title: 'Follow',
      lead: 'When the data change you get a letter, once a day at most.',
      follow: 'Get letters',
      signIn: 'Sign in and get letters',
      stop: 'Follow no more',
      following: 'You follow this: a letter will tell of changes.',
      list: 'All that you follow',
      feed: 'Feed of changes',
      own: 'Data that I follow',
      ownLead: 'A letter tells of changes, once a day at most.',
      what: 'Title',
      kind: 'What it is',
      kinds: { dataset: 'dataset', organization: 'publisher', group: 'theme', user: 'person who publishes' },
      changed: 'Changed',
      act: 'Act',
      none: 'You follow nothing yet',
      noneWhy: 'Open a dataset, a publisher or a theme and press “Get letters”.',
      catalogue: 'To the datasets',
    },
  },
);

/** What has a page where it can be followed. */
export type Followable = Exclude<Followed, 'user'>;

/** Letters and feeds about one thing: a visitor signs in first. */
export async function FollowSection(props: {
  platform: Platform;
  c: Context<MistoEnv>;
  kind: Followable;
  object: { readonly id: string; readonly name: string };
}) {
  const { c, kind, object } = props;
  const at = here(c);
  const words = text(at.language);
  const { actor } = c.var.visit;
  const follows =
    actor.id !== null && (await followersOf(props.platform.db, kind, object.id)).includes(actor.id);
  return (
    <Section title={words.title}>
      <p class="muted">{follows ? words.following : words.lead}</p>
      {actor.id === null ? (
        <LinkButton look="secondary" href={signInPath(c, at.href(`/${kind}/${object.name}`))}>
          {words.signIn}
        </LinkButton>
      ) : (
        <FollowForm c={c} kind={kind} object={object} stop={follows} />
      )}
      <ul>
        {follows && (
          <li>
            <a href={at.href('/following')}>{words.list}</a>
          </li>
        )}
        <li>
          <Feeds at={at} address={`${at.site}/feeds/${kind}/${object.id}`} />
        </li>
      </ul>
    </Section>
  );
}

/** The same news for readers of feeds. @param address without its ending */
export function Feeds(props: { at: Here; address: string; query?: string }): ComponentChildren {
  return (
    <>
      {text(props.at.language).feed}:{' '}
      {Object.keys(feedTypes).map((type, n) => (
        <>
          {n > 0 && ', '}
          <a href={`${props.address}.${type}${props.query ?? ''}`}>{type === 'atom' ? 'Atom' : 'RSS'}</a>
        </>
      ))}
    </>
  );
}

function FollowForm(props: {
  c: Context<MistoEnv>;
  kind: Followable;
  object: { readonly name: string };
  stop: boolean;
  /** Sent from the list of what one follows, and back to it. */
  fromList?: string;
}) {
  const { c, kind, object, stop } = props;
  const words = text(c.var.visit.language);
  const label = stop ? words.stop : words.follow;
  return (
    <Form
      action={here(c).href(`/${kind}/${object.name}/follow`)}
      csrf={c.var.visit.csrfToken()}
      hidden={{ act: stop ? 'stop' : 'follow', from: props.fromList && 'list' }}
      label={props.fromList ? `${label}: ${props.fromList}` : label}
    >
      <Button look="secondary" {...(props.fromList && { size: 'small' })}>
        {label}
        {props.fromList && <span class="visually-hidden">: {props.fromList}</span>}
      </Button>
    </Form>
  );
}

/** Begins or stops to follow. */
export function followAnswer(platform: Platform, kind: Followable) {
  return async (c: Context<MistoEnv>) => {
    const actor = signedIn(c);
    const name = c.req.param('name')!;
    const id = await idOf(platform, actor, kind, name);
    const form = await c.req.formData();
    await platform.work(actor, async (work) => {
      if (form.get('act') !== 'stop') await follow(work, kind, id);
      else
        await unfollow(work, kind, id).catch((error: unknown) => {
          // Pressed twice: it is stopped already.
          if (!(error instanceof Absent)) throw error;
        });
    });
    return c.redirect(here(c).href(form.get('from') === 'list' ? '/following' : `/${kind}/${name}`), 303);
  };
}

/** @throws NotFound for what is not there for the actor */
async function idOf(platform: Platform, actor: Actor, kind: Followable, name: string): Promise<string> {
  try {
    const found =
      kind === 'dataset'
        ? await readDataset(platform.db, actor, name)
        : await findUnit(platform.db, actor, kind, name);
    return found.id;
  } catch (error) {
    if (error instanceof Absent || error instanceof Denied) throw new NotFound(kind);
    throw error;
  }
}

/** `/open-data/following`: what one follows, the last changed first, and how to stop. */
export function following(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const words = text(at.language);
    const actor = signedIn(c);
    const found = await followedNow(platform.db, actor.id);
    return page(
      c,
      { title: words.own, shell: actor.kind === 'staff' ? 'desk' : 'cabinet', width: 'wide', private: true },
      <>
        <PageHead title={words.own} lead={words.ownLead} />
        <Table
          caption={words.own}
          quietCaption
          columns={[
            {
              key: 'title',
              title: words.what,
              header: true,
              cell: (one) =>
                one.kind === 'user' ? (
                  one.title
                ) : (
                  <a href={localPath(at.language, `/open-data/${one.kind}/${one.name}`)}>{one.title}</a>
                ),
            },
            { key: 'kind', title: words.kind, cell: (one) => words.kinds[one.kind] },
            { key: 'changed', title: words.changed, cell: (one) => changedOf(at, one) },
            {
              key: 'act',
              title: words.act,
              cell: (one) =>
                one.kind !== 'user' && (
                  <FollowForm c={c} kind={one.kind} object={one} stop fromList={one.title} />
                ),
            },
          ]}
          rows={found}
          rowKey={(one) => `${one.kind} ${one.name}`}
          empty={
            <Empty
              title={words.none}
              icon="data"
              action={<LinkButton href={at.href('')}>{words.catalogue}</LinkButton>}
            >
              <p>{words.noneWhy}</p>
            </Empty>
          }
        />
      </>,
    );
  };
}

const changedOf = (at: Here, { changed }: FollowedNow): string => (changed ? at.date(changed) : '—');
