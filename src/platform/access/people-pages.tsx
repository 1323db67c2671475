import { sql } from 'drizzle-orm';
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { BackLink, Details, PageHead } from '#ui/content.tsx';
import { Select, TextInput } from '#ui/fields.tsx';
import { Actions, Button, ErrorSummary, Form } from '#ui/form.tsx';
import { Conflict, type FieldFault, Invalid, NotFound } from '../errors.ts';
import { readForm } from '../http/forms.ts';
import { needsStaff } from '../http/guard.ts';
import { page } from '../http/page.tsx';
import { localPath } from '../i18n/index.ts';
import type { PasswordFault } from '../identity/passwords.ts';
import { createPerson, setBlocked } from '../identity/persons.ts';
import { secretsOf } from '../identity/secrets.ts';
import { createStaffAccount, setPassword } from '../identity/staff.ts';
import { identityText } from '../identity/text.ts';
import type { MistoEnv, Platform } from '../system.ts';
import type { Work } from '../work.ts';
import { grantRole, revokeGrant } from './grants.ts';
import { mustBeAble } from './index.ts';
import { managePeople, peopleText, rolesOf } from './roles.ts';

interface Account extends Record<string, unknown> {
  id: string;
  person_id: string;
  login: string;
  post: string;
  organisation: string | null;
  blocked: boolean;
  grants: {
    id: string;
    role: string;
    organisation: string | null;
    district: string | null;
    branch: string | null;
  }[];
}

/** The administrator's desk: accounts of staff, their roles, blocks. */
export function peoplePages(platform: Platform): Hono<MistoEnv> {
  const pages = new Hono<MistoEnv>();
  const secrets = secretsOf(platform.config);
  const roles = [...new Map(rolesOf(platform).map((role) => [role.name, role])).values()];

  pages.use('*', needsStaff(), async (c, next) => {
    mustBeAble(c.var.visit.actor, managePeople);
    await next();
  });

  pages.get('/', (c) => listPage(c, []));

  pages.post('/', async (c) => {
    const text = peopleText(c.var.visit.language);
    const filled = z.string().min(1, text.fill).max(200, text.fill);
    const form = await readForm(
      c,
      z.object({
        name: filled,
        login: z.string().regex(/^[a-z0-9][a-z0-9.-]{2,60}$/i, text.loginWrong),
        post: filled,
        organisation: z.string().max(200).optional(),
        password: z.string().max(1000),
      }),
    );
    const { data } = form;
    if (!data) return listPage(c, form.faults, form.values);
    const made = await orFaults(c, async () => {
      const id = await act(c, async (work) => {
        const personId = await createPerson(work, secrets, { name: data.name, assurance: 2 });
        const { login, post, password } = data;
        return createStaffAccount(work, {
          personId,
          login,
          post,
          organisation: data.organisation || null,
          password,
        });
      });
      return c.redirect(href(c, `/${id}`), 303);
    });
    return made instanceof Response ? made : listPage(c, made, form.values);
  });

  pages.get('/:id', async (c) => accountPage(c, await account(c), []));

  pages.post('/:id/grant', async (c) => {
    const one = await account(c);
    const text = peopleText(c.var.visit.language);
    const code = z.string().max(100).optional();
    const form = await readForm(
      c,
      z.object({
        role: z.string().refine((name) => roles.some((role) => role.name === name), text.fill),
        organisation: code,
        district: code,
        branch: code,
        reason: z.string().min(1, text.fill).max(500, text.fill),
      }),
    );
    const { data } = form;
    if (!data) return accountPage(c, one, form.faults, form.values);
    await act(c, (work) =>
      grantRole(work, {
        personId: one.person_id,
        role: data.role,
        organisation: data.organisation || null,
        district: data.district || null,
        branch: data.branch || null,
        reason: data.reason,
      }),
    );
    return c.redirect(href(c, `/${one.id}`), 303);
  });

  pages.post('/:id/revoke', async (c) => {
    const one = await account(c);
    const form = await readForm(c, z.object({ grant: z.string() }));
    const held = one.grants.find((grant) => grant.id === form.data?.grant);
    if (!held) throw new NotFound('grant');
    await act(c, (work) => revokeGrant(work, held.id));
    return c.redirect(href(c, `/${one.id}`), 303);
  });

  pages.post('/:id/block', async (c) => {
    const one = await account(c);
    if (one.person_id === c.var.visit.actor.id) throw new Conflict('own-account', 'nobody blocks oneself');
    await act(c, (work) => setBlocked(work, one.person_id, !one.blocked));
    return c.redirect(href(c, `/${one.id}`), 303);
  });

  pages.post('/:id/password', async (c) => {
    const one = await account(c);
    const form = await readForm(c, z.object({ password: z.string().max(1000) }));
    const done = await orFaults(c, async () => {
      await act(c, (work) => setPassword(work, one.id, form.values.password ?? ''));
      return c.redirect(href(c, `/${one.id}`), 303);
    });
    return done instanceof Response ? done : accountPage(c, one, done);
  });

  return pages;

  function act<T>(c: Context<MistoEnv>, run: (work: Work) => Promise<T>): Promise<T> {
    return platform.work(c.var.visit.actor, run, { requestId: c.var.visit.requestId });
  }

  async function accounts(id: string | null): Promise<Account[]> {
    const now = platform.clock.now().toISOString();
    const { rows } = await platform.db.execute<Account>(
      sql`select a.id, a.person_id, a.login, a.post, a.organisation,
            (p.blocked_at is not null or a.blocked_at is not null) as blocked,
            coalesce((select json_agg(json_build_object('id', g.id, 'role', g.role, 'organisation', g.organisation,
                'district', g.district, 'branch', g.branch) order by g.created_at)
              from access_grant g where g.person_id = a.person_id and g.revoked_at is null
                and (g.valid_until is null or g.valid_until > ${now})), '[]'::json) as grants
          from staff_account a join person p on p.id = a.person_id
          ${id ? sql`where a.id = ${id}` : sql``} order by a.login limit 1000`,
    );
    return rows;
  }

  async function account(c: Context<MistoEnv>): Promise<Account> {
    const id = z.uuid().safeParse(c.req.param('id')).data;
    const [one] = id ? await accounts(id) : [];
    if (!one) throw new NotFound('account');
    return one;
  }

  async function listPage(
    c: Context<MistoEnv>,
    faults: readonly FieldFault[],
    values: Readonly<Record<string, string>> = {},
  ) {
    const { language } = c.var.visit;
    const text = peopleText(language);
    const all = await accounts(null);
    return page(c, { title: text.title, shell: 'desk', faults }, [
      <ErrorSummary faults={faults} />,
      <PageHead title={text.title} lead={text.lead} />,
      <table class="table">
        <thead>
          <tr>
            {[text.login, text.post, text.organisation, text.roles, text.state].map((name) => (
              <th scope="col">{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {all.map((one) => (
            <tr>
              <th scope="row">
                <a href={href(c, `/${one.id}`)}>{one.login}</a>
              </th>
              <td>{one.post}</td>
              <td>{one.organisation}</td>
              <td>{one.grants.map((grant) => roleTitle(grant.role, language)).join(', ') || text.noRoles}</td>
              <td>{one.blocked ? text.blocked : text.active}</td>
            </tr>
          ))}
        </tbody>
      </table>,
      <Details summary={text.newAccount} open={faults.length > 0}>
        <Form
          action={href(c)}
          csrf={c.var.visit.csrfToken()}
          idempotencyKey={crypto.randomUUID()}
          faults={faults}
        >
          <TextInput name="name" label={text.name} value={values.name} />
          <TextInput name="login" label={text.login} value={values.login} spellcheck={false} />
          <TextInput name="post" label={text.post} hint={text.postHint} value={values.post} />
          <TextInput
            name="organisation"
            label={text.organisation}
            required={false}
            value={values.organisation}
          />
          <TextInput
            name="password"
            type="password"
            label={text.password}
            hint={text.passwordHint}
            autocomplete="new-password"
          />
          <Actions>
            <Button>{text.create}</Button>
          </Actions>
        </Form>
      </Details>,
    ]);
  }

  function accountPage(
    c: Context<MistoEnv>,
    one: Account,
    faults: readonly FieldFault[],
    values: Readonly<Record<string, string>> = {},
  ) {
    const { visit } = c.var;
    const text = peopleText(visit.language);
    const csrf = visit.csrfToken();
    const isOwn = one.person_id === visit.actor.id;
    const scope = (grant: Account['grants'][number]) =>
      [grant.organisation, grant.district, grant.branch].filter(Boolean).join(', ') || text.everywhere;
    return page(c, { title: one.login, shell: 'desk', faults }, [
      <BackLink href={href(c)} />,
      <ErrorSummary faults={faults} />,
      <PageHead title={one.login} lead={one.post} kicker={one.blocked ? text.blocked : text.active} />,
      <h2>{text.grants}</h2>,
      <ul>
        {one.grants.map((grant) => (
          <li>
            {roleTitle(grant.role, visit.language)} ({scope(grant)})
            <Form action={href(c, `/${one.id}/revoke`)} csrf={csrf} hidden={{ grant: grant.id }}>
              <Button look="secondary" size="small">
                {text.takeBack}
              </Button>
            </Form>
          </li>
        ))}
      </ul>,
      isOwn ? (
        <p>{text.own}</p>
      ) : (
        <>
          <h2>{text.grantsTitle}</h2>
          <Form
            action={href(c, `/${one.id}/grant`)}
            csrf={csrf}
            idempotencyKey={crypto.randomUUID()}
            faults={faults}
          >
            <Select
              name="role"
              label={text.role}
              value={values.role}
              options={roles.map((role) => ({
                value: role.name,
                label: role.title[visit.language] || role.name,
              }))}
            />
            <TextInput
              name="organisation"
              label={text.organisation}
              required={false}
              value={values.organisation}
            />
            <TextInput name="district" label={text.district} required={false} value={values.district} />
            <TextInput name="branch" label={text.branch} required={false} value={values.branch} />
            <TextInput name="reason" label={text.reason} value={values.reason} />
            <Actions>
              <Button>{text.give}</Button>
            </Actions>
          </Form>
          <Form action={href(c, `/${one.id}/block`)} csrf={csrf}>
            <Button look="danger">{one.blocked ? text.unblock : text.block}</Button>
          </Form>
          <Details summary={text.newPassword}>
            <Form action={href(c, `/${one.id}/password`)} csrf={csrf} faults={faults}>
              <TextInput
                name="password"
                type="password"
                label={text.password}
                hint={text.passwordHint}
                autocomplete="new-password"
              />
              <Button look="secondary">{text.newPassword}</Button>
            </Form>
          </Details>
        </>
      ),
    ]);
  }

  function roleTitle(name: string, language: 'uk' | 'en'): string {
    return roles.find((role) => role.name === name)?.title[language] || name;
  }
}

function href(c: Context<MistoEnv>, rest = ''): string {
  return localPath(c.var.visit.language, `/desk/people${rest}`);
}

/** What the domain found wrong, in the words of the form. */
async function orFaults(
  c: Context<MistoEnv>,
  run: () => Promise<Response>,
): Promise<Response | readonly FieldFault[]> {
  const text = peopleText(c.var.visit.language);
  try {
    return await run();
  } catch (error) {
    if (error instanceof Conflict && error.code === 'login-taken')
      return [{ field: 'login', message: text.taken }];
    if (error instanceof Invalid)
      return error.faults.map(({ field, message }) => ({
        field,
        message: identityText(c.var.visit.language).passwordFaults[message as PasswordFault] ?? message,
      }));
    throw error;
  }
}
