import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Context } from 'hono';
import { explain, localDate, startOfDay } from '#platform/calendar/index.ts';
import { Conflict, type FieldFault, NotFound, Refusal } from '#platform/errors.ts';
import { attempt, isUnreadable } from '#platform/http/forms.ts';
import { countedNetwork } from '#platform/http/limits.ts';
import { page } from '#platform/http/page.tsx';
import { checkCode, makeCode } from '#platform/identity/codes.ts';
import { normaliseContact } from '#platform/identity/persons.ts';
import { mailerOf } from '#platform/notify/kept.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { anonymous } from '#platform/work.ts';
import {
  Actions,
  BackLink,
  Button,
  Confirmation,
  Details,
  ErrorSummary,
  Form,
  LinkButton,
  Notice,
  PageHead,
  Radios,
  Section,
  Select,
  SummaryList,
  TextArea,
  TextInput,
} from '#ui/index.ts';
import {
  type AppealKind,
  appealCounts,
  appealKinds,
  letterOf,
  registerAppeal,
  sentAnswers,
} from '../appeals.ts';
import { readCity } from '../city.ts';
import { reachOf } from '../personal.ts';
import { sha256 } from '../requests.ts';
import { AnswerCode, jsonFile } from './answer-proof.tsx';
import { appealText } from './appeal-text.ts';
import { fields, here } from './kit.tsx';
import { answerOverLimit, OverLimit, overLimitOf } from './over-limit.tsx';
import { clocksOf, inLanguage, ownRequest } from './reads.ts';
import { isOwnEmail, phoneOf } from './report/contact.tsx';
import { reportText } from './report/text.ts';
import { shownNumber } from './text.ts';

type Typed = Readonly<Record<string, string>>;

/** What the pages hand on to each other; nothing about the person is stored before the appeal is sent. */
const asked = ['kind', 'about', 'essence', 'name', 'residence', 'email', 'phone', 'nameless'] as const;

/** `/contact-centre/appeal`: an appeal under Law 393/96-ВР. */
export const appeal = (platform: Platform) => (c: Context<MistoEnv>) => draw(platform, c, {});

/** From the questions to the check, back to change, and on to the receipt. */
export function appealAnswer(platform: Platform) {
  return async (c: Context<MistoEnv>): Promise<Response> => {
    const at = here(c);
    const words = appealText(at.language);
    const typed = await fields(c);
    const intake = /^[0-9a-f-]{36}$/.test(typed.intake ?? '') ? typed.intake! : randomUUID();
    const held = { ...typed, intake, ...(typed.do === 'nameless' ? { nameless: '1' } : {}) };
    if (typed.do === 'change') return draw(platform, c, held);
    const faults = await faultsOf(platform, held, words);
    if (faults.length > 0) return draw(platform, c, held, faults);
    if (typed.do === 'code') return answerCode(platform, c, held);
    if (typed.do !== 'send' && typed.do !== 'unproved') return drawCheck(platform, c, held);
    if (typed.do === 'send' && typed.email) {
      if (await isOwnEmail(platform, c, typed.email)) return send(platform, c, held, true);
      const asking = await askForCode(platform, c, held);
      if (asking) return asking;
    }
    return send(platform, c, held, false);
  };
}

/** A letter with a code, so that the answer goes to its owner; null where no letters go out: then it goes by post. */
async function askForCode(platform: Platform, c: Context<MistoEnv>, held: Typed): Promise<Response | null> {
  const words = reportText(here(c).language).contact;
  const mailer = mailerOf(platform);
  if (!mailer) return null;
  try {
    const made = await platform.work(
      c.var.visit.actor,
      (work) => makeCode(work, work.secrets, held.email ?? ''),
      { requestId: c.var.visit.requestId },
    );
    await mailer.send({
      to: made.to,
      subject: words.codeSubject(made.code),
      text: words.codeBody(made.code),
    });
    return drawCode(c, { ...held, codeId: made.id });
  } catch (error) {
    const tooMany = error instanceof Refusal && error.status === 429;
    return draw(platform, c, held, [
      { field: 'email', message: tooMany ? words.codeTooMany : words.codeNotSent },
    ]);
  }
}

async function answerCode(platform: Platform, c: Context<MistoEnv>, held: Typed): Promise<Response> {
  const code = (held.code ?? '').replaceAll(/\D/g, '').slice(0, 6);
  const id = /^[0-9a-f-]{36}$/.test(held.codeId ?? '') ? held.codeId! : '';
  // The work commits whether the code was right or not: the try counts.
  const email =
    id && (await platform.work(c.var.visit.actor, (work) => checkCode(work, work.secrets, { id, code })));
  const isRight = email && email === normaliseContact('email', held.email ?? '');
  // Pressed twice, the code is used up; the appeal that is there already has its receipt.
  if (!isRight && !(await isSent(platform, held.intake ?? '')))
    return drawCode(c, held, [{ field: 'code', message: reportText(here(c).language).contact.codeWrong }]);
  return send(platform, c, held, true);
}

async function isSent(platform: Platform, intake: string): Promise<boolean> {
  const { rows } = await platform.db.execute(
    sql`select 1 from cc_request where source = 'web' and intake_key = ${intake}`,
  );
  return rows.length > 0;
}

function drawCode(
  c: Context<MistoEnv>,
  held: Typed,
  faults: readonly FieldFault[] = [],
): Response | Promise<Response> {
  const at = here(c);
  const words = appealText(at.language);
  const code = reportText(at.language).contact;
  const hidden = {
    intake: held.intake,
    codeId: held.codeId,
    ...Object.fromEntries(asked.map((name) => [name, held[name] ?? ''])),
  };
  const form = { action: at.href('/appeal'), csrf: c.var.visit.csrfToken(), hidden };
  return page(
    c,
    { title: code.codeAsk, private: true, index: false, faults },
    <>
      <ErrorSummary faults={faults} />
      <h1>{code.codeAsk}</h1>
      <p class="lead">{code.codeSent(held.email ?? '')}</p>
      <Form {...form} faults={faults}>
        <TextInput name="code" label={code.code} autocomplete="one-time-code" width="s" />
        <Actions>
          <Button name="do" value="code">
            {words.send}
          </Button>
        </Actions>
      </Form>
      <Form {...form}>
        <p>{words.byPost}</p>
        <Actions>
          <Button look="secondary" name="do" value="unproved">
            {words.sendByPost}
          </Button>
          <Button look="secondary" name="do" value="change">
            {words.change}
          </Button>
        </Actions>
      </Form>
    </>,
  );
}

/** Registers it, with the address proved or not, and shows the receipt. */
async function send(
  platform: Platform,
  c: Context<MistoEnv>,
  held: Typed,
  confirmed: boolean,
): Promise<Response> {
  const at = here(c);
  const words = appealText(at.language);
  const typed = held;
  const { actor } = c.var.visit;
  try {
    const sent = await attempt(() =>
      platform.work(
        actor.kind === 'person' ? actor : anonymous,
        (work) =>
          registerAppeal(work, {
            source: 'web',
            intakeKey: typed.intake!,
            kind: typed.kind as AppealKind,
            essence: typed.essence ?? '',
            complainedAbout: typed.about || null,
            reporter: {
              person: actor.kind === 'person' ? actor.id : null,
              name: typed.name ?? null,
              residence: typed.residence ?? null,
              email: typed.email || null,
              confirmed,
              phone: phoneOf(typed.phone ?? ''),
              channel: 'web',
              language: at.language,
            },
            counted: { network: countedNetwork(c) },
            nameless: typed.nameless === '1',
          }),
        { requestId: c.var.visit.requestId },
      ),
    );
    if (!sent.done) return draw(platform, c, held, sent.faults);
    return c.redirect(at.href(`/appeal/done/${sent.result.followToken}`), 303);
  } catch (error) {
    const over = overLimitOf(error);
    if (over) return drawCheck(platform, c, held, over);
    if (!(error instanceof Conflict && error.code === 'intake-key')) throw error;
    return draw(platform, c, { ...held, intake: randomUUID() }, [
      { field: 'essence', message: words.sentBefore },
    ]);
  }
}

async function faultsOf(
  platform: Platform,
  typed: Typed,
  words: ReturnType<typeof appealText>,
): Promise<FieldFault[]> {
  const faults: FieldFault[] = [];
  const fault = (field: string, message: string) => faults.push({ field, message });
  const { name = '', residence = '', essence = '', email = '', phone = '' } = typed;
  if (!appealKinds.some((kind) => kind === typed.kind)) fault('kind', words.faults.kind);
  if (typed.about && !(await readCity(platform.db)).organisations.has(typed.about))
    fault('about', words.faults.about);
  const check = (field: 'essence' | 'name' | 'residence', value: string, least: number) => {
    if (!value) fault(field, words.faults.missing[field]);
    else if (isUnreadable(value)) fault(field, words.faults.unreadable);
    else if (value.length < least) fault(field, words.faults.short[field]);
  };
  check('essence', essence, 5);
  if ([...essence].length > 4_000) fault('essence', words.faults.long);
  if (typed.nameless !== '1') {
    check('name', name, 3);
    check('residence', residence, 3);
    if (!email && !phone) fault('email', words.faults.contact);
  }
  if (email && !/^[^\s@]+@[^\s@]+\.[^\s@.]{2,}$/.test(email)) fault('email', words.faults.email);
  if (phone && !phoneOf(phone)) fault('phone', words.faults.phone);
  return faults;
}

async function draw(
  platform: Platform,
  c: Context<MistoEnv>,
  typed: Typed,
  faults: readonly FieldFault[] = [],
): Promise<Response> {
  const at = here(c);
  const words = appealText(at.language);
  const now = platform.clock.now();
  const year = localDate(now).slice(0, 4);
  const [city, counts] = await Promise.all([
    readCity(platform.db),
    appealCounts(platform.db, startOfDay(`${year}-01-01`)),
  ]);
  const nameless = faults.some(({ field }) => field === 'name' || field === 'residence');
  const why = (
    <>
      <p>{words.anonymousWhy}</p>
      <p>
        <a href={at.href('/report')}>{words.asRequest}</a>
      </p>
    </>
  );
  return page(
    c,
    {
      title: words.title,
      description: words.lead,
      faults,
      private: faults.length > 0 || Boolean(typed.intake),
    },
    <>
      <ErrorSummary faults={faults} />
      <PageHead title={words.title} lead={words.lead} />
      {nameless ? (
        <Notice tone="warning" title={words.anonymous}>
          {why}
        </Notice>
      ) : (
        <Details summary={words.anonymous}>{why}</Details>
      )}
      <Form
        action={at.href('/appeal')}
        csrf={c.var.visit.csrfToken()}
        faults={faults}
        hidden={{ intake: typed.intake ?? randomUUID() }}
      >
        <Radios
          name="kind"
          label={words.what}
          options={appealKinds.map((kind) => ({
            value: kind,
            label: words.kinds[kind],
            hint: words.kindHints[kind],
          }))}
          value={typed.kind ?? ''}
        />
        <Select
          name="about"
          label={words.about}
          hint={words.aboutHint}
          required={false}
          empty={words.nobody}
          value={typed.about ?? ''}
          options={[...city.organisations.values()].map((one) => ({
            value: one.id,
            label: one.name[at.language],
          }))}
        />
        <TextArea
          name="essence"
          label={words.essence}
          hint={words.essenceHint}
          rows={8}
          maxlength={4_000}
          value={typed.essence ?? ''}
        />
        <h2>{words.who}</h2>
        <TextInput name="name" label={words.name} autocomplete="name" value={typed.name ?? ''} />
        <TextInput
          name="residence"
          label={words.residence}
          hint={words.residenceHint}
          autocomplete="street-address"
          value={typed.residence ?? ''}
        />
        <p class="hint">{words.contactHint}</p>
        <TextInput
          name="email"
          label={words.email}
          type="email"
          autocomplete="email"
          width="m"
          required={false}
          value={typed.email ?? ''}
        />
        <TextInput
          name="phone"
          label={words.phone}
          type="tel"
          autocomplete="tel"
          width="m"
          required={false}
          value={typed.phone ?? ''}
        />
        <Actions>
          <Button name="do" value="check">
            {words.next}
          </Button>
          {nameless && (
            <Button look="secondary" name="do" value="nameless">
              {words.sendNameless}
            </Button>
          )}
        </Actions>
      </Form>
      <Section title={words.counts.title(year)}>
        <p class="hint">{words.counts.why}</p>
        <SummaryList
          rows={(['received', 'answered', 'waiting', 'forwarded', 'returned'] as const).map((name) => ({
            name: words.counts[name],
            value: at.number(counts[name]),
          }))}
        />
      </Section>
    </>,
  );
}

async function drawCheck(
  platform: Platform,
  c: Context<MistoEnv>,
  typed: Typed,
  over?: Refusal,
): Promise<Response> {
  const at = here(c);
  const words = appealText(at.language);
  const city = await readCity(platform.db);
  const about = typed.about ? inLanguage(city.organisations.get(typed.about)?.name, at.language) : '';
  return page(
    c,
    {
      title: words.check,
      private: true,
      index: false,
      ...(over ? { status: answerOverLimit(c, over) } : {}),
    },
    <>
      <h1>{words.check}</h1>
      {typed.nameless && (
        <Notice tone="warning" title={words.anonymous}>
          <p>{words.namelessEnd}</p>
        </Notice>
      )}
      {over && <OverLimit platform={platform} at={at} refusal={over} phone={city.settings.phone} />}
      <SummaryList
        rows={[
          { name: words.what, value: words.kinds[typed.kind as AppealKind] },
          ...(about ? [{ name: words.about, value: about }] : []),
          {
            name: words.essence,
            value: (typed.essence ?? '')
              .split('\n')
              .map((line, index) => <p key={`${index} ${line}`}>{line}</p>),
          },
          ...(typed.name ? [{ name: words.name, value: typed.name }] : []),
          ...(typed.residence ? [{ name: words.residence, value: typed.residence }] : []),
          ...(typed.email ? [{ name: words.email, value: typed.email }] : []),
          ...(typed.phone ? [{ name: words.phone, value: typed.phone }] : []),
        ]}
      />
      <Form
        action={at.href('/appeal')}
        csrf={c.var.visit.csrfToken()}
        hidden={{
          intake: typed.intake,
          ...Object.fromEntries(asked.map((name) => [name, typed[name] ?? ''])),
        }}
      >
        <Actions>
          <Button name="do" value="send">
            {words.send}
          </Button>
          <Button look="secondary" name="do" value="change">
            {words.change}
          </Button>
        </Actions>
      </Form>
    </>,
  );
}

/** The appeal behind a follow link, and whose link it is. @throws NotFound for any other link. */
async function ofLink(platform: Platform, token: string): Promise<{ number: string; reporter: string }> {
  const { rows } = /^[\w-]{22}$/.test(token)
    ? await platform.db.execute<{ number: string; reporter: string }>(
        sql`select r.number, l.reporter from cc_link l join cc_request r on r.number = l.request
          where l.token_hash = ${sha256(token)} and l.kind = 'follow' and l.revoked_at is null and r.regime = 'statutory'`,
      )
    : { rows: [] };
  if (!rows[0]) throw new NotFound('link');
  return rows[0];
}

/** `/appeal/done/{token}`: number, date and how it was found, and the link of one's own. */
export function appealDone(platform: Platform) {
  return async (c: Context<MistoEnv>): Promise<Response> => {
    const at = here(c);
    const words = appealText(at.language);
    const token = c.req.param('token') ?? '';
    const { number } = await ofLink(platform, token);
    const [found, clocks] = await Promise.all([
      ownRequest(platform.db, at.language, number),
      clocksOf(platform.db, number),
    ]);
    const clock = clocks.find(({ kind }) => kind === 'statutory');
    const follow = at.href(`/follow/${token}`);
    return page(
      c,
      { title: words.receipt, private: true, index: false },
      <>
        <Confirmation title={words.receipt} label={words.number} number={shownNumber(number)} />
        {found?.closing === 'refused' && (
          <Notice tone="warning">
            <p>{words.namelessClosed}</p>
          </Notice>
        )}
        <SummaryList
          rows={[
            { name: words.by, value: found?.organisationName ?? words.council },
            ...(clock && !clock.stoppedAt ? [{ name: words.due, value: at.time(clock.due) }] : []),
          ]}
        />
        {clock && !clock.stoppedAt && (
          <Details summary={words.how}>
            <ul>
              {explain(at.language, clock.explanation as Parameters<typeof explain>[1]).map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </Details>
        )}
        <p>{words.study}</p>
        <Notice title={words.link}>
          <p>{words.linkHint}</p>
          <p>
            <a href={follow} class="break">
              {c.var.visit.origin}
              {follow}
            </a>
          </p>
        </Notice>
        <Actions>
          <LinkButton href={follow}>{words.open}</LinkButton>
        </Actions>
      </>,
    );
  };
}

/** `/follow/{token}/answer`: the written answer, fit to be printed. */
export function appealAnswers(platform: Platform) {
  return async (c: Context<MistoEnv>): Promise<Response> => {
    const at = here(c);
    const words = appealText(at.language);
    const token = c.req.param('token') ?? '';
    const { number, reporter } = await ofLink(platform, token);
    const { answers, reach } = await platform.work(c.var.visit.actor, async (work) => ({
      answers: await sentAnswers(work, number),
      reach: await reachOf(work, reporter),
    }));
    if (answers.length === 0) throw new NotFound('answer');
    const city = await readCity(platform.db);
    return page(
      c,
      {
        title: `${words.answerTitle} ${shownNumber(number)}`,
        private: true,
        index: false,
        before: <BackLink href={at.href(`/follow/${token}`)} />,
      },
      <>
        <PageHead title={words.answerTitle} kicker={<span class="mono">{shownNumber(number)}</span>} />
        {answers.toReversed().map((one) => (
          <Section key={one.no} title={`${words.answers} ${words.answerOf(at.date(one.sentAt))}`}>
            {reach?.name && (
              <p>
                {words.to}: {reach.name}
              </p>
            )}
            {one.answer.split('\n').map((line, index) => (
              <p key={`${index} ${line}`}>{line}</p>
            ))}
            <SummaryList
              rows={[
                { name: words.grounds, value: one.grounds },
                { name: words.howToAppeal, value: one.howToAppeal },
                {
                  name: words.signed,
                  value: [
                    one.signer,
                    inLanguage(city.known.organisations.get(one.organisation ?? '')?.name, at.language),
                  ]
                    .filter(Boolean)
                    .join(', '),
                },
              ]}
            />
            {one.entry && (
              <AnswerCode
                language={at.language}
                url={c.var.visit.origin + at.href(`/answers/${one.entry}`)}
                letter={at.href(`/follow/${token}/answer/${one.no}`)}
              />
            )}
          </Section>
        ))}
        <p class="hint">{words.print}</p>
      </>,
    );
  };
}

/** `/follow/{token}/answer/{no}`: the words of one answer, as they are compared with the audit log. */
export function appealLetter(platform: Platform) {
  return async (c: Context<MistoEnv>): Promise<Response> => {
    const { number } = await ofLink(platform, c.req.param('token') ?? '');
    const answers = await platform.work(c.var.visit.actor, (work) => sentAnswers(work, number));
    const one = answers.find(({ no }) => String(no) === c.req.param('no'));
    if (!one) throw new NotFound('answer');
    return jsonFile(JSON.stringify(letterOf(number, one)), `answer-${number}-${one.no}.json`);
  };
}
