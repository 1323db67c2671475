import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { Actions, Button, ErrorSummary, Form, PageHead, Select, Table, TextInput } from '#ui/index.ts';
import { mustBeAble } from '../access/index.ts';
import type { FieldFault } from '../errors.ts';
import { readForm } from '../http/forms.ts';
import { needsStaff } from '../http/guard.ts';
import { page } from '../http/page.tsx';
import { formatDate, localPath, messages } from '../i18n/index.ts';
import type { MistoEnv, Platform } from '../system.ts';
import { confirmLaw, confirmTerm, termStates } from './confirmations.ts';
import { describeTerm } from './explain.ts';
import { type LegalTermCode, legalTerms } from './legal-terms.ts';

const text = messages(
  {
    title: 'Строки закону',
    lead: 'За якими строками місто рахує. Доки строк не підтверджено, у робочому режимі послуга за ним не відкривається.',
    term: 'Строк',
    value: 'Скільки',
    reference: 'Закон',
    state: 'Підтвердження',
    byLaw: 'дослівно із закону',
    waits: 'чекає на юриста міста',
    code: 'Який строк підтверджуєте',
    lawyer: 'Імʼя та посада юриста',
    document: 'Документ: висновок, дата й номер',
    confirm: 'Підтвердити строк',
    fill: 'Заповніть це поле',
  },
  {
    en: {
      title: 'Terms of law',
      lead: 'What the city counts by. While a term is not confirmed, no service that counts by it opens in production.',
      term: 'Term',
      value: 'How long',
      reference: 'Law',
      state: 'Confirmation',
      byLaw: 'in the words of the law',
      waits: 'waits for a lawyer of the city',
      code: 'Which term you confirm',
      lawyer: 'Name and post of the lawyer',
      document: 'Document: opinion, date and number',
      confirm: 'Confirm the term',
      fill: 'Fill in this field',
    },
  },
);

/** The lawyer's desk: every term of law with its value and whether it is confirmed. Mounted at `/desk/law`. */
export function lawPages(platform: Platform): Hono<MistoEnv> {
  const pages = new Hono<MistoEnv>();
  pages.use('*', needsStaff(), async (c, next) => {
    mustBeAble(c.var.visit.actor, confirmLaw);
    await next();
  });

  pages.get('/', (c) => listPage(c, [], {}));

  pages.post('/', async (c) => {
    const { visit } = c.var;
    const words = text(visit.language);
    const filled = z.string().min(1, words.fill).max(300, words.fill);
    const form = await readForm(
      c,
      z.object({
        code: z.string().refine((code) => code in legalTerms, words.fill),
        lawyer: filled,
        document: filled,
      }),
    );
    const { data } = form;
    if (!data) return listPage(c, form.faults, form.values);
    await platform.work(
      visit.actor,
      (work) => confirmTerm(work, { ...data, code: data.code as LegalTermCode }),
      { requestId: visit.requestId },
    );
    return c.redirect(localPath(visit.language, '/desk/law'), 303);
  });

  return pages;

  async function listPage(
    c: Context<MistoEnv>,
    faults: readonly FieldFault[],
    values: Readonly<Record<string, string>>,
  ) {
    const { visit } = c.var;
    const { language } = visit;
    const words = text(language);
    const states = await termStates(platform);
    const waiting = states.filter(({ confirmed }) => !confirmed);
    return page(c, { title: words.title, shell: 'desk', width: 'wide', faults }, [
      <ErrorSummary faults={faults} />,
      <PageHead title={words.title} lead={words.lead} />,
      <Table
        caption={words.title}
        quietCaption
        rows={states}
        rowKey={(row) => row.code}
        rowTone={(row) => (row.confirmed ? undefined : 'warning')}
        columns={[
          { key: 'term', title: words.term, header: true, cell: (row) => row.term.title[language] },
          { key: 'value', title: words.value, cell: (row) => describeTerm(language, row.term) },
          { key: 'reference', title: words.reference, cell: (row) => row.term.reference },
          {
            key: 'state',
            title: words.state,
            cell: (row) =>
              row.by
                ? `${row.by.lawyer}, ${row.by.document}, ${formatDate(language, row.by.at)}`
                : row.confirmed
                  ? words.byLaw
                  : words.waits,
          },
        ]}
      />,
      waiting.length > 0 ? (
        <Form
          action={localPath(language, '/desk/law')}
          csrf={visit.csrfToken()}
          idempotencyKey={crypto.randomUUID()}
          faults={faults}
        >
          <Select
            name="code"
            label={words.code}
            value={values.code}
            options={waiting.map(({ code, term }) => ({
              value: code,
              label: `${term.title[language]}: ${describeTerm(language, term)}`,
            }))}
          />
          <TextInput name="lawyer" label={words.lawyer} value={values.lawyer} />
          <TextInput name="document" label={words.document} value={values.document} />
          <Actions>
            <Button>{words.confirm}</Button>
          </Actions>
        </Form>
      ) : null,
    ]);
  }
}
