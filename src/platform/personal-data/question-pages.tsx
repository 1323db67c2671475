import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { Actions, BackLink, Button, ErrorSummary, Form, PageHead, SummaryList, TextArea } from '#ui/index.ts';
import { type Viewer, viewersOf } from '../audit/reads.ts';
import { mustBeConfirmed } from '../calendar/confirmations.ts';
import { Conflict, type FieldFault, NotFound } from '../errors.ts';
import { readForm } from '../http/forms.ts';
import { signedIn } from '../http/guard.ts';
import { page } from '../http/page.tsx';
import { formatDate, formatDateTime, type Language, localPath } from '../i18n/index.ts';
import type { MistoEnv, Platform } from '../system.ts';
import { questionText } from './question-text.ts';
import { askQuestion, type Question, questionOf } from './questions.ts';

/** «Question this»: a person asks about a look at their data and reads the answer. Mounted at `/cabinet/data`. */
export function questionPages(platform: Platform): Hono<MistoEnv> {
  const pages = new Hono<MistoEnv>();

  pages.use('/viewers/*', async (_c, next) => {
    await mustBeConfirmed(platform, ['data-subject-met']);
    await next();
  });

  pages.get('/viewers/:entry', (c) => askPage(c, []));

  pages.post('/viewers/:entry', async (c) => {
    const person = signedIn(c);
    const { visit } = c.var;
    const text = questionText(visit.language);
    const form = await readForm(c, z.object({ words: z.string().min(1, text.fill).max(2000, text.long) }));
    const { data } = form;
    if (!data) return askPage(c, form.faults, form.values.words);
    try {
      const id = await platform.work(person, (work) => askQuestion(work, platform, entryOf(c), data.words), {
        requestId: visit.requestId,
      });
      return c.redirect(localPath(visit.language, `/cabinet/data/questions/${id}`), 303);
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      return askPage(c, [{ field: 'words', message: text.before }], data.words);
    }
  });

  pages.get('/questions/:id', async (c) => {
    const person = signedIn(c);
    const id = z.uuid().safeParse(c.req.param('id')).data;
    if (!id) throw new NotFound('question');
    const question = await platform
      .work({ ...person, grants: [] }, (work) => questionOf(work, id))
      .catch(hidden);
    const { language } = c.var.visit;
    const text = questionText(language);
    return page(c, { title: text.title, shell: 'cabinet', current: '/cabinet/data' }, [
      <BackLink href={localPath(language, '/cabinet/data')} />,
      <PageHead title={text.title} />,
      <Entry viewer={question.entry} language={language} />,
      <Answered question={question} language={language} />,
    ]);
  });

  return pages;

  async function askPage(c: Context<MistoEnv>, faults: readonly FieldFault[], words?: string) {
    const person = signedIn(c);
    const { visit } = c.var;
    const text = questionText(visit.language);
    const [viewer] = await viewersOf(platform, person.id, { entry: entryOf(c) });
    if (!viewer) throw new NotFound('entry');
    return page(c, { title: text.title, shell: 'cabinet', current: '/cabinet/data', faults }, [
      <BackLink href={localPath(visit.language, '/cabinet/data')} />,
      <ErrorSummary faults={faults} />,
      <PageHead title={text.title} lead={text.lead} />,
      <Entry viewer={viewer} language={visit.language} />,
      <Form
        action={localPath(visit.language, `/cabinet/data/viewers/${viewer.number}`)}
        csrf={visit.csrfToken()}
        idempotencyKey={crypto.randomUUID()}
        faults={faults}
      >
        <TextArea name="words" label={text.words} maxlength={2000} value={words} />
        <Actions>
          <Button>{text.send}</Button>
        </Actions>
      </Form>,
    ]);
  }
}

/** Somebody else's question looks like none. */
function hidden(): never {
  throw new NotFound('question');
}

function entryOf(c: Context<MistoEnv>): number {
  const entry = Number(c.req.param('entry'));
  if (!Number.isSafeInteger(entry)) throw new NotFound('entry');
  return entry;
}

/** A look at somebody's data. */
export function Entry(props: { viewer: Viewer; language: Language }) {
  const { viewer, language } = props;
  const text = questionText(language);
  return (
    <SummaryList
      rows={[
        { name: text.when, value: formatDateTime(language, viewer.at) },
        {
          name: text.who,
          value: [viewer.who, viewer.organisation, ...(viewer.breakGlass ? [text.emergency] : [])]
            .filter(Boolean)
            .join(', '),
        },
        { name: text.purpose, value: viewer.purpose },
        { name: text.what, value: [viewer.resource, ...viewer.categories].join(', ') },
        ...(viewer.case ? [{ name: text.case, value: viewer.case }] : []),
      ]}
    />
  );
}

/** What was asked and answered. */
export function Answered(props: { question: Question; language: Language }) {
  const { question, language } = props;
  const text = questionText(language);
  return (
    <>
      <SummaryList
        rows={[
          { name: text.askedAt, value: formatDateTime(language, question.askedAt) },
          { name: text.question, value: question.words ?? '–' },
          ...(question.answeredAt
            ? [
                { name: text.answeredAt, value: formatDateTime(language, question.answeredAt) },
                { name: text.answer, value: question.answer ?? '–' },
              ]
            : [{ name: text.dueAt, value: formatDate(language, question.dueAt) }]),
        ]}
      />
      {question.answeredAt ? null : <p>{text.waits}</p>}
    </>
  );
}
