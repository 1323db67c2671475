import { type Context, Hono } from 'hono';
import { z } from 'zod';
import {
  Actions,
  BackLink,
  Button,
  Empty,
  ErrorSummary,
  Form,
  Notice,
  PageHead,
  Radios,
  SummaryList,
  Table,
  TextArea,
} from '#ui/index.ts';
import { type FieldFault, NotFound } from '../errors.ts';
import { readForm } from '../http/forms.ts';
import { needsStaff } from '../http/guard.ts';
import { page } from '../http/page.tsx';
import { formatDateTime, formatTime, localPath } from '../i18n/index.ts';
import { mustProve, proofs } from '../identity/proof.ts';
import type { MistoEnv, Platform } from '../system.ts';
import type { Work } from '../work.ts';
import {
  emergencies,
  emergency,
  endEmergency,
  openEmergency,
  ownEmergency,
  reviewEmergency,
} from './emergency.ts';
import { emergencyText } from './emergency-text.ts';
import { mustBeAble } from './index.ts';
import { breakGlass } from './roles.ts';

/** A member of staff opens reading over the usual rights. Mounted at `/desk/emergency`. */
export function emergencyPages(platform: Platform): Hono<MistoEnv> {
  const pages = new Hono<MistoEnv>();
  pages.use('*', needsStaff(), async (c, next) => {
    mustBeAble(c.var.visit.actor, breakGlass);
    await next();
  });

  pages.get('/', (c) => openPage(c, []));

  pages.post('/', async (c) => {
    const text = emergencyText(c.var.visit.language);
    const form = await readForm(c, z.object({ reason: z.string().min(20, text.short).max(1000, text.long) }));
    const { data } = form;
    if (!data) return openPage(c, form.faults, form.values.reason);
    mustProve(c, platform, proofs.emergency);
    await act(platform, c, (work) => openEmergency(work, data.reason));
    return c.redirect(localPath(c.var.visit.language, '/desk/emergency'), 303);
  });

  pages.post('/end', async (c) => {
    await act(platform, c, endEmergency);
    return c.redirect(localPath(c.var.visit.language, '/desk/emergency'), 303);
  });

  return pages;

  async function openPage(c: Context<MistoEnv>, faults: readonly FieldFault[], reason = '') {
    const { visit } = c.var;
    const { language } = visit;
    const text = emergencyText(language);
    const until = await act(platform, c, ownEmergency);
    return page(c, { title: text.title, shell: 'desk', width: 'text', faults }, [
      <ErrorSummary faults={faults} />,
      <PageHead title={text.title} lead={text.lead} />,
      <ul>
        {text.rules.map((rule) => (
          <li>{rule}</li>
        ))}
      </ul>,
      until ? (
        <>
          <Notice tone="warning" live>
            {text.isOpen(formatTime(language, until))}
          </Notice>
          <Form action={localPath(language, '/desk/emergency/end')} csrf={visit.csrfToken()}>
            <Actions>
              <Button look="secondary">{text.end}</Button>
            </Actions>
          </Form>
        </>
      ) : (
        <Form
          action={localPath(language, '/desk/emergency')}
          csrf={visit.csrfToken()}
          idempotencyKey={crypto.randomUUID()}
          faults={faults}
        >
          <TextArea name="reason" label={text.reason} maxlength={1000} value={reason} />
          <Actions>
            <Button look="danger">{text.open}</Button>
          </Actions>
        </Form>
      ),
    ]);
  }
}

/** The privacy officer reviews. Mounted at `/desk/privacy/emergencies` behind its guard. */
export function emergencyReviews(platform: Platform): Hono<MistoEnv> {
  const pages = new Hono<MistoEnv>();

  pages.get('/', async (c) => {
    const { language } = c.var.visit;
    const text = emergencyText(language);
    const all = await act(platform, c, emergencies);
    return page(c, { title: text.list, shell: 'desk', width: 'wide' }, [
      <BackLink href={localPath(language, '/desk/privacy')} />,
      <PageHead title={text.list} />,
      <Table
        caption={text.list}
        quietCaption
        rows={all}
        rowKey={(row) => row.id}
        empty={<Empty title={text.none} icon="lock" />}
        columns={[
          {
            key: 'when',
            title: text.when,
            header: true,
            nowrap: true,
            cell: (row) => <a href={href(c, `/${row.id}`)}>{formatDateTime(language, row.openedAt)}</a>,
          },
          {
            key: 'who',
            title: text.who,
            cell: (row) => [row.post, row.organisation].filter(Boolean).join(', '),
          },
          {
            key: 'state',
            title: text.state,
            cell: (row) => (row.verdict ? text.verdicts[row.verdict] : <strong>{text.waits}</strong>),
          },
        ]}
      />,
    ]);
  });

  pages.get('/:id', (c) => reviewPage(c, [], {}));

  pages.post('/:id', async (c) => {
    const text = emergencyText(c.var.visit.language);
    const form = await readForm(
      c,
      z.object({
        verdict: z.enum(['justified', 'unjustified'], text.fill),
        note: z.string().min(1, text.fill).max(1000, text.long),
      }),
    );
    const { data } = form;
    if (!data) return reviewPage(c, form.faults, form.values);
    await act(platform, c, (work) => reviewEmergency(work, idOf(c), data.verdict, data.note));
    return c.redirect(href(c, `/${idOf(c)}`), 303);
  });

  return pages;

  async function reviewPage(
    c: Context<MistoEnv>,
    faults: readonly FieldFault[],
    values: Readonly<Record<string, string>>,
  ) {
    const { visit } = c.var;
    const { language } = visit;
    const text = emergencyText(language);
    const one = await act(platform, c, (work) => emergency(work, idOf(c)));
    return page(c, { title: text.title, shell: 'desk', width: 'wide', faults }, [
      <BackLink href={href(c)} />,
      <ErrorSummary faults={faults} />,
      <PageHead title={text.title} kicker={one.verdict ? text.verdicts[one.verdict] : text.waits} />,
      <SummaryList
        rows={[
          { name: text.who, value: [one.post, one.organisation].filter(Boolean).join(', ') },
          { name: text.when, value: formatDateTime(language, one.openedAt) },
          { name: text.until, value: formatDateTime(language, one.until) },
          { name: text.reason, value: one.reason ?? '–' },
          ...(one.note ? [{ name: text.note, value: one.note }] : []),
        ]}
      />,
      <Table
        caption={text.looks}
        rows={one.looks}
        rowKey={(row) => String(row.number)}
        empty={<Empty title={text.noLooks} icon="lock" />}
        columns={[
          { key: 'when', title: text.when, nowrap: true, cell: (row) => formatDateTime(language, row.at) },
          { key: 'what', title: text.what, cell: (row) => row.resource },
          { key: 'purpose', title: text.purpose, cell: (row) => row.purpose },
        ]}
      />,
      one.verdict || one.personId === visit.actor.id ? null : (
        <Form
          action={href(c, `/${one.id}`)}
          csrf={visit.csrfToken()}
          idempotencyKey={crypto.randomUUID()}
          faults={faults}
        >
          <Radios
            name="verdict"
            label={text.verdict}
            value={values.verdict}
            options={(['justified', 'unjustified'] as const).map((value) => ({
              value,
              label: text.verdicts[value],
            }))}
          />
          <TextArea name="note" label={text.note} rows={3} value={values.note} />
          <Actions>
            <Button>{text.save}</Button>
          </Actions>
        </Form>
      ),
    ]);
  }
}

function act<T>(platform: Platform, c: Context<MistoEnv>, run: (work: Work) => Promise<T>): Promise<T> {
  return platform.work(c.var.visit.actor, run, { requestId: c.var.visit.requestId });
}

function idOf(c: Context<MistoEnv>): string {
  const id = z.uuid().safeParse(c.req.param('id')).data;
  if (!id) throw new NotFound('emergency');
  return id;
}

function href(c: Context<MistoEnv>, rest = ''): string {
  return localPath(c.var.visit.language, `/desk/privacy/emergencies${rest}`);
}
