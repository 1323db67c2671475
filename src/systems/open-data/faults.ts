import { Refusal } from '#platform/errors.ts';

/** Texts by field; nested where the field is a list of records, such as `resources`, or tells more of another, such as `info`. */
export interface FieldFaults {
  [field: string]: readonly (string | FieldFaults)[] | FieldFaults;
}

/** Input that the catalogue does not take, with everything that is wrong with it, field by field. */
export class Faulty extends Refusal {
  readonly fields: FieldFaults;
  constructor(fields: FieldFaults) {
    super(409, 'invalid', summaryOf(fields), { fields });
    this.fields = fields;
  }
}

/** One field, one text. */
export function faulty(field: string, message: string): Faulty {
  return new Faulty({ [field]: [message] });
}

/** An act that this person may not do; `why` may be shown. */
export class Denied extends Refusal {
  readonly why: string | undefined;
  constructor(why?: string) {
    super(403, 'forbidden', why ? `not allowed: ${why}` : 'not allowed');
    this.why = why;
  }
}

/** Nothing there; `what` may be shown. */
export class Absent extends Refusal {
  readonly what: string | undefined;
  constructor(what?: string) {
    super(404, 'not-found', what ?? 'not found');
    this.what = what;
  }
}

/** Collects what is wrong with one record. */
export class Faults {
  readonly fields: Record<string, (string | FieldFaults)[]> = {};

  add(field: string, message: string | FieldFaults): void {
    this.fields[field] = [...(this.fields[field] ?? []), message];
  }

  get any(): boolean {
    return Object.keys(this.fields).length > 0;
  }

  /** @throws Faulty when something was wrong. */
  refuse(): void {
    if (this.any) throw new Faulty(this.fields);
  }
}

function summaryOf(fields: FieldFaults): string {
  return Object.entries(fields)
    .map(
      ([field, texts]) =>
        `${field}: ${Array.isArray(texts) ? texts.filter((text) => typeof text === 'string').join(', ') : ''}`,
    )
    .join('; ');
}
