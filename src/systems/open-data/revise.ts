import type { Work } from '#platform/work.ts';
import { asText, isRecord } from './coercion.ts';
import { changeDataset, inputOf, lockDataset, type Served } from './datasets.ts';
import { Absent, faulty } from './faults.ts';
import { readWhole } from './served.ts';

type Tree = Record<string, unknown>;

/** A dataset after a revision, and how much of it the caller wants to see; null: all. */
export interface Revised extends Served {
  readonly include: ((whole: Tree) => Tree) | null;
}

/**
 * Changes parts of a dataset (`package_revise`): it must be as `match` says, then what `filter` names is taken out, then what `update`
 * names is put in. Parts are named by paths with `__` between: `update__resources__0__name`, `update__resources__1fb2a__upload`
 * (the beginning of an id, at least five letters), `update__resources__extend`.
 *
 * @throws Faulty `{match: [path]}` when the dataset is not as it was believed to be
 */
export async function reviseDataset(work: Work, sent: Readonly<Tree>): Promise<Revised> {
  const match = objectOf(sent.match, 'match');
  for (const [key, value] of Object.entries(sent))
    if (key.startsWith('match__')) match[key.slice('match__'.length)] = value;
  const which = asText(match.id) ?? asText(match.name);
  if (which === null) throw faulty('match__id', 'Missing value');
  const dataset = await lockDataset(work, which).catch((error: unknown) => {
    if (error instanceof Absent) throw faulty('match', asText(match.id) === null ? 'name' : 'id');
    throw error;
  });
  const before = (await readWhole(work.tx, [dataset.id]))[0]!;
  const tree: Tree = structuredClone(inputOf(before));
  for (const [path, value] of Object.entries(match)) mustMatch(tree, path, value);

  filter(tree, listOf(sent.filter));
  for (const [key, value] of Object.entries(objectOf(sent.update, 'update'))) put(tree, [key], value);
  const paths = Object.keys(sent)
    .filter((key) => key.startsWith('update__'))
    // What comes behind the others is there before it is changed by its number.
    .sort((a, b) => Number(b.endsWith('__extend')) - Number(a.endsWith('__extend')));
  for (const key of paths) put(tree, key.split('__').slice(1), parsed(sent[key]));
  const done = await changeDataset(work, before, { ...tree, id: dataset.id });
  const wanted = sent.include === undefined ? null : listOf(sent.include);
  return { ...done, include: wanted && included(wanted) };
}

function included(rules: readonly string[]): (whole: Tree) => Tree {
  return (whole) => {
    filter(whole, rules);
    return whole;
  };
}

function mustMatch(tree: Tree, path: string, value: unknown): void {
  const steps = path.split('__');
  let at: unknown = tree;
  for (const step of steps) at = child(at, step)?.value;
  if (!matches(at, parsed(value))) throw faulty('match', path);
}

/** Whether everything that is expected is there; what is not named does not matter. */
function matches(found: unknown, expected: unknown): boolean {
  if (Array.isArray(expected))
    return (
      Array.isArray(found) &&
      found.length === expected.length &&
      expected.every((one, at) => matches(found[at], one))
    );
  if (isRecord(expected))
    return isRecord(found) && Object.entries(expected).every(([key, one]) => matches(found[key], one));
  return found === expected || (asText(found) ?? '') === (asText(expected) ?? '');
}

/** `-resources__1` takes out, `+title` keeps in spite of what follows; `-*` takes out all the rest. The first that fits counts. */
function filter(tree: Tree, rules: readonly string[]): void {
  if (rules.length === 0) return;
  const parsedRules = rules.map((rule) => {
    if (!/^[+-]./.test(rule)) throw faulty('filter', `"${rule}" must begin with + or -`);
    return { keeps: rule.startsWith('+'), steps: rule.slice(1).split('__') };
  });
  prune(tree, []);

  function prune(node: unknown, path: readonly string[]): void {
    const keys = Array.isArray(node)
      ? node.map((_, at) => String(at))
      : isRecord(node)
        ? Object.keys(node)
        : [];
    const gone: string[] = [];
    for (const key of keys) {
      const value = (node as Tree)[key];
      const names = [key, ...(isRecord(value) && typeof value.id === 'string' ? [value.id] : [])];
      const here = [...path, names.join('\n')];
      const rule = parsedRules.find(({ steps }) => fits(steps, here));
      if (rule && !rule.keeps && !parsedRules.some((one) => one.keeps && isBelow(one.steps, here)))
        gone.push(key);
      else if (!rule?.keeps) prune(value, here);
    }
    if (Array.isArray(node)) for (const key of gone.reverse()) node.splice(Number(key), 1);
    else for (const key of gone) delete (node as Tree)[key];
  }
}

function fits(steps: readonly string[], path: readonly string[]): boolean {
  if (steps.at(-1) === '*') {
    if (path.length < steps.length) return false;
    return steps.slice(0, -1).every((step, at) => same(step, path[at]!));
  }
  return steps.length === path.length && steps.every((step, at) => same(step, path[at]!));
}

function isBelow(steps: readonly string[], path: readonly string[]): boolean {
  return steps.length > path.length && path.every((names, at) => same(steps[at]!, names));
}

/** A step names a key, a number, or the beginning of an id. */
function same(step: string, names: string): boolean {
  const [key, id] = names.split('\n');
  return step === '*' || step === key || (id !== undefined && step.length >= 5 && id.startsWith(step));
}

function put(tree: Tree, steps: readonly string[], value: unknown): void {
  let at: unknown = tree;
  for (const [n, step] of steps.entries()) {
    const isLast = n === steps.length - 1;
    if (step === 'extend' && Array.isArray(at)) {
      if (!Array.isArray(value)) throw faulty('update', 'extend needs a list');
      at.push(...value);
      return;
    }
    const found = child(at, step);
    if (isLast) {
      if (isRecord(at)) at[step] = value;
      else if (Array.isArray(at) && found) at[found.key as number] = value;
      else if (Array.isArray(at) && Number(step) === at.length) at.push(value);
      else throw faulty('update', steps.join('__'));
      return;
    }
    if (found) at = found.value;
    else if (isRecord(at)) {
      const next = /^\d+$|^extend$/.test(steps[n + 1]!) ? [] : {};
      at[step] = next;
      at = next;
    } else if (Array.isArray(at) && Number(step) === at.length) {
      const next: Tree = {};
      at.push(next);
      at = next;
    } else throw faulty('update', steps.join('__'));
  }
}

function child(at: unknown, step: string): { key: string | number; value: unknown } | null {
  if (isRecord(at)) return step in at ? { key: step, value: at[step] } : null;
  if (!Array.isArray(at)) return null;
  const n = /^-?\d{1,4}$/.test(step)
    ? Number(step) < 0
      ? at.length + Number(step)
      : Number(step)
    : at.findIndex(
        (one) => step.length >= 5 && isRecord(one) && typeof one.id === 'string' && one.id.startsWith(step),
      );
  return n >= 0 && n < at.length ? { key: n, value: at[n] } : null;
}

function objectOf(value: unknown, field: string): Tree {
  const given = parsed(value);
  if (given === undefined || given === null || given === '') return {};
  if (!isRecord(given)) throw faulty(field, 'Only lists and objects can be given');
  return { ...given };
}

function listOf(value: unknown): string[] {
  const given = parsed(value);
  if (given === undefined || given === null || given === '') return [];
  if (Array.isArray(given)) return given.map(String);
  return String(given)
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);
}

/** Forms send JSON as text. */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
