import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { Badge, Button, Empty, Form, PageHead, Section, Table } from '#ui/index.ts';
import { mustBeAble } from '../access/index.ts';
import { NotFound } from '../errors.ts';
import { readForm } from '../http/forms.ts';
import { needsStaff } from '../http/guard.ts';
import { page } from '../http/page.tsx';
import { formatDateTime, localPath, messages } from '../i18n/index.ts';
import type { MistoEnv, Platform } from '../system.ts';
import type { Work } from '../work.ts';
import {
  type DeadEvent,
  type DeadJob,
  deadEvents,
  deadJobs,
  dropEvent,
  dropJob,
  mendFailures,
  reviveEvent,
  reviveJob,
} from './index.ts';

const text = messages(
  {
    title: 'Збої',
    lead: 'Роботи й події, які не вдалися після всіх спроб. Усунувши причину, спробуйте їх ще раз; решту можна відкинути.',
    jobs: 'Роботи',
    events: 'Події',
    noJobs: 'Усі роботи виконано',
    noEvents: 'Усі події опрацьовано',
    name: 'Назва',
    consumer: 'Хто не прийняв',
    about: 'Про що',
    at: 'Коли',
    attempts: 'Спроб',
    error: 'Де сталося',
    acts: 'Дії',
    again: 'Спробувати ще раз',
    drop: 'Відкинути',
    waits: 'чекає на спробу',
    shown: (n: number, all: number) => `Показано ${n} із ${all}, найновіші перші.`,
  },
  {
    en: {
      title: 'Failures',
      lead: 'Jobs and events that failed at every try. Once the cause is gone, have them tried again; the rest can be dropped.',
      jobs: 'Jobs',
      events: 'Events',
      noJobs: 'All jobs are done',
      noEvents: 'All events were taken',
      name: 'Name',
      consumer: 'Who did not take it',
      about: 'About',
      at: 'When',
      attempts: 'Tries',
      error: 'Where it happened',
      acts: 'Acts',
      again: 'Try again',
      drop: 'Drop',
      waits: 'waits to be tried',
      shown: (n, all) => `${n} of ${all} are shown, the newest first.`,
    },
  },
);

/** The administrator's list of what failed for good. Mounted at `/desk/failures`. */
export function failurePages(platform: Platform): Hono<MistoEnv> {
  const pages = new Hono<MistoEnv>();

  pages.use('*', needsStaff(), async (c, next) => {
    mustBeAble(c.var.visit.actor, mendFailures);
    await next();
  });

  pages.get('/', async (c) => {
    const { language, csrfToken } = c.var.visit;
    const words = text(language);
    const [jobs, events] = await Promise.all([deadJobs(platform.db), deadEvents(platform.db)]);
    const csrf = csrfToken.call(c.var.visit);
    const acts = (path: string, revived = false) => (
      <Form action={href(c, path)} csrf={csrf}>
        {revived ? (
          <Badge tone="info">{words.waits}</Badge>
        ) : (
          <Button size="small" name="act" value="revive">
            {words.again}
          </Button>
        )}{' '}
        <Button look="secondary" size="small" name="act" value="drop">
          {words.drop}
        </Button>
      </Form>
    );
    const more = (shown: number, total: number) =>
      total > shown ? <p class="muted">{words.shown(shown, total)}</p> : null;
    return page(c, { title: words.title, shell: 'desk', width: 'full' }, [
      <PageHead title={words.title} lead={words.lead} />,
      <Section title={words.jobs}>
        <Table
          caption={words.jobs}
          quietCaption
          rows={jobs.rows}
          rowKey={(one) => one.id}
          empty={<Empty title={words.noJobs} />}
          columns={[
            { key: 'name', title: words.name, header: true, cell: (one: DeadJob) => one.name },
            { key: 'about', title: words.about, cell: (one) => <code>{JSON.stringify(one.data)}</code> },
            { key: 'at', title: words.at, nowrap: true, cell: (one) => formatDateTime(language, one.at) },
            { key: 'error', title: words.error, cell: (one) => <code>{one.error}</code> },
            { key: 'acts', title: words.acts, cell: (one) => acts(`/jobs/${one.id}`) },
          ]}
        />
        {more(jobs.rows.length, jobs.total)}
      </Section>,
      <Section title={words.events}>
        <Table
          caption={words.events}
          quietCaption
          rows={events.rows}
          rowKey={(one) => `${one.consumer} ${one.number}`}
          empty={<Empty title={words.noEvents} />}
          columns={[
            {
              key: 'name',
              title: words.name,
              header: true,
              cell: (one: DeadEvent) => `${one.name} ${one.number}`,
            },
            { key: 'consumer', title: words.consumer, cell: (one) => one.consumer },
            { key: 'at', title: words.at, nowrap: true, cell: (one) => formatDateTime(language, one.at) },
            { key: 'attempts', title: words.attempts, cell: (one) => one.attempts },
            { key: 'error', title: words.error, cell: (one) => <code>{one.error}</code> },
            {
              key: 'acts',
              title: words.acts,
              cell: (one) => acts(`/events/${encodeURIComponent(one.consumer)}/${one.number}`, one.revived),
            },
          ]}
        />
        {more(events.rows.length, events.total)}
      </Section>,
    ]);
  });

  pages.post('/jobs/:id', (c) => {
    const id = c.req.param('id');
    return act(c, { revive: (work) => reviveJob(work, id), drop: (work) => dropJob(work, id) });
  });

  pages.post('/events/:consumer/:number', (c) => {
    const consumer = c.req.param('consumer');
    const number = Number(c.req.param('number'));
    if (!Number.isSafeInteger(number)) throw new NotFound('event');
    return act(c, {
      revive: (work) => reviveEvent(work, consumer, number),
      drop: (work) => dropEvent(work, consumer, number),
    });
  });

  return pages;

  async function act(
    c: Context<MistoEnv>,
    acts: Readonly<Record<'revive' | 'drop', (work: Work) => Promise<void>>>,
  ): Promise<Response> {
    const form = await readForm(c, z.object({ act: z.enum(['revive', 'drop']) }));
    if (!form.data) throw new NotFound('act');
    const { actor, requestId } = c.var.visit;
    await platform.work(actor, acts[form.data.act], { requestId });
    return c.redirect(href(c), 303);
  }
}

const href = (c: Context<MistoEnv>, rest = '') => localPath(c.var.visit.language, `/desk/failures${rest}`);
