import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { BackLink, Notice, PageHead } from '#ui/content.tsx';
import { TextInput } from '#ui/fields.tsx';
import { Actions, Button, ErrorSummary, Form, LinkButton } from '#ui/form.tsx';
import type { FieldFault } from '../errors.ts';
import { attempt, readForm } from '../http/forms.ts';
import { page } from '../http/page.tsx';
import { localTarget } from '../http/redirect.ts';
import { putCookie, readCookie } from '../http/session.ts';
import { localPath } from '../i18n/index.ts';
import type { MistoEnv, Platform } from '../system.ts';
import { type Actor, anonymous } from '../work.ts';
import { signIn, withBack } from './pages.tsx';
import type { PasswordFault } from './passwords.ts';
import { secretsOf } from './secrets.ts';
import {
  checkFirstFactor,
  checkSecondFactor,
  newTotp,
  replaceTemporaryPassword,
  setUpTotp,
} from './staff.ts';
import { identityText } from './text.ts';

const pendingSchema = z.object({
  accountId: z.uuid(),
  login: z.string(),
  until: z.number(),
  /** The new secret of an account that has no second factor yet. */
  secret: z.string().optional(),
  /** The password is one that somebody else has set. */
  temporary: z.boolean(),
  /** Both factors were right: only a password of one's own is missing. */
  passed: z.object({ personId: z.uuid(), method: z.string() }).optional(),
});
type Pending = z.infer<typeof pendingSchema>;

const cookie = 'misto-staff';
const place = { table: 'sign-in', column: 'pending', row: '' };
const stepTime = 10 * 60_000;

/** Sign-in of staff: password, then a code of the authenticator app. */
export function staffPages(platform: Platform): Hono<MistoEnv> {
  const pages = new Hono<MistoEnv>();
  const secrets = secretsOf(platform.config);

  pages.get('/', (c) => passwordPage(c, []));

  pages.post('/', async (c) => {
    const { visit } = c.var;
    const form = await readForm(
      c,
      z.object({ login: z.string().max(200), password: z.string().max(1000), back: z.string().optional() }),
    );
    const { login = '', back } = form.values;
    const step = form.data
      ? await platform.work(anonymous, (work) => checkFirstFactor(work, login, form.data!.password), {
          requestId: visit.requestId,
        })
      : null;
    if (!step)
      return passwordPage(c, [{ field: 'login', message: identityText(visit.language).staffWrong }], login);
    const pending: Pending = {
      accountId: step.accountId,
      login: step.login,
      temporary: step.temporary,
      until: platform.clock.now().getTime() + stepTime,
      ...(step.hasTotp ? {} : { secret: newTotp(step.login).secret }),
    };
    keepPending(c, pending);
    return c.redirect(withBack(localPath(visit.language, '/sign-in/staff/code'), back), 303);
  });

  pages.get('/code', (c) => {
    const pending = readPending(c);
    return pending && !pending.passed
      ? codePage(c, pending, [])
      : c.redirect(localPath(c.var.visit.language, '/sign-in/staff'), 303);
  });

  pages.post('/code', async (c) => {
    const { visit } = c.var;
    const text = identityText(visit.language);
    const pending = readPending(c);
    if (!pending || pending.passed) return c.redirect(localPath(visit.language, '/sign-in/staff'), 303);
    const form = await readForm(c, z.object({ code: z.string().max(60), back: z.string().optional() }));
    const code = form.values.code ?? '';
    const { accountId, login, secret, temporary } = pending;
    const result: { personId: string; recoveryCodes?: string[] } | null = await platform.work(
      anonymous,
      (work) =>
        secret
          ? setUpTotp(work, secrets, { accountId, login, secret, code })
          : checkSecondFactor(work, secrets, accountId, code),
      { requestId: visit.requestId },
    );
    if (!result) return codePage(c, pending, [{ field: 'code', message: text.totpWrong }]);
    const passed = { personId: result.personId, method: secret ? 'totp-set-up' : 'totp' };
    if (temporary)
      keepPending(c, {
        accountId,
        login,
        temporary,
        passed,
        until: platform.clock.now().getTime() + stepTime,
      });
    else await enter(c, passed);
    const target = temporary
      ? withBack(localPath(visit.language, '/sign-in/staff/password'), form.values.back)
      : (localTarget(form.values.back) ?? localPath(visit.language, '/desk'));
    if (!result.recoveryCodes) return c.redirect(target, 303);
    return page(c, { title: text.recoveryTitle }, [
      <PageHead title={text.recoveryTitle} />,
      <Notice tone="warning">{text.recovery}</Notice>,
      <ul class="mono">
        {result.recoveryCodes.map((recovery) => (
          <li>{recovery}</li>
        ))}
      </ul>,
      <Actions>
        <LinkButton href={target}>{text.goOn}</LinkButton>
      </Actions>,
    ]);
  });

  pages.get('/password', (c) =>
    readPending(c)?.passed
      ? ownPasswordPage(c, [])
      : c.redirect(localPath(c.var.visit.language, '/sign-in/staff'), 303),
  );

  pages.post('/password', async (c) => {
    const { visit } = c.var;
    const pending = readPending(c);
    if (!pending?.passed) return c.redirect(localPath(visit.language, '/sign-in/staff'), 303);
    const { accountId, passed } = pending;
    const form = await readForm(c, z.object({ password: z.string().max(1000), back: z.string().optional() }));
    const person: Actor = { ...anonymous, kind: 'staff', id: passed.personId, assurance: 2 };
    const chosen = await attempt(() =>
      platform.work(person, (work) => replaceTemporaryPassword(work, accountId, form.values.password ?? ''), {
        requestId: visit.requestId,
      }),
    );
    if (!chosen.done) {
      const faults = identityText(visit.language).passwordFaults;
      return ownPasswordPage(
        c,
        chosen.faults.map((one) => ({ ...one, message: faults[one.message as PasswordFault] })),
      );
    }
    await enter(c, passed);
    return c.redirect(localTarget(form.values.back) ?? localPath(visit.language, '/desk'), 303);
  });

  return pages;

  async function enter(c: Context<MistoEnv>, { personId, method }: NonNullable<Pending['passed']>) {
    putCookie(c, cookie, '', 0);
    await signIn(c, platform, personId, 'staff', 2, method);
  }

  function keepPending(c: Context<MistoEnv>, pending: Pending): void {
    putCookie(c, cookie, secrets.encrypt(JSON.stringify(pending), place), 600);
  }

  function readPending(c: Context<MistoEnv>): Pending | null {
    try {
      const plain = secrets.decrypt(readCookie(c, cookie) ?? '', place);
      const pending = pendingSchema.parse(JSON.parse(plain ?? 'null'));
      return pending.until > platform.clock.now().getTime() ? pending : null;
    } catch {
      return null;
    }
  }
}

function passwordPage(c: Context<MistoEnv>, faults: readonly FieldFault[], login = '') {
  const { visit } = c.var;
  const text = identityText(visit.language);
  const back = localTarget(c.req.query('back')) ?? undefined;
  return page(c, { title: text.staff, faults }, [
    <BackLink href={withBack(localPath(visit.language, '/sign-in'), back)} />,
    <ErrorSummary faults={faults} />,
    <PageHead title={text.staff} />,
    <Form
      action={localPath(visit.language, '/sign-in/staff')}
      csrf={visit.csrfToken()}
      faults={faults}
      hidden={{ back }}
    >
      <TextInput name="login" label={text.login} autocomplete="username" spellcheck={false} value={login} />
      <TextInput name="password" type="password" label={text.password} autocomplete="current-password" />
      <Actions>
        <Button>{text.next}</Button>
      </Actions>
    </Form>,
  ]);
}

function ownPasswordPage(c: Context<MistoEnv>, faults: readonly FieldFault[]) {
  const { visit } = c.var;
  const text = identityText(visit.language);
  const back = localTarget(c.req.query('back')) ?? undefined;
  return page(c, { title: text.ownTitle, faults }, [
    <ErrorSummary faults={faults} />,
    <PageHead title={text.ownTitle} lead={text.own} />,
    <Form
      action={localPath(visit.language, '/sign-in/staff/password')}
      csrf={visit.csrfToken()}
      faults={faults}
      hidden={{ back }}
    >
      <TextInput
        name="password"
        type="password"
        label={text.ownPassword}
        hint={text.ownHint}
        autocomplete="new-password"
      />
      <Actions>
        <Button>{text.enter}</Button>
      </Actions>
    </Form>,
  ]);
}

function codePage(c: Context<MistoEnv>, pending: Pending, faults: readonly FieldFault[]) {
  const { visit } = c.var;
  const text = identityText(visit.language);
  const back = localTarget(c.req.query('back')) ?? undefined;
  const title = pending.secret ? text.setUpTitle : text.totpTitle;
  return page(c, { title, faults }, [
    <BackLink href={localPath(visit.language, '/sign-in/staff')} />,
    <ErrorSummary faults={faults} />,
    <PageHead title={title} lead={pending.secret ? text.setUp : undefined} />,
    pending.secret ? (
      <p>
        {text.setUpKey}: <code>{pending.secret.match(/.{1,4}/g)!.join(' ')}</code>{' '}
        <a
          href={`otpauth://totp/misto:${encodeURIComponent(pending.login)}?secret=${pending.secret}&issuer=misto`}
        >
          {text.setUpLink}
        </a>
      </p>
    ) : null,
    <Form
      action={localPath(visit.language, '/sign-in/staff/code')}
      csrf={visit.csrfToken()}
      faults={faults}
      hidden={{ back }}
    >
      <TextInput name="code" label={text.totp} hint={text.totpHint} autocomplete="one-time-code" width="m" />
      <Actions>
        <Button>{text.enter}</Button>
      </Actions>
    </Form>,
  ]);
}
