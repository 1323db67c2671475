import { sql } from 'drizzle-orm';
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { BackLink, Details, Notice, PageHead } from '#ui/content.tsx';
import { DateInput, Radios, Select, TextInput } from '#ui/fields.tsx';
import { Actions, Button, ErrorSummary, Form, LinkButton } from '#ui/form.tsx';
import { endOfDay, isLocalDate, startOfDay } from '../calendar/index.ts';
import { Conflict, type FieldFault, Invalid, NotFound } from '../errors.ts';
import { readForm } from '../http/forms.ts';
import { needsStaff } from '../http/guard.ts';
import { page } from '../http/page.tsx';
import { formatDate, localPath } from '../i18n/index.ts';
import type { PasswordFault } from '../identity/passwords.ts';
import { createPerson, setBlocked } from '../identity/persons.ts';
import { mustProve, proofs } from '../identity/proof.ts';
import { approveReset, askReset, type Resettable, refuseReset } from '../identity/resets.ts';
import { secretsOf } from '../identity/secrets.ts';
import { createStaffAccount } from '../identity/staff.ts';
import { identityText } from '../identity/text.ts';
import type { MistoEnv, Platform } from '../system.ts';
import { emergencyRole, type Work } from '../work.ts';
import { approveGrant, proposeGrant, refuseGrant, revokeGrant } from './grants.ts';
import { mustBeAble } from './index.ts';
import { peopleText } from './people-text.ts';
import { managePeople, rolesOf } from './roles.ts';

interface Account extends Record<string, unknown> {
  id: string;
  person_id: string;
  login: string;
  post: string;
  organisation: string | null;
  blocked: boolean;
  grants: Held[];
  proposals: (Held & { by: string; own: boolean; reason: string })[];
  resets: { id: string; what: Resettable; by: string; own: boolean; reason: string }[];
}

interface Held {
  id: string;
  role: string;
  organisation: string | null;
  district: string | null;
  branch: string | null;
  from: string | null;
  until: string | null;
}

/** The administrator's desk: accounts of staff, their roles, blocks. */
export function peoplePages(platform: Platform): Hono<MistoEnv> {
  const pages = new Hono<MistoEnv>();
  const secrets = secretsOf(platform.config);
  // Emergency rights are nobody's to give: they are opened, and end by themselves.
  const roles = [...new Map(rolesOf(platform).map((role) => [role.name, role])).values()].filter(
    ({ name }) => name !== emergencyRole,
  );

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
        from: day(text.dateWrong),
        until: day(text.dateWrong),
        reason: z.string().min(1, text.fill).max(500, text.fill),
      }),
    );
    const { data } = form;
    if (!data) return accountPage(c, one, form.faults, form.values);
    const from = data.from ? startOfDay(data.from) : null;
    const until = data.until ? endOfDay(data.until) : null;
    if (until && until < (from ?? platform.clock.now()))
      return accountPage(c, one, [{ field: 'until', message: text.datesWrong }], form.values);
    await act(c, (work) =>
      proposeGrant(work, {
        personId: one.person_id,
        role: data.role,
        organisation: data.organisation || null,
        district: data.district || null,
        branch: data.branch || null,
        from,
        until,
        reason: data.reason,
      }),
    );
    return c.redirect(href(c, `/${one.id}`), 303);
  });

  pages.post('/:id/proposals/:what/approve', (c) => {
    mustProve(c, platform, proofs.keys);
    return decide(c, 'proposals', approveGrant);
  });
  pages.post('/:id/proposals/:what/refuse', (c) => decide(c, 'proposals', refuseGrant));

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

  pages.post('/:id/reset', async (c) => {
    const one = await account(c);
    const text = peopleText(c.var.visit.language);
    const form = await readForm(
      c,
      z.object({
        what: z.enum(['password', 'second-factor'], text.fill),
        'reset-reason': z.string().min(1, text.fill).max(500, text.fill),
      }),
    );
    const { data } = form;
    if (!data) return accountPage(c, one, form.faults, form.values);
    const done = await orFaults(c, async () => {
      await act(c, (work) =>
        askReset(work, { accountId: one.id, what: data.what, reason: data['reset-reason'] }),
      );
      return c.redirect(href(c, `/${one.id}`), 303);
    });
    return done instanceof Response ? done : accountPage(c, one, done, form.values);
  });

  pages.post('/:id/resets/:what/approve', async (c) => {
    const { one, id } = await within(c, 'resets');
    mustProve(c, platform, proofs.keys);
    const password = await act(c, (work) => approveReset(work, id));
    if (!password) return c.redirect(href(c, `/${one.id}`), 303);
    const text = peopleText(c.var.visit.language);
    return page(c, { title: text.resetDone, shell: 'desk', private: true }, [
      <PageHead title={text.resetDone} kicker={one.login} />,
      <Notice tone="warning">{text.resetOnce}</Notice>,
      <p>
        {text.resetPassword}: <code>{password}</code>
      </p>,
      <Actions>
        <LinkButton look="secondary" href={href(c, `/${one.id}`)}>
          {text.back}
        </LinkButton>
      </Actions>,
    ]);
  });

  pages.post('/:id/resets/:what/refuse', (c) => decide(c, 'resets', refuseReset));

  return pages;

  function act<T>(c: Context<MistoEnv>, run: (work: Work) => Promise<T>): Promise<T> {
    return platform.work(c.var.visit.actor, run, { requestId: c.var.visit.requestId });
  }

  /** What the path names, as long as it belongs to the account of the path. */
  async function within(c: Context<MistoEnv>, kind: 'proposals' | 'resets') {
    const one = await account(c);
    const found = one[kind].find(({ id }) => id === c.req.param('what'));
    if (!found) throw new NotFound(kind);
    return { one, id: found.id };
  }

  async function decide(
    c: Context<MistoEnv>,
    kind: 'proposals' | 'resets',
    run: (work: Work, id: string) => Promise<unknown>,
  ) {
    const { one, id } = await within(c, kind);
    await act(c, (work) => run(work, id));
    return c.redirect(href(c, `/${one.id}`), 303);
  }

  async function accounts(id: string | null, actor: string | null): Promise<Account[]> {
    const now = platform.clock.now().toISOString();
    const { rows } = await platform.db.execute<Account>(
      sql`select a.id, a.person_id, a.login, a.post, a.organisation,
            (p.blocked_at is not null or a.blocked_at is not null) as blocked,
            coalesce((select json_agg(json_build_object('id', g.id, 'role', g.role, 'organisation', g.organisation,
                'district', g.district, 'branch', g.branch, 'from', g.valid_from, 'until', g.valid_until) order by g.created_at)
              from access_grant g where g.person_id = a.person_id and g.revoked_at is null
                and (g.valid_until is null or g.valid_until > ${now})), '[]'::json) as grants,
            coalesce((select json_agg(json_build_object('id', w.id, 'role', w.role, 'organisation', w.organisation,
                'district', w.district, 'branch', w.branch, 'from', w.valid_from, 'until', w.valid_until, 'reason', w.reason,
                'by', b.post, 'own', w.proposed_by = ${actor}::uuid) order by w.proposed_at)
              from grant_proposal w left join staff_account b on b.person_id = w.proposed_by
              where w.person_id = a.person_id and w.outcome is null), '[]'::json) as proposals,
            coalesce((select json_agg(json_build_object('id', r.id, 'what', r.what, 'reason', r.reason,
                'by', b.post, 'own', r.asked_by = ${actor}::uuid) order by r.asked_at)
              from credential_reset r left join staff_account b on b.person_id = r.asked_by
              where r.account_id = a.id and r.outcome is null), '[]'::json) as resets
          from staff_account a join person p on p.id = a.person_id
          ${id ? sql`where a.id = ${id}` : sql``} order by a.login limit 1000`,
    );
    return rows;
  }

  async function account(c: Context<MistoEnv>): Promise<Account> {
    const id = z.uuid().safeParse(c.req.param('id')).data;
    const [one] = id ? await accounts(id, c.var.visit.actor.id) : [];
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
    const all = await accounts(null, c.var.visit.actor.id);
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
              <td>
                {one.blocked ? text.blocked : text.active}
                {one.proposals.length + one.resets.length > 0 && (
                  <>
                    <br />
                    <strong>{text.waiting}</strong>
                  </>
                )}
              </td>
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
    const now = platform.clock.now();
    const day = (value: string) => formatDate(visit.language, new Date(value));
    const scope = (grant: Held) => {
      const from = grant.from && new Date(grant.from) > now ? grant.from : null;
      const period =
        from && grant.until
          ? text.period(day(from), day(grant.until))
          : from
            ? text.since(day(from))
            : grant.until
              ? text.to(day(grant.until))
              : '';
      return [
        [grant.organisation, grant.district, grant.branch].filter(Boolean).join(', ') || text.everywhere,
        ...(period ? [period] : []),
      ].join('; ');
    };
    /** Something of the list that waits for another administrator. */
    const waiting = (kind: 'proposals' | 'resets', id: string, own: boolean, words: string) => (
      <li>
        {words}
        <Actions>
          {own ? null : (
            <Form action={href(c, `/${one.id}/${kind}/${id}/approve`)} csrf={csrf}>
              <Button size="small">{text.approve}</Button>
            </Form>
          )}
          <Form action={href(c, `/${one.id}/${kind}/${id}/refuse`)} csrf={csrf}>
            <Button look="secondary" size="small">
              {own ? text.withdraw : text.refuse}
            </Button>
          </Form>
        </Actions>
      </li>
    );
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
      !isOwn && one.proposals.length + one.resets.length > 0 ? (
        <>
          <h2>{text.waiting}</h2>
          <ul>
            {one.proposals.map((held) =>
              waiting(
                'proposals',
                held.id,
                held.own,
                `${roleTitle(held.role, visit.language)} (${scope(held)}): ${held.reason}; ${held.own ? text.ownProposal : text.proposedBy(held.by)}`,
              ),
            )}
            {one.resets.map((reset) =>
              waiting(
                'resets',
                reset.id,
                reset.own,
                `${text.resetKinds[reset.what]}: ${reset.reason}; ${reset.own ? text.ownReset : text.askedBy(reset.by)}`,
              ),
            )}
          </ul>
        </>
      ) : null,
      isOwn ? (
        <p>{text.own}</p>
      ) : (
        <>
          <h2>{text.grantsTitle}</h2>
          <p>{text.giveLead}</p>
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
            <DateInput
              name="from"
              label={text.from}
              hint={text.datesHint}
              required={false}
              value={values.from}
            />
            <DateInput
              name="until"
              label={text.until}
              hint={text.datesHint}
              required={false}
              value={values.until}
            />
            <TextInput name="reason" label={text.reason} value={values.reason} />
            <Actions>
              <Button>{text.give}</Button>
            </Actions>
          </Form>
          <Form action={href(c, `/${one.id}/block`)} csrf={csrf}>
            <Button look="danger">{one.blocked ? text.unblock : text.block}</Button>
          </Form>
          <Details
            summary={text.resets}
            open={faults.some(({ field }) => field === 'what' || field === 'reset-reason')}
          >
            <p>{text.resetsLead}</p>
            <Form
              action={href(c, `/${one.id}/reset`)}
              csrf={csrf}
              idempotencyKey={crypto.randomUUID()}
              faults={faults}
            >
              <Radios
                name="what"
                label={text.resetWhat}
                value={values.what}
                options={(['password', 'second-factor'] as const).map((value) => ({
                  value,
                  label: text.resetKinds[value],
                }))}
              />
              <TextInput name="reset-reason" label={text.reason} value={values['reset-reason']} />
              <Button look="secondary">{text.askReset}</Button>
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

/** A local day, or nothing. */
function day(wrong: string) {
  return z
    .string()
    .refine((value) => value === '' || isLocalDate(value), wrong)
    .optional();
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
    if (error instanceof Conflict && error.code === 'reset-open')
      return [{ field: 'what', message: text.resetOpen }];
    if (error instanceof Invalid)
      return error.faults.map(({ field, message }) => ({
        field,
        message: identityText(c.var.visit.language).passwordFaults[message as PasswordFault] ?? message,
      }));
    throw error;
  }
}
