import type { PurposeRegister } from '#platform/personal-data/purposes.ts';

/** The portal's pages for people ask nothing about anybody: they search and filter public data. */
export const purposeRegister: PurposeRegister = {
  purposes: [],
  fields: {},
  impersonal: ['q', 'sql', 'state', 'unit', '{`c${n + 1}`}', '{`o${n + 1}`}', '{`v${n + 1}`}'],
};
