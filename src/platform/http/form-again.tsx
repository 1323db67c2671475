import type { Context } from 'hono';
import { localPath, messages } from '../i18n/index.ts';
import type { MistoEnv } from '../system.ts';
import { page } from './page.tsx';

/** Name of the hidden field that binds a form to its visitor. */
export const csrfField = '_csrf';
/** Hidden field of forms with the one-time submission id. */
export const submissionField = '_key';

const text = messages(
  {
    title: 'Підтвердьте надсилання',
    why: {
      stale:
        'Форма була відкрита задовго або в іншому сеансі, тому ми ще нічого не зберегли. Введене збережено нижче.',
      kept: 'Введене дочекалося вас. Перевірте й надішліть: ми ще нічого не зробили.',
    },
    files: 'Файли доведеться додати ще раз: поверніться до форми.',
    send: 'Надіслати',
    back: 'Повернутися до форми',
  },
  {
    en: {
      title: 'Confirm sending',
      why: {
        stale:
          'The form was opened long ago or in another session, so nothing is stored yet. What you typed is kept below.',
        kept: 'What you typed has waited for you. Check and send it: nothing is done yet.',
      },
      files: 'Files must be added again: go back to the form.',
      send: 'Send',
      back: 'Back to the form',
    },
  },
);

/** What was typed into a form. */
export interface Typed {
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly hasFiles: boolean;
}

const neverKept = /password|secret|code|token/i;

/** What may be kept of a form: no secrets, no files, and not our own fields. */
export function typedInto(form: FormData): Typed {
  const fields: [string, string][] = [];
  let hasFiles = false;
  for (const [name, value] of form) {
    if (typeof value !== 'string') hasFiles ||= value.size > 0;
    else if (name !== csrfField && name !== submissionField && !neverKept.test(name))
      fields.push([name, value]);
  }
  return { fields, hasFiles };
}

/** The same form once more with what was typed and a fresh token: nothing that was typed is lost. */
export function formAgain(
  c: Context<MistoEnv>,
  { fields, hasFiles }: Typed,
  options: { readonly why: 'stale' | 'kept'; readonly target: string; readonly status?: number },
): Response {
  const { visit } = c.var;
  const words = text(visit.language);
  const shown = fields.filter(([name, value]) => value.trim() && !name.startsWith('_') && name !== 'back');
  return page(c, { title: words.title, ...(options.status ? { status: options.status } : {}) }, [
    <h1>{words.title}</h1>,
    <p>{words.why[options.why]}</p>,
    hasFiles ? <p>{words.files}</p> : null,
    <ul>
      {shown.map(([, value]) => (
        <li>{value}</li>
      ))}
    </ul>,
    <form method="post" action={options.target}>
      <input type="hidden" name={csrfField} value={visit.csrfToken()} />
      <input type="hidden" name={submissionField} value={crypto.randomUUID()} />
      {fields.map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <button type="submit">{words.send}</button>
    </form>,
    <p>
      <a href={options.target}>{words.back}</a>
    </p>,
  ]);
}

/** Where the form of this request goes to. */
export function targetOf(c: Context<MistoEnv>): string {
  const { visit } = c.var;
  return localPath(visit.language, visit.path);
}
