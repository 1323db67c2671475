import { hasSqlDetails, parse } from 'libpg-query';
import { mayCall, mayCast } from './sql-names.ts';

/** Why a query is not run; the words are those that clients of `datastore_search_sql` know. */
export class RefusedQuery extends Error {
  override name = 'RefusedQuery';
  readonly kind: 'statement' | 'syntax' | 'forbidden';
  constructor(kind: RefusedQuery['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

/** What a query wants: it only reads, calls only what computes, and names these tables of the DataStore. */
export interface ReadQuery {
  /** Ids and aliases as written, each once. */
  readonly tables: readonly string[];
  /** Whether it may walk through more than it shows: it groups, sorts, joins, or calls functions over sets. */
  readonly isHeavy: boolean;
}

/** In characters. */
export const longestQuery = 50_000;
/** Levels of nesting. */
const deepest = 200;

type Node = Readonly<Record<string, unknown>>;

/**
 * Reads a query by PostgreSQL's own grammar and lets it through when every part of it is on the list of what may be there.
 *
 * @param text one SELECT of SQL as PostgreSQL 18 reads it.
 * @throws RefusedQuery: `statement` for none or several statements, `syntax` where the grammar stops, `forbidden` for the rest.
 */
export async function guardQuery(text: string): Promise<ReadQuery> {
  if (text.length > longestQuery)
    throw new RefusedQuery('statement', `Query is longer than ${longestQuery} characters.`);
  if (text.includes('\0')) throw new RefusedQuery('syntax', 'syntax error at or near "\\0"');
  const statements = await statementsOf(text);
  const [first] = statements;
  if (statements.length !== 1 || !first)
    throw new RefusedQuery('statement', 'Query is not a single statement.');
  const select = first.SelectStmt;
  if (!isNode(select)) throw new RefusedQuery('forbidden', 'Not authorized to run anything but SELECT');
  const reading = new Reading();
  reading.select(select, noNames, 0);
  return { tables: [...reading.tables], isHeavy: reading.isHeavy };
}

async function statementsOf(text: string): Promise<Node[]> {
  if (!text.trim()) return [];
  try {
    const { stmts } = (await parse(text)) as { stmts?: { stmt?: Node }[] };
    return (stmts ?? []).flatMap(({ stmt }) => (stmt ? [stmt] : []));
  } catch (error) {
    // Nesting that overflows the parser's stack is no grammar's fault, and no query of a person.
    throw new RefusedQuery('syntax', hasSqlDetails(error) ? error.message : 'Query is nested too deeply.');
  }
}

/** Names of the common table expressions that are visible. */
type Names = ReadonlySet<string>;
const noNames: Names = new Set();

/** Parts of an expression or of a FROM list that only compute; whatever is not here is refused by its name. */
const plain = new Set([
  'A_ArrayExpr',
  'A_Const',
  'A_Indices',
  'A_Indirection',
  'A_Star',
  'BitString',
  'BoolExpr',
  'Boolean',
  'BooleanTest',
  'CaseExpr',
  'CaseWhen',
  'CoalesceExpr',
  'ColumnRef',
  'Float',
  'GroupingFunc',
  'GroupingSet',
  'Integer',
  'JoinExpr',
  'List',
  'MinMaxExpr',
  'NamedArgExpr',
  'NullTest',
  'RangeSubselect',
  'ResTarget',
  'RowExpr',
  'SetToDefault',
  'SortBy',
  'String',
  'TypeCast',
  'WindowDef',
]);
/** Parts that a SELECT alone may have, and that are looked at there. */
const selectOnly = new Set(['withClause', 'intoClause', 'lockingClause']);
const heavyParts = ['groupClause', 'sortClause', 'distinctClause', 'windowClause', 'havingClause'];

class Reading {
  readonly tables = new Set<string>();
  isHeavy = false;

  /** A SELECT, VALUES or TABLE, alone or as a side of UNION. */
  select(statement: Node, visible: Names, depth: number): void {
    deeper(depth);
    if (statement.intoClause) forbid('SELECT INTO');
    if (statement.lockingClause) forbid('row locks');
    const names = this.#expressions(statement.withClause, visible, depth);
    if (heavyParts.some((part) => statement[part])) this.isHeavy = true;
    for (const [field, value] of Object.entries(statement)) {
      if (selectOnly.has(field)) continue;
      if ((field === 'larg' || field === 'rarg') && isNode(value)) {
        this.isHeavy = true;
        this.select(value, names, depth + 1);
      } else this.#walk(value, names, depth + 1);
    }
  }

  /** WITH: each expression sees those before it, all of them when it is recursive. @returns what the query itself sees. */
  #expressions(clause: unknown, visible: Names, depth: number): Names {
    if (!isNode(clause)) return visible;
    this.isHeavy = true;
    const made = (clause.ctes as readonly Node[]).map((one) => one.CommonTableExpr as Node);
    let names: Names = clause.recursive
      ? new Set([...visible, ...made.map((one) => String(one.ctename))])
      : visible;
    for (const expression of made) {
      const inner = (expression.ctequery as Node).SelectStmt;
      if (!isNode(inner)) forbid('writing in WITH');
      this.select(inner, names, depth + 1);
      if (expression.search_clause) this.#walk(expression.search_clause, names, depth + 1);
      if (expression.cycle_clause) this.#walk(expression.cycle_clause, names, depth + 1);
      names = new Set([...names, String(expression.ctename)]);
    }
    return names;
  }

  #walk(value: unknown, names: Names, depth: number): void {
    deeper(depth);
    if (Array.isArray(value)) {
      for (const one of value) this.#walk(one, names, depth + 1);
      return;
    }
    if (!isNode(value)) return;
    for (const [key, inner] of Object.entries(value)) {
      // The tree names the kind of a node by a capital letter; a field that holds one kind only holds it bare.
      if (/^[A-Z]/.test(key)) this.#node(key, inner as Node, names, depth + 1);
      else if (key === 'typeName') this.#type(inner as Node, names, depth + 1);
      else if (selectOnly.has(key)) forbid(key);
      else this.#walk(inner, names, depth + 1);
    }
  }

  #node(kind: string, node: Node, names: Names, depth: number): void {
    switch (kind) {
      case 'SelectStmt':
        this.select(node, names, depth);
        return;
      case 'RangeVar':
        this.#table(node, names);
        return;
      case 'FuncCall':
        if (wordsOf(node.funcname).length > 1 && node.funcformat !== 'COERCE_SQL_SYNTAX')
          refuseCall(wordsOf(node.funcname).join('.'));
        if (!mayCall(wordsOf(node.funcname).at(-1)!)) refuseCall(wordsOf(node.funcname).at(-1)!);
        if (node.over || node.agg_order || node.agg_distinct) this.isHeavy = true;
        break;
      case 'RangeFunction':
      case 'SubLink':
      case 'JoinExpr':
        this.isHeavy = true;
        break;
      case 'A_Expr':
        if (wordsOf(node.name).length > 1) forbid('qualified operators');
        break;
      case 'CollateClause':
        if (wordsOf(node.collname).length > 1) forbid('qualified collations');
        break;
      case 'SQLValueFunction':
        if (
          !/^SVFOP_(CURRENT_DATE|CURRENT_TIME|CURRENT_TIMESTAMP|LOCALTIME|LOCALTIMESTAMP)(_N)?$/.test(
            String(node.op),
          )
        )
          refuseCall(String(node.op).replace('SVFOP_', '').toLowerCase());
        break;
      case 'TypeName':
        this.#type(node, names, depth);
        return;
      default:
        if (!plain.has(kind)) forbid(kind);
    }
    this.#walk(node, names, depth + 1);
  }

  #table(node: Node, names: Names): void {
    const schema = node.schemaname ?? node.catalogname;
    const name = String(node.relname);
    if (/^pg_/i.test(name) || (schema !== undefined && /^(pg_.*|information_schema)$/i.test(String(schema))))
      throw new RefusedQuery('forbidden', 'Not authorized to access system tables');
    if (schema !== undefined)
      throw new RefusedQuery('forbidden', `Not authorized to read ${String(schema)}.${name}`);
    if (!names.has(name)) this.tables.add(name);
  }

  #type(node: Node, names: Names, depth: number): void {
    const path = wordsOf(node.names);
    if (path.length > 1 && path[0] !== 'pg_catalog') forbid(`type ${path.join('.')}`);
    if (!mayCast(path.at(-1)!) || node.pct_type || node.setof) forbid(`type ${path.at(-1)}`);
    this.#walk(node.typmods ?? [], names, depth + 1);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A name in parts: `[{String: {sval}}]`. */
function wordsOf(name: unknown): string[] {
  return ((name ?? []) as { String?: { sval?: string } }[]).map((part) => part.String?.sval ?? '');
}

function deeper(depth: number): void {
  if (depth > deepest) throw new RefusedQuery('statement', 'Query is nested too deeply.');
}

function forbid(what: string): never {
  throw new RefusedQuery('forbidden', `Not authorized to use ${what}`);
}

function refuseCall(name: string): never {
  throw new RefusedQuery('forbidden', `Not authorized to call function ${name}`);
}
