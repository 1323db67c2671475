import { type Context, Hono } from 'hono';
import { z } from 'zod';
import {
  Actions,
  BackLink,
  Button,
  Details,
  Empty,
  ErrorSummary,
  Form,
  LinkButton,
  Notice,
  PageHead,
  SummaryList,
  Table,
  TextArea,
  TextInput,
} from '#ui/index.ts';
import { emergencyReviews } from '../access/emergency-pages.tsx';
import { emergencyText } from '../access/emergency-text.ts';
import { mustBeAble } from '../access/index.ts';
import { Conflict, type FieldFault, NotFound } from '../errors.ts';
import { readForm } from '../http/forms.ts';
import { needsStaff } from '../http/guard.ts';
import { page } from '../http/page.tsx';
import { formatDate, localPath } from '../i18n/index.ts';
import { personByContact } from '../identity/persons.ts';
import { mustProve, proofs } from '../identity/proof.ts';
import type { MistoEnv, Platform } from '../system.ts';
import type { Work } from '../work.ts';
import {
  approveErasure,
  askErasure,
  dryRun,
  erasePeople,
  erasure,
  erasures,
  prepareErasure,
  refuseErasure,
  wordsOf,
} from './erasure.ts';
import { certificateFile, OutcomeLists, States } from './erasure-pages.tsx';
import { erasureText } from './erasure-text.ts';
import { officerQuestions } from './officer-questions.tsx';
import { questionText } from './question-text.ts';

/** The desk of who answers for personal data. Mounted at `/desk/privacy`. */
export function officerPages(platform: Platform): Hono<MistoEnv> {
  const pages = new Hono<MistoEnv>();

  pages.use('*', needsStaff(), async (c, next) => {
    mustBeAble(c.var.visit.actor, erasePeople);
    await next();
  });

  pages.get('/', (c) => listPage(c, [], {}));

  pages.post('/find', async (c) => {
    const text = erasureText(c.var.visit.language);
    const form = await readForm(c, z.object({ contact: z.string().min(3, text.fill).max(254, text.fill) }));
    if (!form.data) return listPage(c, form.faults, form.values);
    const { contact } = form.data;
    const fault = (message: string) => listPage(c, [{ field: 'contact', message }], form.values);
    try {
      const id = await act(c, async (work) => {
        const kind = contact.includes('@') ? 'email' : 'phone';
        const person = await personByContact(work, work.secrets, kind, contact);
        return person && askErasure(work, person.id, '');
      });
      return id ? c.redirect(href(c, `/erasures/${id}`), 303) : fault(text.notFound);
    } catch (error) {
      if (error instanceof Conflict && error.code === 'erasure-open') return fault(text.openAlready);
      throw error;
    }
  });

  pages.get('/erasures/:id', (c) => casePage(c, [], {}));

  pages.get('/erasures/:id/certificate.json', async (c) => {
    const { certificate } = await act(c, (work) => erasure(work, idOf(c)));
    if (!certificate) throw new NotFound('certificate');
    return certificateFile(c, certificate);
  });

  pages.post('/erasures/:id/prepare', (c) =>
    decide(c, 'reason', (work, reason) => prepareErasure(work, idOf(c), reason)),
  );

  pages.post('/erasures/:id/refuse', (c) =>
    decide(c, 'why', (work, why) => refuseErasure(work, idOf(c), why)),
  );

  pages.post('/erasures/:id/approve', async (c) => {
    mustProve(c, platform, proofs.erasure);
    await act(c, (work) => approveErasure(work, platform, idOf(c)));
    return c.redirect(href(c, `/erasures/${idOf(c)}`), 303);
  });

  pages.route('/', officerQuestions(platform));
  pages.route('/emergencies', emergencyReviews(platform));

  return pages;

  function act<T>(c: Context<MistoEnv>, run: (work: Work) => Promise<T>): Promise<T> {
    return platform.work(c.var.visit.actor, run, { requestId: c.var.visit.requestId });
  }

  /** A decision whose ground must be given. */
  async function decide(
    c: Context<MistoEnv>,
    field: string,
    run: (work: Work, ground: string) => Promise<void>,
  ) {
    const text = erasureText(c.var.visit.language);
    const form = await readForm(c, z.object({ [field]: z.string().min(1, text.fill).max(1000, text.fill) }));
    const ground = form.data?.[field];
    if (!ground) return casePage(c, form.faults, form.values);
    await act(c, (work) => run(work, ground));
    return c.redirect(href(c, `/erasures/${idOf(c)}`), 303);
  }

  async function listPage(
    c: Context<MistoEnv>,
    faults: readonly FieldFault[],
    values: Readonly<Record<string, string>>,
  ) {
    const { visit } = c.var;
    const { language } = visit;
    const text = erasureText(language);
    const all = await act(c, erasures);
    return page(c, { title: text.privacy, shell: 'desk', width: 'wide', faults }, [
      <ErrorSummary faults={faults} />,
      <PageHead
        title={text.privacy}
        lead={text.privacyLead}
        actions={
          <>
            <LinkButton look="secondary" href={href(c, '/questions')}>
              {questionText(language).desk}
            </LinkButton>
            <LinkButton look="secondary" href={href(c, '/emergencies')}>
              {emergencyText(language).list}
            </LinkButton>
          </>
        }
      />,
      <Table
        caption={text.privacy}
        quietCaption
        rows={all}
        rowKey={(row) => row.id}
        empty={<Empty title={text.none} icon="lock" />}
        columns={[
          {
            key: 'asked',
            title: text.askedAt,
            header: true,
            nowrap: true,
            cell: (row) => <a href={href(c, `/erasures/${row.id}`)}>{formatDate(language, row.askedAt)}</a>,
          },
          { key: 'state', title: text.state, cell: (row) => text.states[row.state] },
          {
            key: 'due',
            title: text.dueAt,
            nowrap: true,
            cell: (row) => (row.dueAt ? formatDate(language, row.dueAt) : '–'),
          },
          { key: 'by', title: text.preparedBy, cell: (row) => row.preparedPost ?? '–' },
        ]}
      />,
      <Details summary={text.find} open={faults.length > 0}>
        <Form
          action={href(c, '/find')}
          csrf={visit.csrfToken()}
          idempotencyKey={crypto.randomUUID()}
          faults={faults}
        >
          <TextInput name="contact" label={text.contact} hint={text.findHint} value={values.contact} />
          <Actions>
            <Button>{text.findButton}</Button>
          </Actions>
        </Form>
      </Details>,
    ]);
  }

  async function casePage(
    c: Context<MistoEnv>,
    faults: readonly FieldFault[],
    values: Readonly<Record<string, string>>,
  ) {
    const { visit } = c.var;
    const { language, actor } = visit;
    const text = erasureText(language);
    const { one, words } = await act(c, async (work) => {
      const found = await erasure(work, idOf(c));
      return { one: found, words: await wordsOf(work, found) };
    });
    const isOpen = one.state === 'asked' || one.state === 'prepared';
    const isOwn = one.personId === actor.id;
    const outcome = isOpen && !isOwn ? await dryRun(platform, actor, one.id) : one.outcome;
    const form = (to: string, body: preact.ComponentChildren) => (
      <Form
        action={href(c, `/erasures/${one.id}/${to}`)}
        csrf={visit.csrfToken()}
        idempotencyKey={crypto.randomUUID()}
        faults={faults}
      >
        {body}
      </Form>
    );
    return page(c, { title: text.case, shell: 'desk', faults }, [
      <BackLink href={href(c)} />,
      <ErrorSummary faults={faults} />,
      <PageHead title={text.case} kicker={text.states[one.state]} />,
      <States erasure={one} language={language} />,
      <SummaryList
        rows={[
          { name: text.personId, value: <span class="mono">{one.personId}</span> },
          ...(words ? [{ name: text.said, value: words }] : []),
          ...(one.preparedPost ? [{ name: text.preparedBy, value: one.preparedPost }] : []),
          ...(one.reason ? [{ name: text.reason, value: one.reason }] : []),
        ]}
      />,
      isOpen && outcome ? <Notice title={text.dryRun}>{text.dryRunLead}</Notice> : null,
      outcome ? <OutcomeLists outcome={outcome} language={language} done={!isOpen} /> : null,
      one.certificate ? (
        <Actions>
          <LinkButton icon="download" href={href(c, `/erasures/${one.id}/certificate.json`)}>
            {text.certificate}
          </LinkButton>
        </Actions>
      ) : null,
      one.state === 'asked' && !isOwn
        ? form(
            'prepare',
            <>
              <TextArea name="reason" label={text.reason} rows={3} value={values.reason} />
              <Actions>
                <Button>{text.prepare}</Button>
              </Actions>
            </>,
          )
        : null,
      one.state === 'prepared' && one.preparedBy === actor.id ? <Notice>{text.own}</Notice> : null,
      one.state === 'prepared' && one.preparedBy !== actor.id && !isOwn
        ? form(
            'approve',
            <>
              <p>{text.approveLead}</p>
              <Actions>
                <Button look="danger">{text.approve}</Button>
              </Actions>
            </>,
          )
        : null,
      isOpen && !isOwn ? (
        <Details summary={text.refuse} open={faults.some(({ field }) => field === 'why')}>
          {form(
            'refuse',
            <>
              <TextArea name="why" label={text.refuseWhy} rows={3} value={values.why} />
              <Actions>
                <Button look="secondary">{text.refuse}</Button>
              </Actions>
            </>,
          )}
        </Details>
      ) : null,
    ]);
  }
}

function idOf(c: Context<MistoEnv>): string {
  const id = z.uuid().safeParse(c.req.param('id')).data;
  if (!id) throw new NotFound('erasure');
  return id;
}

function href(c: Context<MistoEnv>, rest = ''): string {
  return localPath(c.var.visit.language, `/desk/privacy${rest}`);
}
