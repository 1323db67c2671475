import { normalForm } from '../checks/normal-form.ts';
import type { ColumnFixes, ColumnType } from './types.ts';

/** One fix that a publisher accepted; `column` is a header, matched by its normal form. */
export type Fix =
  /** Which sheet of a workbook, which file of an archive is the table. */
  | { readonly do: 'sheet'; readonly name: string }
  | { readonly do: 'entry'; readonly name: string }
  | { readonly do: 'skip-rows'; readonly rows: number }
  | { readonly do: 'header-rows'; readonly rows: number }
  | { readonly do: 'footer'; readonly rows: number }
  | { readonly do: 'rename'; readonly column: string; readonly to: string }
  | { readonly do: 'drop'; readonly column: string }
  | { readonly do: 'type'; readonly column: string; readonly type: ColumnType }
  | { readonly do: 'decimal-mark'; readonly column: string; readonly mark: '.' | ',' }
  | { readonly do: 'date-pattern'; readonly column: string; readonly order: 'dmy' | 'mdy' }
  | { readonly do: 'nulls'; readonly column: string; readonly words: readonly string[] }
  | { readonly do: 'dictionary'; readonly column: string; readonly words: Readonly<Record<string, string>> }
  | { readonly do: 'split'; readonly column: string; readonly by: string; readonly into: readonly string[] }
  | { readonly do: 'swap-coordinates'; readonly lat: string; readonly lon: string }
  | {
      readonly do: 'not-personal';
      readonly column: string;
      readonly because: string;
      /** The officer who approved it; until then it has no effect. */
      readonly approvedBy: string | null;
    }
  | {
      /** Telephones and addresses of an institution, which it has to publish. */
      readonly do: 'official-contact';
      readonly column: string;
      /** The officer who confirmed it, once for the table; until then it has no effect. */
      readonly approvedBy: string | null;
    }
  | { readonly do: 'mask'; readonly column: string }
  | { readonly do: 'hash'; readonly column: string };

/** A remembered fix of a resource, applied to each next upload. */
export interface LoadRule {
  readonly id: string;
  readonly fix: Fix;
  /** Who accepted it: a post or a name fit to be shown. */
  readonly author: string;
  /** Their account. */
  readonly by?: string | null;
  readonly on: boolean;
  /** Why the officer did not approve it. */
  readonly refused?: string;
}

/** What became of a rule in a load; `matched` 0: it found nothing, which is shown. */
export interface RuleUse {
  readonly id: string;
  readonly fix: Fix;
  readonly matched: number;
}

/** The rules of one load, asked for by place, and how often each of them served. */
export class RuleBook {
  private readonly rules: readonly LoadRule[];
  private readonly uses = new Map<string, number>();

  constructor(rules: readonly LoadRule[]) {
    this.rules = rules.filter(({ on }) => on);
  }

  /** Whether there is a fix of one of these kinds. */
  has(...kinds: readonly Fix['do'][]): boolean {
    return this.rules.some(({ fix }) => kinds.includes(fix.do));
  }

  /** The last fix of a kind, for the whole table. */
  table<K extends Fix['do']>(kind: K): Extract<Fix, { do: K }> | null {
    const rule = this.rules.findLast(({ fix }) => fix.do === kind);
    if (rule) this.use(rule, 1);
    return (rule?.fix ?? null) as Extract<Fix, { do: K }> | null;
  }

  /** The last fix of a kind for a column, by its header. */
  column<K extends Fix['do']>(kind: K, header: string): Extract<Fix, { do: K }> | null {
    const rule = this.ruleOf(kind, header);
    if (rule) this.use(rule, 1);
    return (rule?.fix ?? null) as Extract<Fix, { do: K }> | null;
  }

  /** As `column`, without counting it as used. */
  peek<K extends Fix['do']>(kind: K, header: string): Extract<Fix, { do: K }> | null {
    return (this.ruleOf(kind, header)?.fix ?? null) as Extract<Fix, { do: K }> | null;
  }

  /** Every fix of a kind, each counted as used when `used` says so. */
  all<K extends Fix['do']>(
    kind: K,
    used: (fix: Extract<Fix, { do: K }>) => boolean,
  ): Extract<Fix, { do: K }>[] {
    return this.rules
      .filter(({ fix }) => fix.do === kind)
      .filter((rule) => {
        const matched = used(rule.fix as Extract<Fix, { do: K }>);
        if (matched) this.use(rule, 1);
        return matched;
      })
      .map(({ fix }) => fix as Extract<Fix, { do: K }>);
  }

  /** How the cells of a column become values, as far as rules say it. */
  fixesOf(header: string): ColumnFixes {
    const type = this.column('type', header);
    const mark = this.column('decimal-mark', header);
    const order = this.column('date-pattern', header);
    const nulls = this.column('nulls', header);
    return {
      ...(type && { type: type.type }),
      ...(mark && { mark: mark.mark }),
      ...(order && { order: order.order }),
      ...(nulls && { nulls: nulls.words }),
    };
  }

  report(): RuleUse[] {
    return this.rules.map(({ id, fix }) => ({ id, fix, matched: this.uses.get(id) ?? 0 }));
  }

  private ruleOf(kind: Fix['do'], header: string): LoadRule | undefined {
    const wanted = normalForm(header);
    return this.rules.findLast(
      ({ fix }) => fix.do === kind && 'column' in fix && normalForm(fix.column) === wanted,
    );
  }

  private use(rule: LoadRule, times: number): void {
    this.uses.set(rule.id, (this.uses.get(rule.id) ?? 0) + times);
  }
}
