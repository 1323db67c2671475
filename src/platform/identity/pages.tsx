import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { BackLink, Grid, Notice, PageHead } from '#ui/content.tsx';
import { TextInput } from '#ui/fields.tsx';
import { Actions, Button, ErrorSummary, Form, LinkButton } from '#ui/form.tsx';
import { audit } from '../audit/append.ts';
import { type FieldFault, NotFound, Refusal } from '../errors.ts';
import { readForm } from '../http/forms.ts';
import { signedIn } from '../http/guard.ts';
import { keptFormPath } from '../http/kept-form.ts';
import { page } from '../http/page.tsx';
import { localTarget } from '../http/redirect.ts';
import {
  clearSessionCookie,
  putCookie,
  readCookie,
  sessionToken,
  setSessionCookie,
} from '../http/session.ts';
import { formatDateTime, formatTime, localPath } from '../i18n/index.ts';
import type { Mailer } from '../notify/mailer.ts';
import type { MistoEnv, Platform } from '../system.ts';
import { type Actor, anonymous, type Work } from '../work.ts';
import { sendCode } from './code-letter.ts';
import { makeCode, redeemCode } from './codes.ts';
import { deviceOf } from './device.ts';
import { personaPerson, personasOf } from './personas.ts';
import { proofPages } from './proof-pages.tsx';
import { secretsOf } from './secrets.ts';
import { endSession, endSessionsOf, type SessionKind, sessionsOf, startSession } from './sessions.ts';
import { staffPages } from './staff-pages.tsx';
import { identityText } from './text.ts';

export interface IdentityOptions {
  readonly mailer?: Mailer;
}

/** What waits between two steps of signing in. */
const pendingCookie = 'misto-pending';

/** Signing in and out, and one's own sessions. */
export function identityPages(platform: Platform, options: IdentityOptions): Hono<MistoEnv> {
  const pages = new Hono<MistoEnv>();
  const secrets = secretsOf(platform.config);
  const isDemo = platform.config.mode === 'demo';

  pages.get('/sign-in', (c) => signInPage(c, []));

  pages.post('/sign-in', async (c) => {
    const { visit } = c.var;
    const text = identityText(visit.language);
    if (!options.mailer) throw new Refusal(503, 'mail-unavailable', text.noMail);
    const form = await readForm(
      c,
      z.object({ email: z.email(text.emailWrong).max(254, text.emailWrong), back: z.string().optional() }),
    );
    if (!form.data) return signInPage(c, form.faults, form.values.email);
    const { email, back } = form.data;
    const made = await platform.work(anonymous, (work) => makeCode(work, secrets, email), {
      requestId: visit.requestId,
    });
    const outcome = await sendCode(platform, options.mailer, made, {
      subject: text.mailSubject(made.code),
      text: text.mailBody(made.code, visit.origin),
    });
    if (outcome === 'refused') return signInPage(c, [{ field: 'email', message: text.mailRefused }], email);
    if (outcome === 'away') return signInPage(c, [{ field: 'email', message: text.mailAway }], email, 503);
    putCookie(c, pendingCookie, made.id, 600);
    return c.redirect(withBack(localPath(visit.language, '/sign-in/code'), back), 303);
  });

  pages.get('/sign-in/code', (c) => codePage(c, []));

  pages.post('/sign-in/code', async (c) => {
    const { visit } = c.var;
    const text = identityText(visit.language);
    const form = await readForm(c, z.object({ code: z.string(), back: z.string().optional() }));
    const id = z.uuid().safeParse(readCookie(c, pendingCookie)).data;
    const code = (form.values.code ?? '').replace(/\s/g, '');
    const redeemed =
      id && /^\d{6}$/.test(code)
        ? await platform.work(
            anonymous,
            (work) => redeemCode(work, secrets, { id, code, language: visit.language }),
            { requestId: visit.requestId },
          )
        : null;
    if (!redeemed) return codePage(c, [{ field: 'code', message: text.codeWrong }]);
    putCookie(c, pendingCookie, '', 0);
    await signIn(c, platform, redeemed.personId, 'person', 1, 'email');
    return c.redirect(localTarget(form.data?.back) ?? localPath(visit.language, '/cabinet'), 303);
  });

  // Outside the demo there is nothing here, not even a refusal.
  if (isDemo)
    pages.post('/sign-in/demo', async (c) => {
      const form = await readForm(c, z.object({ persona: z.string(), back: z.string().optional() }));
      const persona = personasOf(platform).find((known) => known.name === form.data?.persona);
      if (!persona) throw new NotFound('persona');
      const personId = await platform.work(anonymous, (work) => personaPerson(work, platform, persona.name), {
        requestId: c.var.visit.requestId,
      });
      const kind = persona.roles.length ? 'staff' : 'person';
      await signIn(c, platform, personId, kind, 2, 'demo');
      const home = localTarget(persona.home) ?? '/';
      return c.redirect(localTarget(form.data?.back) ?? localPath(c.var.visit.language, home), 303);
    });

  pages.route('/sign-in/staff', staffPages(platform));
  pages.route('/prove', proofPages(platform, options));

  // Looking at this page is what prolongs the session: it stands beside a form that is being filled in.
  pages.get('/sign-in/keep', (c) => {
    signedIn(c);
    const { visit } = c.var;
    const text = identityText(visit.language);
    const until = visit.session!.idleUntil;
    if (c.req.header('accept')?.startsWith('application/json'))
      return c.json({
        until: until.toISOString(),
        left: until.getTime() - platform.clock.now().getTime(),
      });
    return page(c, { title: text.kept }, [
      <PageHead title={text.kept} lead={text.keptUntil(formatTime(visit.language, until))} />,
      <p>{text.closeTab}</p>,
    ]);
  });

  pages.post('/sign-out', async (c) => {
    const token = sessionToken(c);
    const { visit } = c.var;
    if (token && visit.session)
      await platform.work(
        visit.actor,
        async (work) => {
          await endSession(work, token);
          await audit(work, { action: 'identity:sign-out', resource: `person:${visit.actor.id}` });
        },
        { requestId: visit.requestId },
      );
    clearSessionCookie(c);
    return c.redirect(localPath(visit.language, '/'), 303);
  });

  pages.get('/cabinet/sessions', async (c) => {
    const actor = signedIn(c);
    const { visit } = c.var;
    const text = identityText(visit.language);
    const own = await platform.work(actor, (work) => sessionsOf(work, actor.id));
    const action = localPath(visit.language, '/cabinet/sessions/end');
    return page(c, { title: text.sessionsTitle, shell: 'cabinet', width: 'wide' }, [
      <PageHead title={text.sessionsTitle} lead={text.sessionsLead} />,
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{text.device}</th>
            <th scope="col">{text.startedAt}</th>
            <th scope="col">{text.seenAt}</th>
            <th scope="col">{text.end}</th>
          </tr>
        </thead>
        <tbody>
          {own.map((session) => (
            <tr>
              <td>
                {session.device || text.unknownDevice}
                {session.id === visit.session?.id ? ` (${text.thisOne})` : ''}
              </td>
              <td>{formatDateTime(visit.language, session.startedAt)}</td>
              <td>{formatDateTime(visit.language, session.seenAt)}</td>
              <td>
                <Form action={action} csrf={visit.csrfToken()} hidden={{ session: session.id }}>
                  <Button look="secondary" size="small">
                    {text.end}
                  </Button>
                </Form>
              </td>
            </tr>
          ))}
        </tbody>
      </table>,
      <Form action={action} csrf={visit.csrfToken()}>
        <Button look="danger">{text.endAll}</Button>
      </Form>,
      visit.session?.kind === 'staff' ? (
        <p>
          <a href={localPath(visit.language, '/desk/password')}>{text.changePassword}</a>
        </p>
      ) : null,
    ]);
  });

  pages.post('/cabinet/sessions/end', async (c) => {
    const actor = signedIn(c);
    const form = await readForm(c, z.object({ session: z.uuid().optional() }));
    const id = form.data?.session;
    await platform.work(actor, (work) => endSessionsOf(work, actor.id, id), {
      requestId: c.var.visit.requestId,
    });
    const ownEnded = !id || id === c.var.visit.session?.id;
    if (ownEnded) clearSessionCookie(c);
    return c.redirect(localPath(c.var.visit.language, ownEnded ? '/' : '/cabinet/sessions'), 303);
  });

  return pages;

  function signInPage(c: Context<MistoEnv>, faults: readonly FieldFault[], email = '', status?: number) {
    const { visit } = c.var;
    const text = identityText(visit.language);
    const back = localTarget(c.req.query('back')) ?? undefined;
    const csrf = visit.csrfToken();
    const path = (to: string) => localPath(visit.language, to);
    return page(c, { title: text.title, faults, ...(status ? { status } : {}) }, [
      <ErrorSummary faults={faults} />,
      <PageHead title={text.title} />,
      back === path(keptFormPath) ? <Notice title={text.sessionOver}>{text.inputKept}</Notice> : null,
      isDemo ? (
        <section aria-labelledby="demo-people">
          <h2 id="demo-people">{text.demo}</h2>
          <p>{text.demoHint}</p>
          <Form action={path('/sign-in/demo')} csrf={csrf} hidden={{ back }}>
            <Grid min="narrow">
              {personasOf(platform).map((persona) => (
                <Button look="secondary" name="persona" value={persona.name}>
                  {persona.title[visit.language]}
                </Button>
              ))}
            </Grid>
          </Form>
        </section>
      ) : null,
      <section aria-labelledby="by-email">
        <h2 id="by-email">{text.byEmail}</h2>
        {options.mailer ? (
          <Form action={path('/sign-in')} csrf={csrf} faults={faults} hidden={{ back }}>
            <TextInput
              name="email"
              type="email"
              label={text.email}
              hint={text.emailHint}
              autocomplete="email"
              value={email}
            />
            <Actions>
              <Button>{text.sendCode}</Button>
            </Actions>
          </Form>
        ) : (
          <Notice tone="neutral">{text.noMail}</Notice>
        )}
      </section>,
      <p>
        <a href={withBack(path('/sign-in/staff'), back)}>{text.staff}</a>
      </p>,
    ]);
  }

  function codePage(c: Context<MistoEnv>, faults: readonly FieldFault[]) {
    const { visit } = c.var;
    const text = identityText(visit.language);
    const back = localTarget(c.req.query('back')) ?? undefined;
    const start = withBack(localPath(visit.language, '/sign-in'), back);
    return page(c, { title: text.codeTitle, faults }, [
      <BackLink href={start} />,
      <ErrorSummary faults={faults} />,
      <PageHead title={text.codeTitle} lead={text.codeSent} />,
      <Form
        action={localPath(visit.language, '/sign-in/code')}
        csrf={visit.csrfToken()}
        faults={faults}
        hidden={{ back }}
      >
        <TextInput
          name="code"
          label={text.code}
          hint={text.codeHint}
          inputmode="numeric"
          autocomplete="one-time-code"
          width="s"
        />
        <Actions>
          <Button>{text.enter}</Button>
          <LinkButton look="quiet" href={start}>
            {text.again}
          </LinkButton>
        </Actions>
      </Form>,
    ]);
  }
}

/** Starts a fresh session for the person and ends the one the browser had: a token from before signing in is worth nothing. */
export async function signIn(
  c: Context<MistoEnv>,
  platform: Platform,
  personId: string,
  kind: SessionKind,
  assurance: Actor['assurance'],
  method: string,
  also?: (work: Work) => Promise<void>,
): Promise<void> {
  const { visit } = c.var;
  const actor: Actor = { ...anonymous, kind, id: personId, assurance };
  const before = sessionToken(c);
  const token = await platform.work(
    actor,
    async (work) => {
      if (before) await endSession(work, before);
      await also?.(work);
      await audit(work, {
        action: 'identity:sign-in',
        resource: `person:${personId}`,
        subjects: [personId],
        detail: { method },
      });
      return startSession(work, {
        personId,
        kind,
        assurance,
        method,
        device: deviceOf(c.req.header('user-agent')),
      });
    },
    { requestId: visit.requestId },
  );
  setSessionCookie(c, token);
}

export function withBack(path: string, back: string | undefined): string {
  const target = localTarget(back);
  return target ? `${path}?back=${encodeURIComponent(target)}` : path;
}
