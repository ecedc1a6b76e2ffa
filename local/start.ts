import { parseArgs, styleText } from 'node:util';
import { CLIENT_CREDENTIALS, type ClientCredentialKind } from '../shared/config.ts';
import { announce } from './sandbox/announce.ts';
import { createHostPrinter } from './sandbox/host-printer.ts';
import { type Sandbox, startSandbox } from './sandbox/sandbox.ts';
import { describeTrust, saveAuthority } from './tls/trust.ts';

const BROKER_PORT = 7071;
const MICROSOFT_PORT = 7072;
const TLS_PORT = 7443;

/** Where the sandbox keeps what outlives it. */
const FOLDER = '.sandbox';

/**
 * `npm start`: the sandbox until Ctrl+C; `-- --persist` keeps its storage, `--credential` takes the broker's kind, `--tls` serves
 * TLS, too.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: String(BROKER_PORT) },
      'microsoft-port': { type: 'string', default: String(MICROSOFT_PORT) },
      credential: { type: 'string', default: 'secret' },
      tls: { type: 'boolean', default: false },
      'tls-port': { type: 'string', default: String(TLS_PORT) },
      persist: { type: 'boolean', default: false },
      quiet: { type: 'boolean', default: false },
    },
  });
  const sandbox = await startSandbox({
    port: Number(values.port),
    microsoftPort: Number(values['microsoft-port']),
    credential: parseKind(values.credential),
    log: createHostPrinter(values.quiet),
    ...(values.tls && { tlsPort: Number(values['tls-port']) }),
    ...(values.persist && { persist: FOLDER }),
  });
  process.stdout.write(announce(sandbox));
  process.stdout.write(await announceTls(sandbox));
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  process.stdout.write('\nStopping …\n');
  await sandbox.stop();
}

/** TLS with the line that says how to trust it; nothing without TLS. */
async function announceTls({ tls }: Sandbox): Promise<string> {
  if (!tls) return '';
  const file = await saveAuthority(tls.authority, FOLDER);
  const title = styleText('bold', `TLS: ${tls.url}`);
  return `\n${title}. Clients trust it when they are told to, for this sandbox only:\n\n${describeTrust(file)}\n\n`;
}

function parseKind(value: string): ClientCredentialKind {
  const kind = CLIENT_CREDENTIALS.find((known) => known === value);
  if (kind) return kind;
  throw new Error(`--credential must be one of ${CLIENT_CREDENTIALS.join(', ')}.`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
});

/** People get a sentence; whoever wants the stack sets DEBUG. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (process.env.DEBUG) return error.stack ?? error.message;
  if ('code' in error && error.code === 'EADDRINUSE') {
    return 'The port is in use, perhaps by another sandbox. Stop it, or: npm start -- --port 7081 --microsoft-port 7082';
  }
  return `The sandbox could not start: ${error.message}`;
}
