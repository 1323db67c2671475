import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { BackLink, Notice, PageHead } from '#ui/content.tsx';
import { TextInput } from '#ui/fields.tsx';
import { Actions, Button, ErrorSummary, Form } from '#ui/form.tsx';
import type { FieldFault } from '../errors.ts';
import { attempt, readForm } from '../http/forms.ts';
import { needsStaff } from '../http/guard.ts';
import { page } from '../http/page.tsx';
import { localPath } from '../i18n/index.ts';
import type { MistoEnv, Platform } from '../system.ts';
import type { PasswordFault } from './passwords.ts';
import { changeOwnPassword } from './staff.ts';
import { identityText } from './text.ts';

/** A member of staff changes their own password. Mounted at `/desk/password`. */
export function ownPasswordPages(platform: Platform): Hono<MistoEnv> {
  const pages = new Hono<MistoEnv>();
  pages.use('*', needsStaff());

  pages.get('/', (c) => passwordPage(c, [], c.req.query('done') === '1'));

  pages.post('/', async (c) => {
    const { visit } = c.var;
    const text = identityText(visit.language);
    const form = await readForm(
      c,
      z.object({ present: z.string().max(1000), password: z.string().max(1000) }),
    );
    const { present = '', password = '' } = form.values;
    const sessionId = visit.session!.id;
    const changed = await attempt(() =>
      platform.work(visit.actor, (work) => changeOwnPassword(work, { present, password, sessionId }), {
        requestId: visit.requestId,
      }),
    );
    if (!changed.done)
      return passwordPage(
        c,
        changed.faults.map((one) => ({
          ...one,
          message: { ...text.passwordFaults, same: text.presentSame }[one.message as PasswordFault],
        })),
      );
    if (!changed.result) return passwordPage(c, [{ field: 'present', message: text.presentWrong }]);
    return c.redirect(localPath(visit.language, '/desk/password?done=1'), 303);
  });

  return pages;
}

function passwordPage(c: Context<MistoEnv>, faults: readonly FieldFault[], done = false) {
  const { visit } = c.var;
  const text = identityText(visit.language);
  return page(c, { title: text.changePassword, shell: 'desk', faults }, [
    <BackLink href={localPath(visit.language, '/cabinet/sessions')} />,
    <ErrorSummary faults={faults} />,
    <PageHead title={text.changePassword} lead={text.changeLead} />,
    done ? <Notice tone="good" title={text.changed} live /> : null,
    <Form action={localPath(visit.language, '/desk/password')} csrf={visit.csrfToken()} faults={faults}>
      <TextInput
        name="present"
        type="password"
        label={text.presentPassword}
        autocomplete="current-password"
      />
      <TextInput
        name="password"
        type="password"
        label={text.ownPassword}
        hint={text.ownHint}
        autocomplete="new-password"
      />
      <Actions>
        <Button>{text.changePassword}</Button>
      </Actions>
    </Form>,
  ]);
}
