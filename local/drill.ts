import { parseArgs } from 'node:util';
import { buildApp } from './build.ts';
import { formatDuration } from './demo/progress.ts';
import type { Drill } from './drill/drill.ts';
import { DRILLS } from './drill/drills.ts';
import { createWatcher, formatDrills, formatOutcomes } from './drill/report.ts';
import { runDrills } from './drill/run-drills.ts';
import { exitCodeOf, listenForTheEnd } from './terminal/end-signal.ts';

const HELP = `npm run drill                             plays every failure drill
npm run drill -- slow-entra vault-down    plays these
npm run drill -- --list                   lists them
npm run drill -- --help                   this text

Each drill has a world of its own: stand-ins for Microsoft, an account of an own Azurite, brokers in processes of
their own. Where minutes pass, the clocks of all of them are set; nobody waits. The exit code is 0 when every promise
held. DEBUG=1 shows where an error comes from.
`;

/** `npm run drill`. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  if (values.help) return print(HELP);
  if (values.list) return print(formatDrills(DRILLS));
  return await run(choose(positionals));
}

async function run(drills: readonly Drill[]): Promise<number> {
  const startedAt = performance.now();
  const screen = {
    write: (text: string) => process.stdout.write(text),
    isTty: process.stdout.isTTY,
  };
  const signal = listenForTheEnd();
  await buildApp();
  const outcomes = await runDrills(drills, createWatcher(screen, drills.length), signal);
  if (signal.aborted) {
    process.stderr.write('\nThe drills were stopped before their end.\n');
    return exitCodeOf(signal);
  }
  const failed = outcomes.filter(({ failure }) => failure !== undefined);
  const time = formatDuration(performance.now() - startedAt);
  print(
    `\n${formatOutcomes(outcomes)}\n${drills.length - failed.length} of ${drills.length} promises held, in ${time}.\n`,
  );
  return failed.length === 0 ? 0 : 1;
}

function choose(names: readonly string[]): readonly Drill[] {
  const unknown = names.filter((name) => !DRILLS.some((drill) => drill.name === name));
  if (unknown.length > 0) {
    throw new Error(`There is no drill ${unknown.join(', ')}. See npm run drill -- --list.`);
  }
  return names.length === 0 ? DRILLS : DRILLS.filter(({ name }) => names.includes(name));
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

// What a drill that failed has left under way fails for itself.
process.on('unhandledRejection', () => undefined);

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
