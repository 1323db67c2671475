/** One fault of the input. `message` says what to do, in the language of the person. */
export interface FieldFault {
  readonly field: string;
  readonly message: string;
}

/** A refusal that the person or program can act on. `code` is stable; `message` is for people. */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly status: number;
  readonly code: string;
  readonly detail: Readonly<Record<string, unknown>>;
  constructor(status: number, code: string, message: string, detail: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.detail = detail;
  }
}

/** Nothing there, or nothing that this actor may know of: both look the same. */
export class NotFound extends Refusal {
  constructor(what = 'resource') {
    super(404, 'not-found', `${what} not found`);
  }
}

/** The act is forbidden on something the actor may see. */
export class Forbidden extends Refusal {
  constructor(permission: string) {
    super(403, 'forbidden', `not allowed: ${permission}`, { permission });
  }
}

/** The input has faults; all of them at once. */
export class Invalid extends Refusal {
  readonly faults: readonly FieldFault[];
  constructor(faults: readonly FieldFault[]) {
    super(422, 'invalid', faults.map((fault) => `${fault.field}: ${fault.message}`).join('; '), { faults });
    this.faults = faults;
  }
}

/** The thing has changed meanwhile, or the move is not possible from its state. */
export class Conflict extends Refusal {
  constructor(code: string, message: string, detail: Readonly<Record<string, unknown>> = {}) {
    super(409, code, message, detail);
  }
}
