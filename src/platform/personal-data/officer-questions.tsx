import { type Context, Hono } from 'hono';
import { z } from 'zod';
import {
  Actions,
  BackLink,
  Button,
  DateInput,
  Empty,
  ErrorSummary,
  Form,
  PageHead,
  Table,
  TextArea,
  TextInput,
} from '#ui/index.ts';
import { endOfDay, isLocalDate } from '../calendar/index.ts';
import { type FieldFault, NotFound } from '../errors.ts';
import { readForm } from '../http/forms.ts';
import { page } from '../http/page.tsx';
import { formatDate, localPath } from '../i18n/index.ts';
import type { MistoEnv, Platform } from '../system.ts';
import type { Work } from '../work.ts';
import { Answered, Entry } from './question-pages.tsx';
import { questionText } from './question-text.ts';
import { answerQuestion, openQuestions, questionOf } from './questions.ts';
import { endWithholding, withhold, withholdings } from './withholding.ts';

const year = 366 * 86_400_000;

/** Questions about looks, and looks withheld: the officer's part. Mounted at `/desk/privacy` behind its guard. */
export function officerQuestions(platform: Platform): Hono<MistoEnv> {
  const pages = new Hono<MistoEnv>();

  pages.get('/questions', (c) => listPage(c, [], {}));

  pages.get('/questions/:id', (c) => questionPage(c, [], ''));

  pages.post('/questions/:id', async (c) => {
    const text = questionText(c.var.visit.language);
    const form = await readForm(c, z.object({ answer: z.string().min(1, text.fill).max(2000, text.long) }));
    const { data } = form;
    if (!data) return questionPage(c, form.faults, form.values.answer ?? '');
    await act(c, (work) => answerQuestion(work, idOf(c), data.answer));
    return c.redirect(href(c, `/questions/${idOf(c)}`), 303);
  });

  pages.post('/withheld', async (c) => {
    const text = questionText(c.var.visit.language);
    const filled = z.string().min(1, text.fill).max(500, text.long);
    const form = await readForm(
      c,
      z.object({
        person: z.uuid(text.personWrong),
        resource: filled,
        ground: filled,
        until: z.string().refine(isLocalDate, text.untilWrong),
      }),
    );
    const { data } = form;
    if (!data) return listPage(c, form.faults, form.values);
    const until = endOfDay(data.until);
    const ahead = until.getTime() - platform.clock.now().getTime();
    if (ahead < 0 || ahead > year)
      return listPage(c, [{ field: 'until', message: text.untilWrong }], form.values);
    try {
      await act(c, (work) =>
        withhold(work, { personId: data.person, resource: data.resource, ground: data.ground, until }),
      );
    } catch (error) {
      if (!(error instanceof NotFound)) throw error;
      return listPage(c, [{ field: 'person', message: text.personWrong }], form.values);
    }
    return c.redirect(href(c, '/questions'), 303);
  });

  pages.post('/withheld/:id/end', async (c) => {
    await act(c, (work) => endWithholding(work, idOf(c)));
    return c.redirect(href(c, '/questions'), 303);
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
    const { language } = visit;
    const text = questionText(language);
    const { questions, withheld } = await act(c, async (work) => ({
      questions: await openQuestions(work),
      withheld: await withholdings(work),
    }));
    return page(c, { title: text.desk, shell: 'desk', width: 'wide', faults }, [
      <BackLink href={href(c)} />,
      <ErrorSummary faults={faults} />,
      <PageHead title={text.desk} />,
      <Table
        caption={text.desk}
        quietCaption
        rows={questions}
        rowKey={(row) => row.id}
        empty={<Empty title={text.none} icon="speech" />}
        columns={[
          {
            key: 'asked',
            title: text.askedAt,
            header: true,
            cell: (row) => <a href={href(c, `/questions/${row.id}`)}>{formatDate(language, row.askedAt)}</a>,
          },
          { key: 'due', title: text.dueAt, cell: (row) => formatDate(language, row.dueAt) },
        ]}
      />,
      <h2>{text.withheld}</h2>,
      <p>{text.withheldLead}</p>,
      <ul>
        {withheld.map((one) => (
          <li>
            {one.resource}: {one.ground}, {formatDate(language, one.until)}
            <Form action={href(c, `/withheld/${one.id}/end`)} csrf={visit.csrfToken()}>
              <Button look="secondary" size="small">
                {text.end}
              </Button>
            </Form>
          </li>
        ))}
      </ul>,
      <Form
        action={href(c, '/withheld')}
        csrf={visit.csrfToken()}
        idempotencyKey={crypto.randomUUID()}
        faults={faults}
      >
        <TextInput name="person" label={text.person} value={values.person} spellcheck={false} />
        <TextInput
          name="resource"
          label={text.resource}
          hint={text.resourceHint}
          value={values.resource}
          spellcheck={false}
        />
        <TextInput name="ground" label={text.ground} value={values.ground} />
        <DateInput name="until" label={text.until} value={values.until} />
        <Actions>
          <Button>{text.withhold}</Button>
        </Actions>
      </Form>,
    ]);
  }

  async function questionPage(c: Context<MistoEnv>, faults: readonly FieldFault[], answer: string) {
    const { visit } = c.var;
    const text = questionText(visit.language);
    const question = await act(c, (work) => questionOf(work, idOf(c)));
    return page(c, { title: text.desk, shell: 'desk', faults }, [
      <BackLink href={href(c, '/questions')} />,
      <ErrorSummary faults={faults} />,
      <PageHead title={text.desk} kicker={<span class="mono">{question.personId}</span>} />,
      <Entry viewer={question.entry} language={visit.language} />,
      <Answered question={question} language={visit.language} />,
      question.answeredAt ? null : (
        <Form
          action={href(c, `/questions/${question.id}`)}
          csrf={visit.csrfToken()}
          idempotencyKey={crypto.randomUUID()}
          faults={faults}
        >
          <TextArea name="answer" label={text.answer} maxlength={2000} value={answer} />
          <Actions>
            <Button>{text.reply}</Button>
          </Actions>
        </Form>
      ),
    ]);
  }
}

function idOf(c: Context<MistoEnv>): string {
  const id = z.uuid().safeParse(c.req.param('id')).data;
  if (!id) throw new NotFound('question');
  return id;
}

function href(c: Context<MistoEnv>, rest = ''): string {
  return localPath(c.var.visit.language, `/desk/privacy${rest}`);
}
