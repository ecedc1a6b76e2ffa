import { buildApp } from './build.ts';
import { type Sandbox, startSandbox } from './sandbox/sandbox.ts';
import { formatBanner } from './terminal/banner.ts';
import { describeBusyPorts } from './terminal/busy-ports.ts';
import { exitCodeOf, listenForTheEnd, untilAborted } from './terminal/end-signal.ts';
import { createNames } from './terminal/names.ts';
import { createNarrator, type Narrate } from './terminal/narrator.ts';
import { printEntry, printSentence, type Screen } from './terminal/printer.ts';
import { createProgressLine } from './terminal/progress-line.ts';
import {
  formatHelp,
  parseStartOptions,
  type StartOptions,
  UsageError,
} from './terminal/start-options.ts';
import { describeTrust, saveAuthority } from './tls/trust.ts';

/** Where `--persist` keeps everything, and TLS its authority. */
const PERSIST_FOLDER = '.sandbox';

const screen: Screen = {
  write: (text) => process.stdout.write(text),
  width: Math.min(process.stdout.columns || 80, 100),
};

/** `npm start`: the sandbox until Ctrl+C. */
async function main(): Promise<void> {
  const options = parseStartOptions(process.argv.slice(2));
  if (options.help) {
    screen.write(formatHelp());
    return;
  }
  const busy = await describeBusyPorts(options);
  if (busy !== undefined) throw new UsageError(busy);
  const end = listenForTheEnd();
  const leave = () => process.exit(exitCodeOf(end));
  // Until all is up there is nothing to finish: Azurite ends with this process.
  end.addEventListener('abort', leave);
  const progress = createProgressLine(screen, process.stdout.isTTY);
  progress.show('Building the app …');
  await buildApp();
  progress.show('Starting storage, the stand-ins for Microsoft and the broker …');
  let narrate: Narrate | undefined;
  const sandbox = await startSandbox({
    ...toSandboxOptions(options),
    onProgress: (done, of) => progress.show(`Onboarding customers: ${done} of ${of} …`),
    onSwitch: (name, domain) =>
      printSentence(screen, {
        tone: 'plain',
        text: `Switch ${name}${domain ? `: ${domain}` : ''}.`,
      }),
    log: (entry) => {
      if (options.verbose) printEntry(screen, entry);
      const sentence = narrate?.(entry);
      if (sentence && !options.verbose) printSentence(screen, sentence);
    },
  });
  progress.clear();
  end.removeEventListener('abort', leave);
  const banner = `${formatBanner(sandbox)}${await describeTls(sandbox)}`;
  screen.write(banner);
  narrate = createNarrator({ names: createNames(sandbox.partner) });
  const stopListening = onEnter(() => screen.write(banner));
  await untilAborted(end);
  narrate = undefined;
  stopListening();
  screen.write('\nStopping …\n');
  await sandbox.stop();
}

function toSandboxOptions({ customers, persist, ...options }: StartOptions) {
  const { port, microsoftPort, tlsPort, credential } = options;
  return {
    port,
    microsoftPort,
    tlsPort,
    credential,
    customerCount: customers,
    ...(persist && { persist: PERSIST_FOLDER }),
  };
}

/** How to trust the sandbox's authority; nothing without TLS. */
async function describeTls({ tls }: Sandbox): Promise<string> {
  if (!tls) return '';
  const file = await saveAuthority(tls.authority, PERSIST_FOLDER);
  return `\n  Clients trust ${tls.url} when they are told to, here only:\n\n${describeTrust(file)}\n\n`;
}

/** On a terminal, Enter shows what has scrolled away. */
function onEnter(show: () => void): () => void {
  if (!process.stdin.isTTY) return () => undefined;
  process.stdin.on('data', show);
  return () => process.stdin.off('data', show).pause();
}

main().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
});

/** People get a sentence; whoever wants the stack sets DEBUG. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (process.env.DEBUG) return error.stack ?? error.message;
  if (error instanceof UsageError) return error.message;
  return `The sandbox could not start: ${error.message}`;
}
