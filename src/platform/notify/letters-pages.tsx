import { type Context, Hono } from 'hono';
import { z } from 'zod';
import {
  Actions,
  BackLink,
  Button,
  Empty,
  Form,
  Notice,
  PageHead,
  Pagination,
  Section,
  Table,
} from '#ui/index.ts';
import { mustBeAble } from '../access/index.ts';
import { NotFound } from '../errors.ts';
import { readForm } from '../http/forms.ts';
import { needsStaff } from '../http/guard.ts';
import { page } from '../http/page.tsx';
import { formatDateTime, localPath, messages } from '../i18n/index.ts';
import type { MistoEnv, Platform } from '../system.ts';
import { type LetterKind, openLetter, postLetters, settleLetter, waitingLetters } from './letters.ts';

const perPage = 50;

const text = messages(
  {
    title: 'Листи, що чекають на людей',
    lead: 'Листи, які треба надіслати поштою, і ті, про які невідомо, чи вони пішли.',
    kinds: { post: 'Надіслати поштою', uncertain: 'Невідомо, чи надіслано' },
    none: { post: 'Поштою надсилати нічого', uncertain: 'Усі надіслані листи підтверджено' },
    subject: 'Тема',
    at: 'Створено',
    channel: 'Як надсилали',
    channels: { email: 'електронна пошта', sms: 'SMS', telegram: 'Telegram', push: 'push', post: 'пошта' },
    to: 'Кому',
    noAddress: 'Поштової адреси місто не знає. Знайдіть її у справі або позначте, що надіслати не вдалося.',
    print: 'Роздрукуйте сторінку, надішліть листа й позначте це тут.',
    doubt:
      'Поштовий сервер забрав листа й замовк. Спитайте адресата або надішліть ще раз: у гіршому разі він отримає два.',
    sent: 'Надіслано',
    arrived: 'Лист дійшов',
    again: 'Надіслати ще раз',
    failed: 'Надіслати не вдалося',
    shown: (from: number, to: number, all: number) => `${from}–${to} із ${all}`,
  },
  {
    en: {
      title: 'Letters that wait for people',
      lead: 'Letters to be posted on paper, and those of which nobody knows whether they went out.',
      kinds: { post: 'To be posted', uncertain: 'Unknown whether sent' },
      none: { post: 'Nothing is to be posted', uncertain: 'All letters that went out are certain' },
      subject: 'Subject',
      at: 'Made',
      channel: 'Way',
      channels: { email: 'e-mail', sms: 'SMS', telegram: 'Telegram', push: 'push', post: 'post' },
      to: 'To',
      noAddress:
        'The city knows no postal address. Find it in the case, or say that the letter cannot be sent.',
      print: 'Print this page, post the letter and say so here.',
      doubt:
        'The mail server took the letter and fell silent. Ask whom it was for, or send it again: at worst they get two.',
      sent: 'Posted',
      arrived: 'It arrived',
      again: 'Send again',
      failed: 'Cannot be sent',
      shown: (from, to, all) => `${from}–${to} of ${all}`,
    },
  },
);

/** The desk for letters that no program can see to. Mounted at `/desk/letters`. */
export function letterPages(platform: Platform): Hono<MistoEnv> {
  const pages = new Hono<MistoEnv>();

  pages.use('*', needsStaff(), async (c, next) => {
    mustBeAble(c.var.visit.actor, postLetters);
    await next();
  });

  pages.get('/', async (c) => {
    const { language } = c.var.visit;
    const words = text(language);
    const lists = await Promise.all((['post', 'uncertain'] as const).map((kind) => list(c, kind)));
    return page(c, { title: words.title, shell: 'desk', width: 'wide' }, [
      <PageHead title={words.title} lead={words.lead} />,
      ...lists,
    ]);
  });

  pages.get('/:id', async (c) => {
    const { language, actor, requestId } = c.var.visit;
    const words = text(language);
    const id = idOf(c);
    const letter = await platform.work(actor, (work) => openLetter(work, id), { requestId });
    return page(c, { title: letter.subject, shell: 'desk', private: true }, [
      <BackLink href={href(c)} />,
      <PageHead
        title={letter.subject}
        kicker={words.kinds[letter.kind]}
        lead={formatDateTime(language, letter.at)}
      />,
      letter.kind === 'uncertain' ? (
        <Notice tone="warning">{words.doubt}</Notice>
      ) : (
        <Section title={words.to}>
          {letter.postal === null ? (
            <Notice tone="warning">{words.noAddress}</Notice>
          ) : (
            letter.postal.split('\n').map((line) => <p>{line}</p>)
          )}
        </Section>
      ),
      <div lang={letter.language}>
        {letter.lines.map((line) => (
          <p>{line}</p>
        ))}
      </div>,
      <Form action={href(c, `/${id}`)} csrf={c.var.visit.csrfToken()}>
        {letter.kind === 'post' && <p class="muted">{words.print}</p>}
        <Actions>
          <Button name="outcome" value="sent">
            {letter.kind === 'post' ? words.sent : words.arrived}
          </Button>
          {letter.kind === 'uncertain' && (
            <Button look="secondary" name="outcome" value="again">
              {words.again}
            </Button>
          )}
          <Button look="secondary" name="outcome" value="failed">
            {words.failed}
          </Button>
        </Actions>
      </Form>,
    ]);
  });

  pages.post('/:id', async (c) => {
    const id = idOf(c);
    const form = await readForm(c, z.object({ outcome: z.enum(['sent', 'again', 'failed']) }));
    if (!form.data) throw new NotFound('outcome');
    const { actor, requestId } = c.var.visit;
    const { outcome } = form.data;
    await platform.work(actor, (work) => settleLetter(work, id, outcome), { requestId });
    return c.redirect(href(c), 303);
  });

  return pages;

  async function list(c: Context<MistoEnv>, kind: LetterKind) {
    const { language } = c.var.visit;
    const words = text(language);
    const asked = Math.min(10_000, Math.max(1, Math.trunc(Number(c.req.query(kind))) || 1));
    const offset = (asked - 1) * perPage;
    const { rows, total } = await waitingLetters(platform.db, kind, { limit: perPage, offset });
    return (
      <Section title={words.kinds[kind]}>
        <Table
          caption={words.kinds[kind]}
          quietCaption
          rows={rows}
          rowKey={(one) => one.id}
          empty={<Empty title={words.none[kind]} />}
          columns={[
            {
              key: 'subject',
              title: words.subject,
              header: true,
              cell: (one) => <a href={href(c, `/${one.id}`)}>{one.subject}</a>,
            },
            { key: 'at', title: words.at, nowrap: true, cell: (one) => formatDateTime(language, one.at) },
            {
              key: 'channel',
              title: words.channel,
              cell: (one) => words.channels[one.channel as keyof typeof words.channels] ?? one.channel,
            },
          ]}
        />
        {total > perPage && (
          <Pagination
            page={asked}
            pages={Math.ceil(total / perPage)}
            href={(n) => `${href(c)}?${kind}=${n}`}
            summary={words.shown(Math.min(offset + 1, total), offset + rows.length, total)}
          />
        )}
      </Section>
    );
  }
}

/** @throws NotFound for what is no id. */
function idOf(c: Context<MistoEnv>): string {
  const id = z.uuid().safeParse(c.req.param('id')).data;
  if (!id) throw new NotFound('letter');
  return id;
}

const href = (c: Context<MistoEnv>, rest = '') => localPath(c.var.visit.language, `/desk/letters${rest}`);
