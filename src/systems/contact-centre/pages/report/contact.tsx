import type { FieldFault } from '#platform/errors.ts';
import type { Platform } from '#platform/system.ts';
import { Actions, Button, Form, Radios, TextInput } from '#ui/index.ts';
import type { DraftData } from '../draft.ts';
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
    return draw(journey, {
      how: known?.how ?? '',
      name: known?.name ?? '',
      phone: known?.phone ?? '',
      email: known?.email ?? '',
      visibility: known?.private ? 'private' : 'public',
    });
  });

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
    };
    return goOn(journey, { contact });
  });

async function draw(
  journey: Journey,
  typed: Readonly<Record<string, string>>,
  faults: readonly FieldFault[] = [],
): Promise<Response> {
  const { words, draft } = journey;
  return show(
    journey,
    'contact',
    words.contact.ask,
    <>
      <h1>{words.contact.ask}</h1>
      <p class="lead">{words.contact.lead}</p>
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
