import type { Text } from '../i18n/index.ts';
import type { Term } from './terms.ts';

/** A term of law as a city starts with it. */
export interface LegalTerm extends Term {
  readonly title: Text;
  readonly reference: string;
  /**
   * false: the value is our reading and waits for a lawyer of the city. A demo counts by it; in production no service that does
   * opens before a named lawyer has confirmed it (confirmations.ts, docs/legal-terms.md).
   */
  readonly confirmed: boolean;
}

const term = (
  title: Text,
  amount: number,
  unit: Term['unit'],
  reference: string,
  more: { confirmed?: false; end?: Term['end']; start?: Term['start'] } = {},
): LegalTerm => ({ title, amount, unit, reference, confirmed: true, ...more });
const waits = { confirmed: false } as const;

/** The terms of law that services of a city start with (platform.md §6.3), by code. */
export const legalTerms = {
  'procedure-deemed-delivery': term(
    {
      uk: 'Акт вважається врученим, якщо дату не зафіксовано',
      en: 'An act counts as delivered when no receipt is recorded',
    },
    5,
    'calendar',
    '2073-IX, ст. 42',
  ),
  'procedure-decision': term(
    { uk: 'Вирішення адміністративної справи', en: 'Decision of an administrative case' },
    30,
    'calendar',
    '2073-IX',
    waits,
  ),
  'procedure-decision-extension': term(
    { uk: 'Продовження вирішення справи', en: 'Extension of the decision' },
    15,
    'calendar',
    '2073-IX',
    waits,
  ),
  'procedure-without-movement': term(
    {
      uk: 'Повідомлення про залишення заяви без руху',
      en: 'Notice that an application is left without movement',
    },
    3,
    'working',
    '2073-IX',
    waits,
  ),
  'procedure-appeal': term(
    { uk: 'Адміністративне оскарження', en: 'Administrative appeal' },
    30,
    'calendar',
    '2073-IX',
    waits,
  ),
  'public-information': term(
    { uk: 'Відповідь на запит на інформацію', en: 'Answer to a request for information' },
    5,
    'working',
    '2939-VI, ст. 20',
  ),
  'public-information-urgent': term(
    {
      uk: 'Запит про життя, свободу, довкілля, харчі чи аварії',
      en: 'A request about life, liberty, environment, food or accidents',
    },
    48,
    'hours',
    '2939-VI, ст. 20',
  ),
  'public-information-large': term(
    {
      uk: 'Запит на великий обсяг (з повідомленням у перші 5 днів)',
      en: 'A request for much (with a notice in the first 5 days)',
    },
    20,
    'working',
    '2939-VI, ст. 20',
  ),
  'housing-arrival': term(
    { uk: 'Прибуття на виклик щодо житлової послуги', en: 'Arrival at a call about a housing service' },
    1,
    'calendar',
    '2189-VIII, ст. 27',
  ),
  'housing-claim': term(
    { uk: 'Відповідь на акт-претензію (мовчання: визнано)', en: 'Answer to a claim (silence: accepted)' },
    5,
    'working',
    '2189-VIII, ст. 27',
  ),
  'administrative-service': term(
    { uk: 'Надання адміністративної послуги', en: 'Administrative service' },
    30,
    'calendar',
    '5203-VI, ст. 10',
    waits,
  ),
  'data-subject-examined': term(
    { uk: 'Розгляд вимоги субʼєкта персональних даних', en: 'Examination of a data subject’s demand' },
    10,
    'working',
    '2297-VI, ст. 16',
    waits,
  ),
  'data-subject-met': term(
    { uk: 'Задоволення вимоги субʼєкта персональних даних', en: 'Meeting of a data subject’s demand' },
    30,
    'calendar',
    '2297-VI, ст. 16',
    waits,
  ),
} satisfies Readonly<Record<string, LegalTerm>>;

export type LegalTermCode = keyof typeof legalTerms;
