// Which room may import from which: none of the systems from another, platform and ui from no system, ui from no platform.
import { readdirSync, readFileSync } from 'node:fs';
import { join, normalize, relative } from 'node:path';

/** The room of a path below src: `platform`, `ui`, `systems/<name>`, or the top (main, cli, the list of systems). */
export function roomOf(path: string): string {
  const [first, second] = path.split('/');
  if (first === 'systems') return second?.includes('.') ? 'top' : `systems/${second}`;
  return first === 'platform' || first === 'ui' ? first : 'top';
}

export function mayImport(from: string, to: string): boolean {
  if (from === to || from === 'top') return true;
  if (from === 'ui') return false;
  if (from === 'platform') return to === 'ui';
  return to === 'platform' || to === 'ui';
}

const aliases: Record<string, string> = { '#platform/': 'platform/', '#ui/': 'ui/', '#systems/': 'systems/' };

function importsOf(file: string): string[] {
  const text = readFileSync(join('src', file), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].flatMap(([, target]) => {
    if (target!.startsWith('.')) return [normalize(join(file, '..', target!))];
    const alias = Object.keys(aliases).find((prefix) => target!.startsWith(prefix));
    return alias ? [aliases[alias] + target!.slice(alias.length)] : [];
  });
}

if (import.meta.main) {
  const files = readdirSync('src', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative('src', join(entry.parentPath, entry.name)));
  const faults = files.flatMap((file) =>
    importsOf(file)
      .filter((target) => !target.startsWith('..') && !mayImport(roomOf(file), roomOf(target)))
      .map((target) => `src/${file} must not import src/${target}`),
  );
  for (const fault of faults) console.error(fault);
  if (faults.length) process.exit(1);
}
