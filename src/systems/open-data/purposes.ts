import type { PurposeRegister } from '#platform/personal-data/purposes.ts';

/** The portal's pages for people ask nothing about anybody: they search and filter public data. */
export const purposeRegister: PurposeRegister = {
  purposes: [],
  fields: {},
  impersonal: [
    ...['q', 'sql', 'state', 'unit', '{`c${n + 1}`}', '{`o${n + 1}`}', '{`v${n + 1}`}'],
    // Two versions that are compared.
    ...['from', 'to'],
    // Of a chart, a join and a table that is grouped.
    ...['x', 'y', 'measure', 'step', 'on_left', 'on_right', 'column', 'group', 'of', 'limit', 'tables'],
  ],
};
