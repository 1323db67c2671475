/**
 * The console's access keys: Alt and the letter (Alt+Shift in Firefox without scripts). None is a shortcut of a browser:
 * D goes to the address bar, E and F open menus of Chrome and Edge, B H S T V those of Firefox.
 */
export const keys = {
  phone: 'P',
  address: 'A',
  text: 'X',
  category: 'K',
  search: 'Q',
  look: 'L',
  register: 'R',
  join: 'J',
  reopen: 'O',
  consultation: 'C',
  competence: 'U',
  dropped: 'Y',
  finish: 'W',
  start: 'N',
  back: 'M',
} as const;

export type KeyName = keyof typeof keys;

export const reserved = ['D', 'E', 'F', 'B', 'H', 'S', 'T', 'V'] as const;
