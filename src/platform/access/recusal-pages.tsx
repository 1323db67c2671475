import { sql } from 'drizzle-orm';
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import {
  Actions,
  Button,
  Empty,
  ErrorSummary,
  Form,
  PageHead,
  Radios,
  Table,
  TextArea,
  TextInput,
} from '#ui/index.ts';
import { Conflict, type FieldFault, NotFound } from '../errors.ts';
import { readForm } from '../http/forms.ts';
import { needsStaff } from '../http/guard.ts';
import { page } from '../http/page.tsx';
import { formatDate, localPath, messages } from '../i18n/index.ts';
import { personByContact } from '../identity/persons.ts';
import type { MistoEnv, Platform } from '../system.ts';
import type { Work } from '../work.ts';
import { liftRecusal, recusals, recuse } from './recusal.ts';
import { leadUnit } from './roles.ts';

const text = messages(
  {
    title: 'Відводи',
    lead: 'Справи, яких працівник не бачить і в яких не діє: власні, родичів, своєї компанії чи ті, де заявлено відвід.',
    none: 'Відводів немає',
    who: 'Хто',
    what: 'Від чого',
    why: 'Підстава',
    since: 'З дня',
    kinds: { own: 'власна справа', declared: 'самовідвід', challenged: 'відвід' },
    about: 'Від чого відвід',
    abouts: {
      request: 'Одна справа',
      organisation: 'Усі справи організації',
      person: 'Усі справи родича чи близької особи',
    },
    value: 'Номер справи, код організації або підтверджений контакт особи',
    reason: 'Підстава',
    login: 'Логін працівника (порожньо: ви самі)',
    declare: 'Заявити відвід',
    lift: 'Зняти',
    fill: 'Заповніть це поле',
    nobody: 'Не знайдено',
    already: 'Цей відвід уже діє',
    withheld: 'справи близької особи',
  },
  {
    en: {
      title: 'Recusals',
      lead: 'Cases that a member of staff neither sees nor acts on: their own, of relatives, of their company, or where they were challenged.',
      none: 'No recusals',
      who: 'Who',
      what: 'From what',
      why: 'Ground',
      since: 'Since',
      kinds: { own: 'own case', declared: 'declared', challenged: 'challenged' },
      about: 'From what',
      abouts: {
        request: 'One case',
        organisation: 'All cases of an organisation',
        person: 'All cases of a relative or somebody close',
      },
      value: "Number of the case, code of the organisation, or the person's confirmed contact",
      reason: 'Ground',
      login: 'Login of the member of staff (empty: yourself)',
      declare: 'Declare',
      lift: 'Lift',
      fill: 'Fill in this field',
      nobody: 'Not found',
      already: 'This is in force already',
      withheld: 'cases of somebody close',
    },
  },
);

/** Recusals are declared and, by whoever leads the unit, lifted. Mounted at `/desk/recusals`. */
export function recusalPages(platform: Platform): Hono<MistoEnv> {
  const pages = new Hono<MistoEnv>();
  pages.use('*', needsStaff());

  pages.get('/', (c) => listPage(c, [], { value: c.req.query('request') ?? '', about: 'request' }));

  pages.post('/', async (c) => {
    const words = text(c.var.visit.language);
    const form = await readForm(
      c,
      z.object({
        about: z.enum(['request', 'organisation', 'person'], words.fill),
        value: z.string().min(1, words.fill).max(254, words.fill),
        reason: z.string().min(1, words.fill).max(1000, words.fill),
        login: z.string().max(100).optional(),
      }),
    );
    const { data } = form;
    if (!data) return listPage(c, form.faults, form.values);
    try {
      await act(c, async (work) => {
        const personId = data.login ? await personOf(work, data.login) : work.actor.id!;
        await recuse(work, {
          personId,
          resource: await resourceOf(work, data.about, data.value),
          reason: data.reason,
        });
      });
    } catch (error) {
      if (error instanceof NotFound)
        return listPage(c, [{ field: data.login ? 'login' : 'value', message: words.nobody }], form.values);
      if (error instanceof Conflict)
        return listPage(c, [{ field: 'value', message: words.already }], form.values);
      throw error;
    }
    return c.redirect(localPath(c.var.visit.language, '/desk/recusals'), 303);
  });

  pages.post('/:id/lift', async (c) => {
    const id = z.uuid().safeParse(c.req.param('id')).data;
    if (!id) throw new NotFound('recusal');
    await act(c, (work) => liftRecusal(work, id));
    return c.redirect(localPath(c.var.visit.language, '/desk/recusals'), 303);
  });

  return pages;

  function act<T>(c: Context<MistoEnv>, run: (work: Work) => Promise<T>): Promise<T> {
    return platform.work(c.var.visit.actor, run, { requestId: c.var.visit.requestId });
  }

  async function listPage(
    c: Context<MistoEnv>,
    faults: readonly FieldFault[],
    values: Readonly<Record<string, string>>,
  ) {
    const { visit } = c.var;
    const { language, actor } = visit;
    const words = text(language);
    const all = await act(c, recusals);
    const leads = actor.grants.some((grant) => grant.permissions.has(leadUnit));
    const action = localPath(language, '/desk/recusals');
    return page(c, { title: words.title, shell: 'desk', width: 'wide', faults }, [
      <ErrorSummary faults={faults} />,
      <PageHead title={words.title} lead={words.lead} />,
      <Table
        caption={words.title}
        quietCaption
        rows={all}
        rowKey={(row) => row.id}
        empty={<Empty title={words.none} />}
        columns={[
          { key: 'who', title: words.who, header: true, cell: (row) => row.post },
          {
            key: 'what',
            title: words.what,
            cell: (row) =>
              `${row.resource.startsWith('person:') ? words.withheld : row.resource} (${words.kinds[row.kind]})`,
          },
          { key: 'why', title: words.why, cell: (row) => row.reason },
          {
            key: 'since',
            title: words.since,
            nowrap: true,
            cell: (row) => (
              <>
                {formatDate(language, row.declaredAt)}
                {leads && row.kind !== 'own' ? (
                  <Form action={`${action}/${row.id}/lift`} csrf={visit.csrfToken()}>
                    <Button look="secondary" size="small">
                      {words.lift}
                    </Button>
                  </Form>
                ) : null}
              </>
            ),
          },
        ]}
      />,
      <Form action={action} csrf={visit.csrfToken()} idempotencyKey={crypto.randomUUID()} faults={faults}>
        <Radios
          name="about"
          label={words.about}
          value={values.about}
          options={(['request', 'organisation', 'person'] as const).map((value) => ({
            value,
            label: words.abouts[value],
          }))}
        />
        <TextInput name="value" label={words.value} value={values.value} spellcheck={false} />
        <TextArea name="reason" label={words.reason} rows={3} value={values.reason} />
        {leads ? (
          <TextInput
            name="login"
            label={words.login}
            required={false}
            value={values.login}
            spellcheck={false}
          />
        ) : null}
        <Actions>
          <Button>{words.declare}</Button>
        </Actions>
      </Form>,
    ]);
  }
}

async function personOf(work: Work, login: string): Promise<string> {
  const { rows } = await work.tx.execute<{ person_id: string }>(
    sql`select person_id from staff_account where login = ${login.toLowerCase()}`,
  );
  if (!rows[0]) throw new NotFound('staff');
  return rows[0].person_id;
}

async function resourceOf(work: Work, about: string, value: string): Promise<string> {
  if (about === 'request') return `request:${value.replaceAll(/[\s-]/g, '')}`;
  if (about === 'organisation') return `organisation:${value}`;
  const person = await personByContact(work, work.secrets, value.includes('@') ? 'email' : 'phone', value);
  if (!person) throw new NotFound('person');
  return `person:${person.id}`;
}
