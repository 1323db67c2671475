import type { Context, Hono } from 'hono';
import { Conflict, type FieldFault, NotFound } from '#platform/errors.ts';
import { attempt, isUnreadable } from '#platform/http/forms.ts';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import type { Work } from '#platform/work.ts';
import {
  Actions,
  Button,
  Card,
  Empty,
  ErrorSummary,
  Form,
  Notice,
  PageHead,
  Select,
  Split,
  TextInput,
} from '#ui/index.ts';
import { findAddress } from '../../../addresses.ts';
import { appealKinds } from '../../../appeals.ts';
import { readCity } from '../../../city.ts';
import {
  type Call,
  type CallDraft,
  callBackTasks,
  callOf,
  finishContact,
  joinForCaller,
  keepCall,
  logConsultation,
  mostTasks,
  type Outcome,
  outcomes,
  registerForCaller,
  reopenForCaller,
  startContact,
  takeCallBack,
} from '../../../contacts.ts';
import { houseOf } from '../../../house.ts';
import { fields, here } from '../../kit.tsx';
import { grouped } from '../../report/category.tsx';
import { phoneOf } from '../../report/contact.tsx';
import { askedOf } from '../../report/questions.tsx';
import { suggest } from '../../report/suggest.ts';
import { drawConsole, KeyList, readScreen, type Shown } from './console.tsx';
import { keys } from './keys.ts';
import { operatorText } from './text.ts';

/** The operator's console: `/contact-centre/desk/operator`. */
export function mountOperator(app: Hono<MistoEnv>, platform: Platform): void {
  app.get('/operator', (c) => draw(platform, c));
  app.post('/operator', (c) => press(platform, c));
}

const runs =
  (platform: Platform, c: Context<MistoEnv>) =>
  <T,>(what: (work: Work) => Promise<T>): Promise<T> =>
    platform.work(c.var.visit.actor, what, { requestId: c.var.visit.requestId });

async function draw(platform: Platform, c: Context<MistoEnv>, shown: Shown = {}): Promise<Response> {
  const at = here(c);
  const run = runs(platform, c);
  const screen = await run(async (work) => {
    const call = await callOf(work);
    return call && readScreen(work, call, at);
  });
  return screen ? drawConsole(platform, c, screen, shown) : drawIdle(platform, c, shown);
}

/** Nobody is on the line: begin, log a question that was answered at once, or call somebody back. */
async function drawIdle(
  platform: Platform,
  c: Context<MistoEnv>,
  shown: Shown,
  typed: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const at = here(c);
  const words = operatorText(at.language);
  const [tasks, city] = await Promise.all([runs(platform, c)(callBackTasks), readCity(platform.db)]);
  const ended = outcomes.find((one) => one === c.req.query('done'));
  const faults = shown.faults ?? [];
  const form = { action: at.href('/desk/operator'), csrf: c.var.visit.csrfToken(), faults };
  return page(
    c,
    {
      title: words.title,
      shell: 'desk',
      private: true,
      index: false,
      faults,
      ...(shown.status ? { status: shown.status } : {}),
    },
    <>
      <ErrorSummary faults={faults} />
      {shown.problem && (
        <Notice tone="danger" live>
          <p>{shown.problem}</p>
        </Notice>
      )}
      {ended && !shown.problem && faults.length === 0 && (
        <Notice tone="good" live>
          <p>{words.ended[ended]}</p>
        </Notice>
      )}
      <PageHead title={words.title} kicker={words.idle} />
      <Split
        aside={
          <Card title={words.tasks} level={2} {...(tasks.length > 0 ? { tone: 'warning' as const } : {})}>
            {tasks.length === 0 && <Empty icon="phone" title={words.tasksNone} />}
            {tasks.length > 0 && (
              <Form {...form} label={words.tasks}>
                <ul>
                  {tasks.map((task, index) => (
                    <li key={task.id}>
                      <p>
                        {words.cut} {at.time(task.droppedAt)}
                        {task.category &&
                          ` · ${city.leaves.get(task.category)?.leaf.name[at.language] ?? task.category}`}
                        {task.address && ` · ${task.address}`}
                      </p>
                      <Button
                        look="secondary"
                        size="small"
                        icon="phone"
                        name="do"
                        value={`back:${task.id}`}
                        {...(index === 0 ? { accesskey: keys.back } : {})}
                      >
                        {words.callBack}
                      </Button>
                    </li>
                  ))}
                </ul>
                {tasks.length === mostTasks && <p class="muted">{words.tasksMore(mostTasks)}</p>}
              </Form>
            )}
          </Card>
        }
      >
        <Card title={words.start} level={2}>
          <Form {...form}>
            <TextInput
              name="phone"
              label={words.phone}
              hint={words.phoneHint}
              type="tel"
              width="m"
              value={typed.phone ?? ''}
              accesskey={keys.phone}
              autocomplete="off"
            />
            <Actions>
              <Button icon="phone" name="do" value="start" accesskey={keys.start}>
                {words.start}
              </Button>
            </Actions>
          </Form>
        </Card>
        <Card title={words.quick} level={2}>
          <p class="muted">{words.quickHint}</p>
          <Form {...form} label={words.quick}>
            <Select
              name="topic"
              label={words.topic}
              empty={words.noTopic}
              options={grouped(city, at.language).flatMap((branch) =>
                branch.options.map(({ value, label }) => ({ value, label: `${branch.name} · ${label}` })),
              )}
            />
            <Actions>
              <Button look="secondary" name="do" value="log" accesskey={keys.consultation}>
                {words.quickLog}
              </Button>
            </Actions>
          </Form>
        </Card>
      </Split>
      <KeyList words={words} names={['phone', 'start', 'consultation', 'back']} />
    </>,
  );
}

/** Every button of the console. What was typed is kept first, so no error can lose it. */
async function press(platform: Platform, c: Context<MistoEnv>): Promise<Response> {
  const at = here(c);
  const words = operatorText(at.language);
  const run = runs(platform, c);
  const form = await c.req.formData();
  const typed = await fields(c);
  const [what = 'look', which = ''] = (typed.do ?? 'look').split(':');
  const go = (field = '', done?: string) =>
    c.redirect(at.href('/desk/operator', { done }) + (field && `#${field}`), 303);

  if (what === 'start') {
    const phone = readPhone(typed.phone ?? '');
    if (phone === null)
      return drawIdle(platform, c, { faults: [{ field: 'phone', message: words.wrongPhone }] }, typed);
    const call = await run((work) => startContact(work, phone ? { phone } : {}));
    return go(nextField(call.draft));
  }
  if (what === 'log') {
    await run((work) => logConsultation(work, typed.topic ? { category: typed.topic } : {}));
    return go('', 'consultation');
  }
  if (what === 'back') {
    try {
      await run((work) => takeCallBack(work, which));
    } catch (error) {
      if (error instanceof NotFound) return draw(platform, c, { problem: words.taken, status: 409 });
      if (error instanceof Conflict) return draw(platform, c, { problem: words.busy, status: 409 });
      throw error;
    }
    return go('field-phone');
  }

  const kept = await run((work) => keepTyped(work, c, typed, form, what === 'building' ? which : ''));
  const { call, faults } = kept;
  if (faults.length > 0) return draw(platform, c, { faults });
  if (kept.stale && what !== 'register') return draw(platform, c, { problem: words.stale, status: 409 });

  if (what === 'category') {
    const { draft } = await run((work) =>
      keepCall(work, call, { ...call.draft, category: which, answers: {} }),
    );
    const city = await readCity(platform.db);
    const leaf = city.leaves.get(which)?.leaf;
    const [asked] = leaf ? askedOf(leaf, {}) : [];
    if (leaf?.needs?.includes('flat') && !draft.flat) return go('field-flat');
    return go(asked ? `field-answers-${asked.code}` : 'register');
  }
  const outcome = outcomes.find((one) => one === (what === 'finish' ? 'request' : what));
  if (outcome) return finish(platform, c, outcome);
  if (!['register', 'join', 'reopen'].includes(what)) {
    const city = await readCity(platform.db);
    const { draft } = call;
    const leaf = city.leaves.get(draft.category ?? '');
    if (!leaf && draft.text && suggest(city.leaves.values(), draft.text, draft.language ?? 'uk').length > 0)
      return go(draft.building || !draft.address ? 'suggestion' : nextField(draft));
    return go(nextField(draft));
  }
  try {
    const acted = await attempt(() =>
      run(async (work) => {
        const now = (await callOf(work)) ?? call;
        if (what === 'register') await registerForCaller(work, now, readKey(typed.intake) ?? now.intakeKey);
        else if (what === 'join') await joinForCaller(work, now, which);
        else await reopenForCaller(work, now, which, now.draft.text ?? '');
      }),
    );
    if (!acted.done) return draw(platform, c, { faults: acted.faults.map(ownField) });
  } catch (error) {
    const problem =
      error instanceof Conflict
        ? ({ 'intake-key': words.sentBefore, 'not-reporter': words.notReporter }[error.code] ?? words.gone)
        : error instanceof NotFound
          ? words.gone
          : null;
    if (problem === null) throw error;
    return draw(platform, c, { problem, status: 409 });
  }
  return go('receipt');
}

async function finish(platform: Platform, c: Context<MistoEnv>, wanted: Outcome): Promise<Response> {
  const at = here(c);
  const ended = await runs(
    platform,
    c,
  )(async (work) => {
    const call = await callOf(work);
    if (!call) return wanted;
    await finishContact(work, call, wanted);
    return wanted !== 'dropped' && call.requests.some(({ how }) => how !== 'joined')
      ? 'request'
      : wanted !== 'dropped' && call.requests.length > 0
        ? 'joined'
        : wanted;
  });
  return c.redirect(at.href('/desk/operator', { done: ended }), 303);
}

/** Keeps the form's words in the operator's draft; a page of a conversation that is over starts a new one with them. */
async function keepTyped(
  work: Work,
  c: Context<MistoEnv>,
  typed: Readonly<Record<string, string>>,
  form: FormData,
  chosen: string,
): Promise<{ call: Call; stale: boolean; faults: FieldFault[] }> {
  const words = operatorText(c.var.visit.language);
  const faults: FieldFault[] = [];
  const readable = (name: string, most: number) => {
    const value = (typed[name] ?? '').normalize('NFC').replaceAll('\r\n', '\n');
    if (isUnreadable(value)) faults.push({ field: name, message: words.gone });
    return [...value.toWellFormed().replace(/[^\P{Cc}\n\t]/gu, '')].slice(0, most).join('');
  };
  const phone = readPhone(typed.phone ?? '');
  if (phone === null) faults.push({ field: 'phone', message: words.wrongPhone });
  const address = readable('address', 200);
  const same = typed.building && typed.placed === address ? typed.building : '';
  const meant = chosen || same || !address ? null : await findAddress(work.tx, address);
  const sure = meant?.confidence === 'high' ? meant.building : null;
  const id = chosen || same || sure?.id;
  const city = await readCity(work.tx);
  const category = city.leaves.has(typed.category ?? '') ? typed.category : undefined;
  const answers: Record<string, string[]> = {};
  for (const { code } of city.leaves.get(category ?? '')?.leaf.questions ?? []) {
    const values = form
      .getAll(`answers.${code}`)
      .flatMap((value) => (typeof value === 'string' && value.trim() ? [value.trim().slice(0, 1_001)] : []));
    if (values.length > 0) answers[code] = values;
  }
  const place = id ? ((await houseOf(work.tx, id, work.clock.now()))?.address ?? null) : null;
  const told = readable('text', 4_001);
  const kind = appealKinds.find((one) => one === typed.appeal);
  const text: CallDraft = {
    ...given('phone', phone ?? readable('phone', 40)),
    ...given('name', readable('name', 200)),
    ...given('flat', readable('flat', 20) || (meant?.flat ?? '')),
    ...given('asset', readable('asset', 40)),
    ...given('residence', readable('residence', 300)),
    ...given('text', told),
    ...given('q', readable('q', 200)),
    ...given('address', place ?? address),
    ...(place && id ? { building: id } : {}),
    ...(category ? { category, answers } : {}),
    ...(kind ? { appeal: kind } : {}),
    language: typed.language === 'en' ? 'en' : 'uk',
    private: typed.private === 'yes',
  };
  const now = await callOf(work);
  const call = await keepCall(work, now ?? (await startContact(work, text)), text);
  return { call, stale: now?.id !== typed.call, faults };
}

const given = <Name extends string>(name: Name, value: string) =>
  (value ? { [name]: value } : {}) as Partial<Record<Name, string>>;

/** Empty for a hidden number, null for what cannot be a number. */
const readPhone = (typed: string): string | null => (typed ? phoneOf(typed) : '');

const readKey = (key: string | undefined): string | null =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(key ?? '') ? key! : null;

/** The domain says «place», the console has an address. */
const ownField = (fault: FieldFault): FieldFault => ({
  ...fault,
  field: ownFields[fault.field] ?? fault.field,
});

const ownFields: Readonly<Record<string, string>> = { place: 'address', essence: 'text', email: 'phone' };

/** What is asked next: where the keyboard goes after a step. */
function nextField(draft: CallDraft): string {
  if (!draft.address) return 'field-address';
  if (!draft.building && !draft.text) return 'choice';
  if (!draft.text) return 'field-text';
  return draft.category ? 'register' : 'field-category';
}
