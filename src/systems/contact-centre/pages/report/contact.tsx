import type { Context } from 'hono';
import { type FieldFault, Refusal } from '#platform/errors.ts';
import { sendCode as sendLetter } from '#platform/identity/code-letter.ts';
import { checkCode, makeCode } from '#platform/identity/codes.ts';
import { type ContactKind, contactsOf, normaliseContact } from '#platform/identity/persons.ts';
import { mailerOf } from '#platform/notify/kept.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { Actions, Button, Form, Radios, TextInput } from '#ui/index.ts';
import { type DraftData, keepDraft } from '../draft.ts';
import { fields } from '../kit.tsx';
import { formOf, goOn, type Journey, show, withDraft } from './journey.tsx';

/** A Ukrainian or foreign number as it is dialled from anywhere; null when it cannot be one. */
export function phoneOf(typed: string): string | null {
  const digits = typed.replaceAll(/\D/g, '');
  if (/^0\d{9}$/.test(digits)) return `+38${digits}`;
  if (/^380\d{9}$/.test(digits)) return `+${digits}`;
  return typed.trim().startsWith('+') && /^[1-9]\d{7,14}$/.test(digits) ? `+${digits}` : null;
}

/** Step 6: where answers go, and who may see the request. */
export const contactPage = (platform: Platform) =>
  withDraft(platform, 'contact', async (journey) => {
    const known = journey.draft.data.contact;
    if (!known) {
      const account = await accountOf(platform, journey);
      return draw(journey, account, [], Object.values(account).some(Boolean));
    }
    return draw(journey, {
      how: known.how,
      name: known.name ?? '',
      phone: known.phone ?? '',
      email: known.email ?? '',
      visibility: known.private ? 'private' : 'public',
    });
  });

/** What the account of the resident who is signed in knows, to begin with; the form stores nothing of it until it is sent. */
async function accountOf(platform: Platform, { c }: Journey): Promise<Record<string, string>> {
  const { actor, session } = c.var.visit;
  const { id } = actor;
  if (actor.kind !== 'person' || id === null || session?.personId !== id) return {};
  const contacts = await platform.work(actor, (work) => contactsOf(work, work.secrets, id));
  const of = (wanted: ContactKind) => contacts.find(({ kind }) => kind === wanted)?.value ?? '';
  const email = of('email');
  const phone = phoneOf(`+${of('phone')}`) ?? '';
  return { how: email ? 'email' : phone ? 'phone' : '', email, phone, name: session.personName };
}

export const contactAnswer = (platform: Platform) =>
  withDraft(platform, 'contact', async (journey) => {
    const { words } = journey;
    const typed = await fields(journey.c);
    const faults: FieldFault[] = [];
    const phone = typed.how === 'phone' ? phoneOf(typed.phone ?? '') : null;
    const email = typed.how === 'email' ? (typed.email ?? '').slice(0, 254) : '';
    if (!['none', 'phone', 'email'].includes(typed.how ?? ''))
      faults.push({ field: 'how', message: words.contact.chooseHow });
    if (typed.how === 'phone' && !phone) faults.push({ field: 'phone', message: words.contact.wrongPhone });
    if (typed.how === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@.]{2,}$/.test(email))
      faults.push({ field: 'email', message: words.contact.wrongEmail });
    if (faults.length > 0) return draw(journey, typed, faults);
    const name = (typed.name ?? '').slice(0, 200);
    const contact: NonNullable<DraftData['contact']> = {
      how: typed.how as 'none' | 'phone' | 'email',
      private: typed.visibility === 'private',
      ...(name ? { name } : {}),
      ...(phone ? { phone } : {}),
      ...(email ? { email } : {}),
      ...(journey.c.var.visit.actor.id ? { person: journey.c.var.visit.actor.id } : {}),
    };
    const known = journey.draft.data.contact;
    if (!email || (known?.confirmed && known.email === email))
      return goOn(journey, { contact: { ...contact, ...(email ? { confirmed: true } : {}) } });
    if (await isOwnEmail(platform, journey.c, email))
      return goOn(journey, { contact: { ...contact, confirmed: true } });
    return sendCode(platform, journey, contact, typed);
  });

/** An address that the account has confirmed needs no second code. */
export async function isOwnEmail(platform: Platform, c: Context<MistoEnv>, email: string): Promise<boolean> {
  const { actor } = c.var.visit;
  if (actor.kind !== 'person' || !actor.id) return false;
  const id = actor.id;
  const contacts = await platform.work(actor, (work) => contactsOf(work, work.secrets, id));
  return contacts.some(({ kind, value }) => kind === 'email' && value === normaliseContact('email', email));
}

/** Letters go to an address only once its owner has shown the code from it; without mail there is nothing to wait for. */
async function sendCode(
  platform: Platform,
  journey: Journey,
  contact: NonNullable<DraftData['contact']>,
  typed: Readonly<Record<string, string>>,
): Promise<Response> {
  const { words, at, c, draft } = journey;
  const mailer = mailerOf(platform);
  if (!mailer) return goOn(journey, { contact });
  try {
    const made = await platform.work(
      c.var.visit.actor,
      (work) => makeCode(work, work.secrets, contact.email!),
      { requestId: c.var.visit.requestId },
    );
    const outcome = await sendLetter(platform, mailer, made, {
      subject: words.contact.codeSubject(made.code),
      text: words.contact.codeBody(made.code),
    });
    if (outcome !== 'sent')
      return draw(journey, typed, [{ field: 'email', message: words.contact.codeNotSent }]);
    await keepDraft(platform.db, draft, { contact: { ...contact, codeId: made.id } }, platform.clock.now());
  } catch (error) {
    if (!(error instanceof Refusal && error.status === 429)) throw error;
    return draw(journey, typed, [{ field: 'email', message: words.contact.codeTooMany }]);
  }
  return c.redirect(at.href('/report/contact/code'), 303);
}

/** The code from the letter; whoever cannot get it goes on without letters. */
export const codePage = (platform: Platform) =>
  withDraft(platform, 'contact', async (journey) => drawCode(journey));

export const codeAnswer = (platform: Platform) =>
  withDraft(platform, 'contact', async (journey) => {
    const { contact } = journey.draft.data;
    const typed = await fields(journey.c);
    if (!contact?.codeId || typed.skip) return goOn(journey, contact ? { contact } : {});
    const id = contact.codeId;
    const code = (typed.code ?? '').replaceAll(/\D/g, '').slice(0, 6);
    // The work commits whether the code was right or not: the try counts.
    const email = await platform.work(journey.c.var.visit.actor, (work) =>
      checkCode(work, work.secrets, { id, code }),
    );
    if (email !== normaliseContact('email', contact.email ?? ''))
      return drawCode(journey, [{ field: 'code', message: journey.words.contact.codeWrong }]);
    return goOn(journey, { contact: { ...contact, confirmed: true } });
  });

function drawCode(journey: Journey, faults: readonly FieldFault[] = []): Response {
  const { words, draft, at, c } = journey;
  const action = at.href('/report/contact/code');
  const csrf = c.var.visit.csrfToken();
  return show(
    journey,
    'contact',
    words.contact.codeAsk,
    <>
      <h1>{words.contact.codeAsk}</h1>
      <p class="lead">{words.contact.codeSent(draft.data.contact?.email ?? '')}</p>
      <Form action={action} csrf={csrf} faults={faults}>
        <TextInput name="code" label={words.contact.code} autocomplete="one-time-code" width="s" />
        <Actions>
          <Button>{words.next}</Button>
        </Actions>
      </Form>
      <Form action={action} csrf={csrf} hidden={{ skip: '1' }}>
        <Actions>
          <Button look="secondary">{words.contact.codeSkip}</Button>
        </Actions>
      </Form>
      <p>
        <a href={at.href('/report/contact')}>{words.contact.codeAnother}</a>
      </p>
    </>,
    faults,
  );
}

async function draw(
  journey: Journey,
  typed: Readonly<Record<string, string>>,
  faults: readonly FieldFault[] = [],
  fromAccount = false,
): Promise<Response> {
  const { words, draft } = journey;
  return show(
    journey,
    'contact',
    words.contact.ask,
    <>
      <h1>{words.contact.ask}</h1>
      <p class="lead">{words.contact.lead}</p>
      {fromAccount && <p>{words.contact.fromAccount}</p>}
      <Form {...formOf(journey, 'contact', faults)}>
        <Radios
          name="how"
          label={words.contact.how}
          options={[
            { value: 'phone', label: words.contact.phone },
            { value: 'email', label: words.contact.email },
            { value: 'none', label: words.contact.none },
          ]}
          value={typed.how ?? ''}
        />
        <TextInput
          name="phone"
          label={words.contact.phoneValue}
          type="tel"
          autocomplete="tel"
          width="m"
          required={false}
          value={typed.phone ?? ''}
        />
        <TextInput
          name="email"
          label={words.contact.emailValue}
          type="email"
          autocomplete="email"
          width="m"
          required={false}
          value={typed.email ?? ''}
        />
        <TextInput
          name="name"
          label={words.contact.name}
          autocomplete="name"
          required={false}
          value={typed.name ?? ''}
        />
        {!draft.data.join && (
          <Radios
            name="visibility"
            label={words.contact.visibility}
            options={[
              { value: 'public', label: words.contact.public },
              { value: 'private', label: words.contact.private },
            ]}
            value={typed.visibility ?? 'public'}
          />
        )}
        <Actions>
          <Button>{words.next}</Button>
        </Actions>
      </Form>
    </>,
    faults,
  );
}
