import type { Context, Hono } from 'hono';
import { explain } from '#platform/calendar/index.ts';
import { Conflict, type FieldFault, Forbidden } from '#platform/errors.ts';
import { attempt } from '#platform/http/forms.ts';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import {
  Actions,
  BackLink,
  Button,
  Card,
  Details,
  Empty,
  ErrorSummary,
  FilterBar,
  Form,
  Notice,
  PageHead,
  Pagination,
  Split,
  SummaryList,
  Table,
  Tabs,
  TextArea,
  TextInput,
} from '#ui/index.ts';
import {
  type AppealRow,
  answerAppeal,
  appealParts,
  appealRegister,
  appealsOnPage,
  extendAppeal,
  forwardAppeal,
  openAppeal,
  returnAppeal,
} from '../../../appeals.ts';
import { readCity } from '../../../city.ts';
import { appealText } from '../../appeal-text.ts';
import { fields, here, StateBadge } from '../../kit.tsx';
import { inLanguage } from '../../reads.ts';
import { shownNumber } from '../../text.ts';

/** Appeals under the law at the desk of those who answer: a list by term, and each with its acts. */
export function mountAppeals(app: Hono<MistoEnv>, platform: Platform): void {
  app.get('/appeals', (c) => list(platform, c));
  app.get('/appeals/:number', (c) => draw(platform, c, {}));
  app.post('/appeals/:number', (c) => press(platform, c));
}

async function list(platform: Platform, c: Context<MistoEnv>): Promise<Response> {
  const at = here(c);
  const words = appealText(at.language);
  const part = appealParts.find((one) => one === c.req.query('part')) ?? 'open';
  const wanted = Number(c.req.query('page') ?? 1);
  const current = Number.isSafeInteger(wanted) && wanted >= 1 && wanted <= 10_000 ? wanted : 1;
  const number = (c.req.query('number') ?? '').replaceAll(/\D/g, '').slice(0, 11);
  const [{ rows, total }, city] = await Promise.all([
    platform.work(
      c.var.visit.actor,
      (work) => appealRegister(work, { part, page: current, ...(number ? { number } : {}) }),
      { requestId: c.var.visit.requestId },
    ),
    readCity(platform.db),
  ]);
  const done = doneOf(c.req.query('done'), words);
  return page(
    c,
    { title: words.desk.title, shell: 'desk', private: true, index: false },
    <>
      {done && (
        <Notice tone="good" live>
          <p>{done}</p>
        </Notice>
      )}
      <PageHead title={words.desk.title} lead={words.desk.lead} />
      <Tabs
        label={words.desk.state}
        items={appealParts.map((one) => ({
          title: words.desk.parts[one],
          href: at.href('/desk/appeals', { part: one }),
          current: one === part && !number,
        }))}
      />
      <FilterBar action={at.href('/desk/appeals')}>
        <TextInput name="number" label={words.number} width="s" required={false} value={number} />
      </FilterBar>
      <Table<AppealRow>
        caption={words.desk.title}
        quietCaption
        rows={rows}
        rowKey={(row) => row.number}
        rowTone={(row) =>
          part === 'open' && row.due && row.due < platform.clock.now() ? 'danger' : undefined
        }
        empty={
          <Empty icon="mail" title={words.desk.none}>
            <p>{words.desk.noneWhat}</p>
          </Empty>
        }
        columns={[
          {
            key: 'number',
            title: words.number,
            header: true,
            nowrap: true,
            cell: (row) => (
              <a href={at.href(`/desk/appeals/${row.number}`)} class="mono">
                {shownNumber(row.number)}
              </a>
            ),
          },
          { key: 'kind', title: words.desk.kind, cell: (row) => words.kinds[row.kind] },
          {
            key: 'state',
            title: words.desk.state,
            cell: (row) => <StateBadge language={at.language} state={row.state} closing={row.closing} />,
          },
          {
            key: 'by',
            title: words.by,
            cell: (row) =>
              inLanguage(city.known.organisations.get(row.organisation ?? '')?.name, at.language) ||
              words.council,
          },
          {
            key: 'due',
            title: words.due,
            nowrap: true,
            cell: (row) => (row.due ? at.date(row.due) : at.text.noDue),
          },
        ]}
      />
      <Pagination
        page={current}
        pages={Math.max(1, Math.ceil(total / appealsOnPage))}
        href={(to) => at.href('/desk/appeals', { part, page: to })}
      />
    </>,
  );
}

const acts = ['answer', 'study', 'longer', 'forward', 'return'] as const;

const doneOf = (done: string | undefined, words: ReturnType<typeof appealText>): string | null => {
  const known = acts.find((one) => one === done);
  return known ? words.desk.done[known] : null;
};

interface Shown {
  readonly faults?: readonly FieldFault[];
  readonly typed?: Readonly<Record<string, string>>;
  readonly problem?: string;
}

async function press(platform: Platform, c: Context<MistoEnv>): Promise<Response> {
  const at = here(c);
  const words = appealText(at.language);
  const typed = await fields(c);
  const number = c.req.param('number') ?? '';
  const what = acts.find((one) => one === typed.do);
  if (!what) return draw(platform, c, { typed, problem: words.desk.impossible });
  try {
    const made = await attempt(() =>
      platform.work(
        c.var.visit.actor,
        async (work): Promise<void> => {
          if (what === 'answer')
            await answerAppeal(work, number, {
              answer: typed.answer ?? '',
              grounds: typed.grounds ?? '',
              howToAppeal: typed.howToAppeal ?? '',
              signer: typed.signer ?? '',
            });
          else if (what === 'forward') await forwardAppeal(work, number, typed.destination ?? '');
          else if (what === 'return') await returnAppeal(work, number, typed.missing ?? '');
          else await extendAppeal(work, number, what, typed.reason ?? '');
        },
        { requestId: c.var.visit.requestId },
      ),
    );
    if (!made.done) return draw(platform, c, { typed, faults: made.faults });
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    const problem = error.code === 'too-late' ? words.desk.late : words.desk.impossible;
    return draw(platform, c, { typed, problem });
  }
  const stays = what === 'study' || what === 'longer';
  return c.redirect(at.href(`/desk/appeals${stays ? `/${number}` : ''}`, { done: what }), 303);
}

async function draw(platform: Platform, c: Context<MistoEnv>, shown: Shown): Promise<Response> {
  const at = here(c);
  const words = appealText(at.language);
  const number = c.req.param('number') ?? '';
  const { actor } = c.var.visit;
  if (!actor.grants.length) throw new Forbidden('staff');
  const [appeal, city] = await Promise.all([
    platform.work(actor, (work) => openAppeal(work, number), { requestId: c.var.visit.requestId }),
    readCity(platform.db),
  ]);
  const { typed = {}, faults = [] } = shown;
  const form = {
    action: at.href(`/desk/appeals/${number}`),
    csrf: c.var.visit.csrfToken(),
    faults,
  };
  const done = doneOf(c.req.query('done'), words);
  const waits = appeal.state !== 'closed' && appeal.state !== 'claimed';
  // Who directs appeals from triage, and from the desk to which one came straight, those who would answer it.
  const mayHand = appeal.state === 'triage' || appeal.state === 'assigned' || appeal.state === 'accepted';
  return page(
    c,
    {
      title: `${words.desk.title} ${shownNumber(number)}`,
      shell: 'desk',
      private: true,
      index: false,
      faults,
      before: <BackLink href={at.href('/desk/appeals')} />,
      ...(shown.problem ? { status: 409 } : {}),
    },
    <>
      <ErrorSummary faults={faults} />
      {shown.problem && (
        <Notice tone="danger" live>
          <p>{shown.problem}</p>
        </Notice>
      )}
      {done && !shown.problem && faults.length === 0 && (
        <Notice tone="good" live>
          <p>{done}</p>
        </Notice>
      )}
      <PageHead
        title={words.kinds[appeal.kind]}
        kicker={<span class="mono">{shownNumber(number)}</span>}
        actions={<StateBadge language={at.language} state={appeal.state} closing={appeal.closing} />}
      />
      <Split
        aside={
          <>
            <Card title={words.who} level={2}>
              {appeal.people.map((one) => (
                <SummaryList
                  key={`${one.name} ${one.email}`}
                  rows={
                    one.locked
                      ? [{ name: words.name, value: words.desk.locked }]
                      : [
                          { name: words.name, value: one.name },
                          { name: words.residence, value: one.residence },
                          {
                            name: words.desk.contact,
                            value: [one.email, one.phone].filter(Boolean).join(', '),
                          },
                        ]
                  }
                />
              ))}
            </Card>
            <Card title={words.due} level={2}>
              <p>
                <strong>{appeal.due ? at.time(appeal.due) : at.text.noDue}</strong>
              </p>
              {appeal.explanation && (
                <Details summary={words.how}>
                  <ul>
                    {explain(at.language, appeal.explanation).map((line) => (
                      <li key={line}>{line}</li>
                    ))}
                  </ul>
                </Details>
              )}
              {waits && (
                <Details summary={words.desk.more} open={faults.some(({ field }) => field === 'reason')}>
                  <Form {...form} label={words.desk.more}>
                    <TextInput name="reason" label={words.desk.reason} value={typed.reason ?? ''} />
                    <Actions>
                      <Button look="secondary" name="do" value="study">
                        {words.desk.study}
                      </Button>
                      <Button look="secondary" name="do" value="longer">
                        {words.desk.longer}
                      </Button>
                    </Actions>
                  </Form>
                </Details>
              )}
            </Card>
            {mayHand && (
              <Card title={words.desk.hand} level={2}>
                <Form {...form} label={words.desk.hand}>
                  <TextInput
                    name="destination"
                    label={words.desk.destination}
                    value={typed.destination ?? ''}
                  />
                  <Button look="secondary" name="do" value="forward">
                    {words.desk.forward}
                  </Button>
                  <TextInput name="missing" label={words.desk.missing} value={typed.missing ?? ''} />
                  <Button look="secondary" name="do" value="return">
                    {words.desk.giveBack}
                  </Button>
                </Form>
              </Card>
            )}
          </>
        }
      >
        <Card title={words.essence} level={2}>
          <p>{appeal.essence ?? words.desk.locked}</p>
          {appeal.complainedAbout && (
            <p class="muted">
              {words.about}:{' '}
              {inLanguage(city.known.organisations.get(appeal.complainedAbout)?.name, at.language)}
            </p>
          )}
        </Card>
        {appeal.answers.map((one) => (
          <Card
            key={one.no}
            tone="good"
            level={2}
            title={`${words.answers} ${words.answerOf(at.date(one.sentAt))}`}
          >
            <p>{one.answer}</p>
            <p class="muted">{one.signer}</p>
          </Card>
        ))}
        {waits && appeal.state !== 'triage' && (
          <Card title={words.desk.answer} level={2}>
            <Form {...form}>
              <TextArea name="answer" label={words.desk.answerText} rows={8} value={typed.answer ?? ''} />
              <TextArea name="grounds" label={words.grounds} rows={2} value={typed.grounds ?? ''} />
              <TextArea
                name="howToAppeal"
                label={words.howToAppeal}
                rows={3}
                value={typed.howToAppeal ?? words.desk.defaultAppeal}
              />
              <TextInput name="signer" label={words.desk.signer} value={typed.signer ?? actor.name} />
              <Actions>
                <Button name="do" value="answer">
                  {words.desk.sendAnswer}
                </Button>
              </Actions>
            </Form>
          </Card>
        )}
      </Split>
    </>,
  );
}
