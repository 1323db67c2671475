import type { Context } from 'hono';
import type { ComponentChildren } from 'preact';
import type { FieldFault } from '#platform/errors.ts';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { BackLink, ErrorSummary, Steps } from '#ui/index.ts';
import type { Draft, DraftData } from '../draft.ts';
import { beginDraft, findDraft, keepDraft } from '../draft.ts';
import { type Here, here } from '../kit.tsx';
import { type ReportText, reportText } from './text.ts';

export const stepNames = ['place', 'nearby', 'category', 'questions', 'details', 'contact', 'check'] as const;
export type StepName = (typeof stepNames)[number];

/** One visit of one page of the journey. */
export interface Journey {
  readonly c: Context<MistoEnv>;
  readonly platform: Platform;
  readonly at: Here;
  readonly words: ReportText;
  readonly draft: Draft;
  /** The page was opened from «Перевірте відповіді»: it leads back there. */
  readonly changing: boolean;
}

export const pathOf = (step: StepName) => (step === 'place' ? '/report' : `/report/${step}`);

/**
 * A handler that has the draft at hand. Without one the journey begins at its first page; a draft that was sent shows its
 * receipt, whatever page is asked for.
 */
export function withDraft(
  platform: Platform,
  step: StepName,
  handle: (journey: Journey) => Promise<Response>,
) {
  return async (c: Context<MistoEnv>): Promise<Response> => {
    const at = here(c);
    const now = platform.clock.now();
    let draft = await findDraft(c, platform.db, now);
    if (draft?.receipt && step !== 'place') return c.redirect(at.href('/report/done'), 303);
    if (!draft || draft.receipt) {
      if (step !== 'place') return c.redirect(at.href('/report'), 303);
      draft = c.req.method === 'GET' ? unsaved : await beginDraft(c, platform.db, now);
    }
    draft = forVisitor(draft, c.var.visit.actor.id);
    const missing = firstMissing(draft.data, step);
    if (missing) return c.redirect(at.href(pathOf(missing)), 303);
    const changing = c.req.query('change') !== undefined;
    return handle({ c, platform, at, words: reportText(at.language), draft, changing });
  };
}

/** Looking at the first page stores nothing; the first answer does. */
const unsaved: Draft = { secret: '', hash: '', intakeKey: '', data: {}, receipt: null };

/** The draft is the browser's, but the contact that somebody gave when signed in is shown to nobody else who uses it. */
function forVisitor(draft: Draft, person: string | null): Draft {
  const { contact, ...rest } = draft.data;
  return contact?.person && contact.person !== person ? { ...draft, data: rest } : draft;
}

/** The first page before this one whose answer is missing. Who joins a request is only asked for a contact. */
function firstMissing(data: DraftData, step: StepName): StepName | null {
  const given: Record<StepName, boolean> = {
    place: data.place !== undefined,
    nearby: data.nearbySeen === true,
    category: data.category !== undefined || Boolean(data.join),
    questions: data.answered === true || Boolean(data.join),
    details: data.text !== undefined || Boolean(data.join),
    contact: data.contact !== undefined,
    check: true,
  };
  return stepNames.slice(0, stepNames.indexOf(step)).find((name) => !given[name]) ?? null;
}

/** Whether the page has nothing to ask this time. */
function isLeftOut(data: DraftData, step: StepName): boolean {
  if (step === 'nearby') return data.noNearby === true;
  if (step === 'questions') return data.noQuestions === true || Boolean(data.join);
  return Boolean(data.join) && (step === 'category' || step === 'details');
}

/** Stores the page's answers and goes on: to the first page without an answer, or to the check. */
export async function goOn(journey: Journey, part: DraftData): Promise<Response> {
  const { c, platform, at, draft } = journey;
  await keepDraft(platform.db, draft, part, platform.clock.now());
  const missing = firstMissing({ ...draft.data, ...part }, 'check') ?? 'check';
  return c.redirect(at.href(pathOf(missing)), 303);
}

/** One question on one page, with the way back and everything wrong with the answer on top. */
export function show(
  journey: Journey,
  step: StepName,
  title: string,
  body: ComponentChildren,
  faults: readonly FieldFault[] = [],
  status?: number,
): Response {
  const { at, words, c, changing, draft } = journey;
  const number = stepNames.indexOf(step);
  const before = stepNames.slice(0, number).findLast((name) => !isLeftOut(draft.data, name));
  const back = changing ? pathOf('check') : before ? pathOf(before) : '';
  return page(
    c,
    {
      title: `${title} – ${words.title}`,
      faults,
      ...(status ? { status } : {}),
      private: true,
      index: false,
      before: <BackLink href={at.href(back)} />,
    },
    <>
      <Steps steps={stepNames.map((name) => ({ title: words.steps[name] }))} current={number + 1} />
      <ErrorSummary faults={faults} />
      {body}
    </>,
  );
}

/** Where the form of a page is sent: to the page itself, remembering that it is a change and which category was found. */
export function actionOf(journey: Journey, step: StepName): string {
  const category = step === 'place' ? journey.c.req.query('category') : undefined;
  return journey.at.href(pathOf(step), { change: journey.changing ? '1' : undefined, category });
}

/** What every form of the journey carries. */
export function formOf(journey: Journey, step: StepName, faults: readonly FieldFault[] = []) {
  return { action: actionOf(journey, step), csrf: journey.c.var.visit.csrfToken(), faults };
}
