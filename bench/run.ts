// npm run bench [family …]: each promise of speed as a figure beside its limit, measured in one run on this machine.
// Ratios are measured in turn with what they are compared with; docs/benchmarks.md holds the last whole run.
import { figures, isKept, table } from './figures.ts';

const families: Readonly<Record<string, () => Promise<void>>> = {
  start: async () => (await import('./start.ts')).start(),
  pages: async () => (await import('./pages.ts')).pages(),
  database: async () => (await import('./database.ts')).database(),
  intake: async () => (await import('./intake.ts')).intake(),
  large: async () => (await import('./large.ts')).large(),
  catalogue: async () => (await import('./catalogue.ts')).catalogue(),
  datastore: async () => (await import('./datastore.ts')).datastore(),
};

const asked = process.argv.slice(2);
for (const name of asked)
  if (!families[name]) {
    console.error(`there is no family "${name}"; there are: ${Object.keys(families).join(', ')}`);
    process.exit(1);
  }
for (const name of asked.length ? asked : Object.keys(families)) {
  console.log(`— ${name}`);
  await families[name]!();
}
const broken = figures.filter((one) => !isKept(one));
console.log(`\n${table()}\n\n${figures.length - broken.length} promises kept, ${broken.length} broken`);
process.exitCode = broken.length ? 1 : 0;
