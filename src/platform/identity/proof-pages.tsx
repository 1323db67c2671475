import { sql } from 'drizzle-orm';
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { BackLink, Notice, PageHead } from '#ui/content.tsx';
import { TextInput } from '#ui/fields.tsx';
import { Actions, Button, ErrorSummary, Form } from '#ui/form.tsx';
import { type FieldFault, Refusal } from '../errors.ts';
import { readForm } from '../http/forms.ts';
import { signedIn } from '../http/guard.ts';
import { page } from '../http/page.tsx';
import { localTarget } from '../http/redirect.ts';
import { putCookie, readCookie, sessionToken, setSessionCookie } from '../http/session.ts';
import { localPath } from '../i18n/index.ts';
import type { Mailer } from '../notify/mailer.ts';
import type { MistoEnv, Platform } from '../system.ts';
import { anonymous } from '../work.ts';
import { sendCode } from './code-letter.ts';
import { checkCode, makeCode } from './codes.ts';
import { contactsOf } from './persons.ts';
import type { ProofMethod } from './proof.ts';
import { secretsOf } from './secrets.ts';
import { renewProof } from './sessions.ts';
import { checkSecondFactor } from './staff.ts';
import { identityText } from './text.ts';

const sentCookie = 'misto-proof';

/** Step-up: proves once more who is behind the session, and goes back to what was being done. Mounted at `/prove`. */
export function proofPages(platform: Platform, options: { readonly mailer?: Mailer }): Hono<MistoEnv> {
  const pages = new Hono<MistoEnv>();
  const secrets = secretsOf(platform.config);

  pages.get('/', async (c) => provePage(c, []));

  pages.post('/send', async (c) => {
    const person = signedIn(c);
    const { visit } = c.var;
    const text = identityText(visit.language);
    const form = await readForm(c, z.object({ back: z.string().optional() }));
    if (!options.mailer) throw new Refusal(503, 'mail-unavailable', text.noMail);
    const made = await platform.work(
      person,
      async (work) => {
        const own = await contactsOf(work, secrets, person.id);
        const email = own.find(({ kind, value }) => kind === 'email' && value)?.value;
        return email ? makeCode(work, secrets, email) : null;
      },
      { requestId: visit.requestId },
    );
    if (made) {
      const outcome = await sendCode(platform, options.mailer, made, {
        subject: text.mailSubject(made.code),
        text: text.mailBody(made.code, visit.origin),
      });
      if (outcome !== 'sent') throw new Refusal(503, 'mail-away', text.mailAway, { retryAfter: 60 });
      putCookie(c, sentCookie, made.id, 600);
    }
    return c.redirect(provePath(c, form.values.back), 303);
  });

  pages.post('/', async (c) => {
    const person = signedIn(c);
    const { visit } = c.var;
    const form = await readForm(
      c,
      z.object({ code: z.string().max(60).optional(), back: z.string().optional() }),
    );
    const method = await proven(c, person.id, (form.values.code ?? '').trim());
    if (!method) return provePage(c, [{ field: 'code', message: identityText(visit.language).totpWrong }]);
    putCookie(c, sentCookie, '', 0);
    const token = await platform.work(person, (work) => renewProof(work, sessionToken(c)!, method), {
      requestId: visit.requestId,
    });
    setSessionCookie(c, token);
    return c.redirect(localTarget(form.values.back) ?? localPath(visit.language, '/'), 303);
  });

  return pages;

  /** By what the person has proved it; null: not at all. */
  async function proven(c: Context<MistoEnv>, personId: string, code: string): Promise<ProofMethod | null> {
    const way = await wayOf(personId);
    if (way.method === 'demo') return 'demo';
    const { requestId } = c.var.visit;
    if (way.method === 'totp') {
      const right = await platform.work(
        anonymous,
        (work) => checkSecondFactor(work, secrets, way.account, code),
        {
          requestId,
        },
      );
      return right ? 'totp' : null;
    }
    const id = z.uuid().safeParse(readCookie(c, sentCookie)).data;
    if (!id || !/^\d{6}$/.test(code)) return null;
    const own = await platform.work(
      anonymous,
      async (work) => {
        const email = await checkCode(work, secrets, { id, code });
        const { rows } = email
          ? await work.tx.execute(
              sql`select from person_contact where person_id = ${personId} and kind = 'email'
                    and blind = ${secrets.blind('email', email)} and verified_at is not null`,
            )
          : { rows: [] };
        return rows.length > 0;
      },
      { requestId },
    );
    return own ? 'email' : null;
  }

  /** Staff with a second factor prove it by that, persons of the demo by a click, everybody else by e-mail. */
  async function wayOf(
    personId: string,
  ): Promise<{ method: 'totp'; account: string } | { method: 'email' | 'demo' }> {
    const { rows } = await platform.db.execute<{ account: string | null; totp: boolean; demo: boolean }>(
      sql`select a.id as account, a.totp_secret is not null as totp, coalesce(p.handle like 'demo:%', false) as demo
          from person p left join staff_account a on a.person_id = p.id where p.id = ${personId}`,
    );
    const row = rows[0];
    if (row?.account && row.totp) return { method: 'totp', account: row.account };
    return { method: row?.demo && platform.config.mode === 'demo' ? 'demo' : 'email' };
  }

  async function provePage(c: Context<MistoEnv>, faults: readonly FieldFault[]) {
    const person = signedIn(c);
    const { visit } = c.var;
    const text = identityText(visit.language);
    const back = localTarget(c.req.query('back')) ?? undefined;
    const { method } = await wayOf(person.id);
    const sent = readCookie(c, sentCookie) !== undefined;
    const asksCode = method === 'totp' || (method === 'email' && sent);
    const level = Number(c.req.query('level') ?? 0);
    const csrf = visit.csrfToken();
    const action = localPath(visit.language, '/prove');
    const send = (
      <Form action={`${action}/send`} csrf={csrf} hidden={{ back }}>
        <Actions>
          <Button look={sent ? 'quiet' : 'primary'}>{sent ? text.again : text.sendCode}</Button>
        </Actions>
      </Form>
    );
    return page(c, { title: text.proveTitle, faults }, [
      <BackLink
        href={
          back && back !== localPath(visit.language, '/kept-form') ? back : localPath(visit.language, '/')
        }
      />,
      <ErrorSummary faults={faults} />,
      <PageHead title={text.proveTitle} lead={text.proveLead} />,
      level > person.assurance ? <Notice tone="warning">{text.proveLevel}</Notice> : null,
      asksCode || method === 'demo' ? (
        <Form action={action} csrf={csrf} faults={faults} hidden={{ back }}>
          {asksCode ? (
            <TextInput
              name="code"
              label={method === 'totp' ? text.totp : text.code}
              hint={method === 'totp' ? text.totpHint : text.codeHint}
              inputmode={method === 'totp' ? 'text' : 'numeric'}
              autocomplete="one-time-code"
              width="s"
            />
          ) : (
            <p>{text.proveDemo}</p>
          )}
          <Actions>
            <Button>{text.prove}</Button>
          </Actions>
        </Form>
      ) : null,
      method === 'email' ? send : null,
    ]);
  }

  function provePath(c: Context<MistoEnv>, back: string | undefined): string {
    const target = localTarget(back);
    const path = localPath(c.var.visit.language, '/prove');
    return target ? `${path}?back=${encodeURIComponent(target)}` : path;
  }
}
