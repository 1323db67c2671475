/**
 * The query language of `package_search`, as far as CKAN's clients use it of Lucene's: words, `field:value`, phrases, wildcards,
 * ranges, AND OR NOT + -, nesting, escapes; boosts weigh, `~` is read and changes nothing.
 */
export type Query =
  | { readonly kind: 'all' }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Query[] }
  | { readonly kind: 'not'; readonly part: Query }
  /** `field` null: any field. */
  | { readonly kind: 'word'; readonly field: string | null; readonly text: string; readonly boost: number }
  | { readonly kind: 'phrase'; readonly field: string | null; readonly text: string; readonly boost: number }
  /** `*` and `?` stand for themselves; all else is meant as it is. */
  | { readonly kind: 'pattern'; readonly field: string | null; readonly pattern: readonly PatternPart[] }
  /** A limit of null is open. */
  | {
      readonly kind: 'range';
      readonly field: string;
      readonly from: string | null;
      readonly to: string | null;
      readonly withFrom: boolean;
      readonly withTo: boolean;
    };

export type PatternPart = string | { readonly any: 'one' | 'many' };

/** A query that cannot be understood. */
export class QuerySyntaxError extends Error {
  override name = 'QuerySyntaxError';
}

type Token =
  | { readonly kind: '(' | ')' | 'AND' | 'OR' | 'NOT' | '+' }
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'phrase'; readonly text: string }
  | { readonly kind: 'word'; readonly pattern: readonly PatternPart[]; readonly bare: string }
  | {
      readonly kind: 'range';
      readonly from: string;
      readonly to: string;
      readonly withFrom: boolean;
      readonly withTo: boolean;
    }
  | { readonly kind: 'boost'; readonly by: number };

/** Deeper queries are not asked by people or programs that mean well. */
const deepest = 50;
const mostTokens = 2_000;

/**
 * Reads a query; an empty one means everything.
 *
 * @param isField whether a name before a colon is a field; else the colon is part of a word.
 * @throws QuerySyntaxError
 */
export function parseQuery(text: string, isField: (name: string) => boolean): Query {
  const tokens = tokensOf(text, isField);
  if (tokens.length > mostTokens) throw new QuerySyntaxError('the query is too long');
  let at = 0;
  const peek = () => tokens[at];

  function disjunction(field: string | null, depth: number): Query {
    if (depth > deepest) throw new QuerySyntaxError('the query is nested too deeply');
    const parts = [conjunction(field, depth)];
    while (peek()?.kind === 'OR') {
      at += 1;
      parts.push(conjunction(field, depth));
    }
    return parts.length === 1 ? parts[0]! : { kind: 'or', parts };
  }

  function conjunction(field: string | null, depth: number): Query {
    const parts: Query[] = [];
    for (;;) {
      const token = peek();
      if (!token || token.kind === ')' || token.kind === 'OR') break;
      if (token.kind === 'AND') {
        if (parts.length === 0) throw new QuerySyntaxError('AND has nothing before it');
        at += 1;
        const next = peek();
        if (!next || next.kind === ')' || next.kind === 'OR' || next.kind === 'AND')
          throw new QuerySyntaxError('AND has nothing behind it');
        continue;
      }
      parts.push(clause(field, depth));
    }
    if (parts.length === 0) throw new QuerySyntaxError('a part of the query is empty');
    return parts.length === 1 ? parts[0]! : { kind: 'and', parts };
  }

  function clause(field: string | null, depth: number): Query {
    const token = tokens[at]!;
    at += 1;
    if (token.kind === 'NOT') {
      if (!peek()) throw new QuerySyntaxError('NOT has nothing behind it');
      return { kind: 'not', part: clause(field, depth + 1) };
    }
    if (token.kind === '+') {
      if (!peek()) throw new QuerySyntaxError('+ has nothing behind it');
      return clause(field, depth);
    }
    if (token.kind === 'field') {
      const next = peek();
      if (!next || next.kind === ')' || next.kind === 'AND' || next.kind === 'OR')
        throw new QuerySyntaxError(`${token.name}: has no value`);
      return clause(token.name, depth);
    }
    if (token.kind === '(') {
      const inner = disjunction(field, depth + 1);
      if (peek()?.kind !== ')') throw new QuerySyntaxError('a bracket is not closed');
      at += 1;
      boost();
      return inner;
    }
    if (token.kind === 'phrase') return { kind: 'phrase', field, text: token.text, boost: boost() };
    if (token.kind === 'range') {
      boost();
      if (field === null) throw new QuerySyntaxError('a range needs a field');
      return {
        kind: 'range',
        field,
        from: token.from === '*' ? null : token.from,
        to: token.to === '*' ? null : token.to,
        withFrom: token.withFrom,
        withTo: token.withTo,
      };
    }
    if (token.kind === 'word') {
      const by = boost();
      if (token.bare === '*' && (field === null || field === '*')) return { kind: 'all' };
      return token.pattern.some((part) => typeof part !== 'string')
        ? { kind: 'pattern', field, pattern: token.pattern }
        : { kind: 'word', field, text: token.pattern.join(''), boost: by };
    }
    throw new QuerySyntaxError(`unexpected ${token.kind}`);
  }

  function boost(): number {
    let by = 1;
    for (let token = peek(); token?.kind === 'boost'; token = peek()) {
      by = token.by;
      at += 1;
    }
    return by;
  }

  if (tokens.length === 0) return { kind: 'all' };
  const query = disjunction(null, 0);
  if (at < tokens.length) throw new QuerySyntaxError('a bracket is closed that was not opened');
  return query;
}

/** A text taken as words only, for what was never meant as a query. */
export function wordsQuery(text: string): Query {
  const words = text.split(/[\s()[\]{}"+!^~:&|]+/).filter(Boolean);
  if (words.length === 0) return { kind: 'all' };
  return { kind: 'and', parts: words.map((word) => ({ kind: 'word', field: null, text: word, boost: 1 })) };
}

/** The fields that a query names. */
export function fieldsOf(query: Query): Set<string> {
  const found = new Set<string>();
  const walk = (one: Query) => {
    if (one.kind === 'and' || one.kind === 'or') one.parts.forEach(walk);
    else if (one.kind === 'not') walk(one.part);
    else if ('field' in one && one.field !== null) found.add(one.field);
  };
  walk(query);
  return found;
}

function tokensOf(text: string, isField: (name: string) => boolean): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const rest = () => text.slice(at);
  while (at < text.length) {
    const char = text[at]!;
    if (/\s/.test(char)) at += 1;
    else if (char === '(' || char === ')') {
      tokens.push({ kind: char });
      at += 1;
    } else if (char === '+') {
      tokens.push({ kind: '+' });
      at += 1;
    } else if (char === '-' || char === '!') {
      tokens.push({ kind: 'NOT' });
      at += 1;
    } else if (text.startsWith('&&', at)) {
      tokens.push({ kind: 'AND' });
      at += 2;
    } else if (text.startsWith('||', at)) {
      tokens.push({ kind: 'OR' });
      at += 2;
    } else if (char === '"') at = phrase(at);
    else if (char === '[' || char === '{') at = range(at);
    else if (char === '^' || char === '~') {
      const amount = /^[\^~](\d+(?:\.\d+)?)?/.exec(rest())!;
      tokens.push({ kind: 'boost', by: char === '^' && amount[1] ? Number(amount[1]) : 1 });
      at += amount[0].length;
    } else at = word(at);
  }
  return tokens;

  function phrase(from: number): number {
    let said = '';
    for (let i = from + 1; i < text.length; i += 1) {
      if (text[i] === '\\' && i + 1 < text.length) said += text[++i];
      else if (text[i] === '"') {
        tokens.push({ kind: 'phrase', text: said });
        return i + 1;
      } else said += text[i];
    }
    throw new QuerySyntaxError('a quotation mark is not closed');
  }

  function range(from: number): number {
    const match = /^([[{])\s*("[^"]*"|\S+)\s+TO\s+("[^"]*"|[^\]}\s]+)\s*([\]}])/.exec(text.slice(from));
    if (!match) throw new QuerySyntaxError('a range reads [from TO to]');
    const plain = (limit: string) => limit.replace(/^"|"$/g, '').replaceAll(/\\(.)/g, '$1');
    tokens.push({
      kind: 'range',
      from: plain(match[2]!),
      to: plain(match[3]!),
      withFrom: match[1] === '[',
      withTo: match[4] === ']',
    });
    return from + match[0].length;
  }

  function word(from: number): number {
    const pattern: PatternPart[] = [];
    let bare = '';
    const say = (part: string) => {
      const last = pattern.at(-1);
      if (typeof last === 'string') pattern[pattern.length - 1] = last + part;
      else pattern.push(part);
    };
    let i = from;
    for (; i < text.length; i += 1) {
      const char = text[i]!;
      if (char === '\\' && i + 1 < text.length) {
        i += 1;
        say(text[i]!);
        bare += `\\${text[i]}`;
        continue;
      }
      if (/[\s()[\]{}"^~]/.test(char)) break;
      if (char === ':') {
        if (bare === '*' || isField(bare)) {
          tokens.push({ kind: 'field', name: bare });
          return i + 1;
        }
      }
      // Programs that write the + of an address into a body mean the gap between two clauses.
      if (char === '+' && isField(/^\+(\w+):/.exec(text.slice(i))?.[1] ?? '')) break;
      bare += char;
      if (char === '*' || char === '?') pattern.push({ any: char === '*' ? 'many' : 'one' });
      else say(char);
    }
    if (bare === 'AND' || bare === 'OR' || bare === 'NOT') tokens.push({ kind: bare });
    else tokens.push({ kind: 'word', pattern, bare });
    return i;
  }
}
