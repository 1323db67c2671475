import { type Context, Hono } from 'hono';
import { z } from 'zod';
import {
  Actions,
  Badge,
  Button,
  Card,
  Checkbox,
  Confirmation,
  Empty,
  Form,
  LinkButton,
  Notice,
  PageHead,
} from '#ui/index.ts';
import { NotFound } from '../errors.ts';
import { signedIn } from '../http/guard.ts';
import { page } from '../http/page.tsx';
import { formatDateTime, localPath } from '../i18n/index.ts';
import { secretsOf } from '../identity/secrets.ts';
import type { MistoEnv, Platform } from '../system.ts';
import { systemActor } from '../work.ts';
import { inboxOf, markRead, setWish, unreadCount, unsubscribe, unsubscribeToken, wants } from './index.ts';
import { keptMail } from './kept.ts';
import { notifyText } from './text.ts';

const perPage = 20;

/** The cabinet's messages and wishes, and in the demo the mailbox of letters that went nowhere. Mounted at `/`. */
export function messagePages(platform: Platform): Hono<MistoEnv> {
  const pages = new Hono<MistoEnv>();
  pages.get('/cabinet/messages', (c) => messagesPage(c, platform));

  pages.post('/cabinet/messages/:id/read', async (c) => {
    const person = signedIn(c);
    const id = z.uuid().safeParse(c.req.param('id')).data;
    if (!id) throw new NotFound('message');
    await platform.work(person, (work) => markRead(work, id), { requestId: c.var.visit.requestId });
    return c.redirect(localPath(c.var.visit.language, '/cabinet/messages'), 303);
  });

  pages.post('/cabinet/messages/wishes', async (c) => {
    const person = signedIn(c);
    const form = await c.req.formData();
    await platform.work(
      person,
      async (work) => {
        for (const weight of ['service', 'news'] as const)
          await setWish(work, weight, 'email', form.get(weight) === 'yes');
      },
      { requestId: c.var.visit.requestId },
    );
    return c.redirect(localPath(c.var.visit.language, '/cabinet/messages?saved=1'), 303);
  });

  if (platform.config.mode === 'demo' && !platform.config.smtpUrl)
    pages.get('/demo/mail', async (c) => {
      const { language } = c.var.visit;
      const text = notifyText(language);
      const mails = await keptMail(platform);
      return page(c, { title: text.mailbox, index: false, private: true }, [
        <PageHead title={text.mailbox} lead={text.mailboxLead} />,
        mails.length === 0 ? <Empty title={text.mailboxEmpty} icon="mail" /> : null,
        ...mails.map((mail) => (
          <Card title={mail.subject} level={2} key={mail.id}>
            <p class="muted">
              {text.to(mail.to)} · {formatDateTime(language, mail.at)}
            </p>
            {mail.text.split('\n\n').map((paragraph, index) => (
              <p key={index}>{withLinks(paragraph)}</p>
            ))}
          </Card>
        )),
      ]);
    });
  return pages;
}

async function messagesPage(c: Context<MistoEnv>, platform: Platform): Promise<Response> {
  const person = signedIn(c);
  const { visit } = c.var;
  const { language } = visit;
  const text = notifyText(language);
  const before = z.uuid().safeParse(c.req.query('before')).data;
  const messages = await inboxOf(platform.db, person.id, {
    limit: perPage + 1,
    ...(before && { before }),
  });
  const shown = messages.slice(0, perPage);
  const unread = await unreadCount(platform.db, person.id);
  const [service, news] = await Promise.all([
    wants(platform.db, person.id, 'service', 'email'),
    wants(platform.db, person.id, 'news', 'email'),
  ]);
  const csrf = visit.csrfToken();
  return page(c, { title: text.title, shell: 'cabinet', current: '/cabinet/messages' }, [
    <PageHead title={text.title} lead={unread > 0 ? text.unread(unread) : text.lead} />,
    c.req.query('saved') ? <Notice tone="good" title={text.saved} live /> : null,
    shown.length === 0 ? <Empty title={text.empty} icon="mail" /> : null,
    ...shown.map((message) => (
      <Card title={message.subject} level={2} key={message.id}>
        <p class="muted">
          <time dateTime={message.at.toISOString()}>{formatDateTime(language, message.at)}</time>{' '}
          {message.readAt ? null : <Badge tone="info">{text.isNew}</Badge>}{' '}
          {message.weight === 'service' ? null : <Badge>{text[message.weight]}</Badge>}
        </p>
        <div lang={message.language}>
          {message.lines.map((line, index) => (
            <p key={index}>{line}</p>
          ))}
        </div>
        <Actions>
          {message.href ? (
            <LinkButton href={localPath(language, message.href)} look="secondary" size="small">
              {text.open}
              <span class="visually-hidden">: {message.subject}</span>
            </LinkButton>
          ) : null}
          {message.readAt ? null : (
            <Form
              action={localPath(language, `/cabinet/messages/${message.id}/read`)}
              csrf={csrf}
              label={`${text.markRead}: ${message.subject}`}
            >
              <Button look="quiet" size="small">
                {text.markRead}
                <span class="visually-hidden">: {message.subject}</span>
              </Button>
            </Form>
          )}
        </Actions>
      </Card>
    )),
    messages.length > perPage ? (
      <Actions>
        <LinkButton
          href={localPath(language, `/cabinet/messages?before=${shown.at(-1)!.id}`)}
          look="secondary"
        >
          {text.older}
        </LinkButton>
      </Actions>
    ) : null,
    <section aria-labelledby="wishes">
      <h2 id="wishes">{text.wishes}</h2>
      <p>{text.wishesLead}</p>
      <Form action={localPath(language, '/cabinet/messages/wishes')} csrf={csrf}>
        <Checkbox name="service" label={text.service} checked={service} />
        <Checkbox name="news" label={text.newsWish} checked={news} />
        <Button>{text.save}</Button>
      </Form>
    </section>,
  ]);
}

/**
 * The end of news letters. The token in the address is the right to it, so these routes stand before the check of forms:
 * a mail program presses the button without ever having seen a page (RFC 8058). Mounted at `/`, after the visit is known.
 */
export function unsubscribePages(platform: Platform): Hono<MistoEnv> {
  const pages = new Hono<MistoEnv>();
  const secrets = secretsOf(platform.config);

  pages.get('/unsubscribe/:token', (c) => {
    const { language } = c.var.visit;
    const token = c.req.param('token');
    if (token !== unsubscribeToken(secrets, token.slice(0, 36))) throw new NotFound('subscription');
    const text = notifyText(language);
    // Reading the letter's links ahead, as mail filters do, must change nothing: only the button does.
    return page(c, { title: text.stopTitle, index: false, private: true }, [
      <PageHead title={text.stopTitle} lead={text.stopAsk} />,
      <Form action={localPath(language, `/unsubscribe/${token}`)}>
        <Button>{text.stop}</Button>
      </Form>,
    ]);
  });

  pages.post('/unsubscribe/:token', async (c) => {
    await platform.work(
      systemActor('unsubscribe'),
      (work) => unsubscribe(work, secrets, c.req.param('token')),
      { requestId: c.var.visit.requestId },
    );
    const text = notifyText(c.var.visit.language);
    return page(
      c,
      { title: text.stopped, index: false, private: true },
      <Confirmation title={text.stopped}>{text.stoppedLead}</Confirmation>,
    );
  });
  return pages;
}

/** Addresses in a letter's text become links; the rest stays text. */
function withLinks(paragraph: string) {
  return paragraph
    .split(/(https?:\/\/\S+)/)
    .map((part, index) => (index % 2 ? <a href={part}>{part}</a> : part));
}
