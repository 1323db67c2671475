/** The languages that the design system speaks. The same list as the platform's; `ui` knows nothing of the platform. */
export type Language = 'uk' | 'en';

/** What a colour means. The word beside it says the same: no meaning rests on colour alone. */
export type Tone = 'neutral' | 'info' | 'good' | 'warning' | 'danger';

/** One fault of a form; `field` is the name of the input that it belongs to. */
export interface Fault {
  readonly field: string;
  readonly message: string;
}

export interface Link {
  readonly title: string;
  readonly href: string;
}
