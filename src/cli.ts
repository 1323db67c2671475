import { type Command, UsageError } from './cli/command.ts';

/** Every file of cli/ is a command; only the one that is called is loaded. */
const files = import.meta.glob<Command>(['./cli/*.ts', '!./cli/command.ts', '!./cli/*.test.ts'], {
  import: 'command',
});
const commands = new Map(
  Object.entries(files).map(([path, load]) => [path.slice('./cli/'.length, -'.ts'.length), load]),
);

async function help(): Promise<string> {
  const lines = ['misto COMMAND', ''];
  for (const [name, load] of commands) {
    const { usage, summary } = await load();
    lines.push(`  misto ${name} ${usage}`.trimEnd(), `      ${summary}`);
  }
  return [...lines, '', 'Settings are the environment variables of the server: docs/operations.md'].join(
    '\n',
  );
}

const [name, ...args] = process.argv.slice(2);
const load = commands.get(name ?? '');
try {
  if (!load) {
    const asked = name === '--help' || name === 'help' || name === undefined;
    if (asked) console.log(await help());
    else console.error(`misto: there is no command ${name}\n\n${await help()}`);
    process.exitCode = asked ? 0 : 2;
  } else {
    const command: Command = await load();
    if (args.includes('--help')) console.log(`misto ${name} ${command.usage}\n\n${command.summary}`);
    else await command.run(args).catch(showUsage);

    function showUsage(error: unknown): void {
      if (!(error instanceof UsageError)) throw error;
      console.error(`misto: ${error.message}\n\nmisto ${name} ${command.usage}`.trimEnd());
      process.exitCode = 2;
    }
  }
} catch (error) {
  // Commands fail with sentences for people; the stack is for whoever asks for it.
  console.error(`misto: ${(error as Error).message}`);
  if (process.env.MISTO_TRACE) console.error(error);
  process.exitCode = 1;
}
