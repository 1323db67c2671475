import type { Text } from '../i18n/index.ts';
import type { Term } from './terms.ts';

/** A term of law as a city starts with it. */
export interface LegalTerm extends Term {
  readonly title: Text;
  readonly reference: string;
  /**
   * false: the value is our reading and waits for a lawyer of the city. A demo shows it; in production nothing that counts by
   * it opens before a named lawyer has confirmed it (docs/legal-terms.md).
   */
  readonly confirmed: boolean;
}

/** The terms of law that services of a city count by (platform.md §6.3). */
export const legalTerms = {
  'data-subject-examined': {
    title: { uk: 'Розгляд вимоги субʼєкта персональних даних', en: 'Examination of a data subject’s demand' },
    amount: 10,
    unit: 'working',
    reference: '2297-VI, ст. 16',
    confirmed: false,
  },
  'data-subject-met': {
    title: {
      uk: 'Задоволення вимоги субʼєкта персональних даних',
      en: 'Meeting of a data subject’s demand',
    },
    amount: 30,
    unit: 'calendar',
    reference: '2297-VI, ст. 16',
    confirmed: false,
  },
} as const satisfies Readonly<Record<string, LegalTerm>>;
