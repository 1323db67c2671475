import { type Context, Hono } from 'hono';
import { z } from 'zod';
import {
  Actions,
  BackLink,
  Button,
  ErrorSummary,
  Form,
  LinkButton,
  Notice,
  PageHead,
  SummaryList,
  TextArea,
} from '#ui/index.ts';
import { signingKeyOf } from '../audit/heads.ts';
import { mustBeConfirmed } from '../calendar/confirmations.ts';
import type { FieldFault } from '../errors.ts';
import { readForm } from '../http/forms.ts';
import { signedIn } from '../http/guard.ts';
import { page } from '../http/page.tsx';
import { formatDate, formatDateTime, type Language, localPath } from '../i18n/index.ts';
import { secretsOf } from '../identity/secrets.ts';
import type { MistoEnv, Platform } from '../system.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import type { Outcome } from './erase.ts';
import {
  askErasure,
  type Erasure,
  erasureByToken,
  erasureToken,
  lines,
  ownErasure,
  withdrawErasure,
} from './erasure.ts';
import { erasureText } from './erasure-text.ts';

/** A person asks to be erased, follows it, and anybody checks the certificate. Mounted at `/`. */
export function erasurePages(platform: Platform): Hono<MistoEnv> {
  const pages = new Hono<MistoEnv>();

  // The withdrawal and the answer stay open whatever the law's terms are.
  const open = () => mustBeConfirmed(platform, ['data-subject-met']);

  pages.get('/cabinet/data/erasure', async (c) => {
    signedIn(c);
    await open();
    return askPage(c, [], {});
  });

  pages.post('/cabinet/data/erasure', async (c) => {
    const person = signedIn(c);
    await open();
    const text = erasureText(c.var.visit.language);
    const form = await readForm(c, z.object({ words: z.string().max(2000, text.tooLong).optional() }));
    if (!form.data) return askPage(c, form.faults, form.values);
    const { words = '' } = form.data;
    await platform.work(person, (work) => askErasure(work, person.id, words), {
      requestId: c.var.visit.requestId,
    });
    return c.redirect(localPath(c.var.visit.language, '/cabinet/data/erasure'), 303);
  });

  pages.post('/cabinet/data/erasure/withdraw', async (c) => {
    await platform.work(signedIn(c), withdrawErasure, { requestId: c.var.visit.requestId });
    return c.redirect(localPath(c.var.visit.language, '/cabinet/data/erasure'), 303);
  });

  pages.get('/privacy/erasure/:token', async (c) => {
    const found = await erasureByToken(platform, c.req.param('token'));
    const { language } = c.var.visit;
    const text = erasureText(language);
    return page(c, { title: text.case, private: true, index: false }, [
      <PageHead title={text.case} />,
      <States erasure={found} language={language} />,
      found.outcome ? <OutcomeLists outcome={found.outcome} language={language} done /> : null,
      found.certificate ? (
        <Actions>
          <LinkButton icon="download" href={`/privacy/erasure/${c.req.param('token')}/certificate.json`}>
            {text.certificate}
          </LinkButton>
          <LinkButton look="secondary" href={localPath(language, '/privacy/certificate')}>
            {text.checkIt}
          </LinkButton>
        </Actions>
      ) : null,
    ]);
  });

  pages.get('/privacy/erasure/:token/certificate.json', async (c) => {
    const { certificate } = await erasureByToken(platform, c.req.param('token'));
    return certificate ? certificateFile(c, certificate) : c.notFound();
  });

  pages.get('/privacy/certificate', (c) => checkPage(c, undefined));

  pages.post('/privacy/certificate', async (c) => {
    const form = await readForm(c, z.object({ certificate: z.string().max(100_000) }));
    const found = readCertificate(form.values.certificate ?? '', [signingKeyOf(secretsOf(platform.config))]);
    return checkPage(c, found);
  });

  return pages;

  async function askPage(
    c: Context<MistoEnv>,
    faults: readonly FieldFault[],
    values: Readonly<Record<string, string>>,
  ) {
    const person = signedIn(c);
    const { visit } = c.var;
    const { language } = visit;
    const text = erasureText(language);
    const last = await platform.work(person, ownErasure);
    const isOpen = last?.state === 'asked' || last?.state === 'prepared';
    const action = localPath(language, '/cabinet/data/erasure');
    return page(c, { title: text.title, shell: 'cabinet', current: '/cabinet/data', faults }, [
      <BackLink href={localPath(language, '/cabinet/data')} />,
      <ErrorSummary faults={faults} />,
      <PageHead title={text.title} lead={text.lead} />,
      last ? <States erasure={last} language={language} /> : null,
      last && isOpen ? (
        <>
          <Notice>
            <p>{text.link}</p>
            <p>
              <a href={localPath(language, `/privacy/erasure/${erasureToken(platform, last.id)}`)}>
                {text.linkName}
              </a>
            </p>
          </Notice>
          <Form action={`${action}/withdraw`} csrf={visit.csrfToken()}>
            <Actions>
              <Button look="secondary">{text.withdraw}</Button>
            </Actions>
          </Form>
        </>
      ) : (
        <>
          <h2>{text.how}</h2>
          <ol>
            {text.steps.map((step) => (
              <li>{step}</li>
            ))}
          </ol>
          <p>{text.term}</p>
          <Form action={action} csrf={visit.csrfToken()} idempotencyKey={crypto.randomUUID()} faults={faults}>
            <TextArea
              name="words"
              label={text.words}
              hint={text.wordsHint}
              required={false}
              maxlength={2000}
              value={values.words}
            />
            <Actions>
              <Button look="danger">{text.ask}</Button>
            </Actions>
          </Form>
        </>
      ),
    ]);
  }

  /** @param found undefined: nothing asked yet; null: not genuine. */
  function checkPage(c: Context<MistoEnv>, found: Certificate | null | undefined) {
    const { visit } = c.var;
    const text = erasureText(visit.language);
    return page(c, { title: text.checkTitle }, [
      <PageHead title={text.checkTitle} lead={text.checkLead} />,
      found === null ? <Notice tone="danger" title={text.notGenuine} live /> : null,
      found ? (
        <>
          <Notice tone="good" title={text.genuine} live>
            <p>{text.genuineLead(formatDateTime(visit.language, new Date(found.erasedAt)))}</p>
          </Notice>
          <OutcomeLists outcome={found} language={visit.language} done />
        </>
      ) : null,
      <Form action={localPath(visit.language, '/privacy/certificate')} csrf={visit.csrfToken()}>
        <TextArea name="certificate" label={text.checkField} rows={10} />
        <Actions>
          <Button>{text.check}</Button>
        </Actions>
      </Form>,
    ]);
  }
}

/** The certificate as a file. */
export function certificateFile(c: Context<MistoEnv>, certificate: Certificate): Response {
  return c.body(`${JSON.stringify(certificate, null, 2)}\n`, 200, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Disposition': `attachment; filename="erasure-${certificate.erasure}.json"`,
    'Cache-Control': 'no-store',
  });
}

/** Where an erasure stands. */
export function States(props: { erasure: Erasure; language: Language }) {
  const { erasure, language } = props;
  const text = erasureText(language);
  const rows = [
    { name: text.state, value: text.states[erasure.state] },
    { name: text.askedAt, value: formatDateTime(language, erasure.askedAt) },
    ...(erasure.dueAt && (erasure.state === 'asked' || erasure.state === 'prepared')
      ? [{ name: text.dueAt, value: formatDate(language, erasure.dueAt) }]
      : []),
    ...(erasure.doneAt ? [{ name: text.doneAt, value: formatDateTime(language, erasure.doneAt) }] : []),
    ...(erasure.closedWhy ? [{ name: text.why, value: erasure.closedWhy }] : []),
  ];
  return <SummaryList rows={rows} />;
}

/** What goes and what stays. */
export function OutcomeLists(props: { outcome: Outcome; language: Language; done?: boolean }) {
  const { outcome, language, done } = props;
  const text = erasureText(language);
  const list = (texts: Outcome['gone']) =>
    texts.length > 0 ? (
      <ul>
        {lines(texts, language).map((line) => (
          <li>{line}</li>
        ))}
      </ul>
    ) : (
      <p>{text.nothing}</p>
    );
  return (
    <>
      <h2>{done ? text.goneDone : text.gone}</h2>
      {list(outcome.gone)}
      <h2>{done ? text.keptDone : text.kept}</h2>
      {list(outcome.kept)}
    </>
  );
}
