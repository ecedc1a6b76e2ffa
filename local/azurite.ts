import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { CLOCK_ARGS, setClockOf } from './clock.ts';

/** How to run Azurite; ports that are absent are free ones. */
interface AzuriteOptions {
  /** A folder that keeps the data; in memory without one. */
  readonly location?: string;
  /** Further storage accounts, each as empty as a new emulator: cheaper than one. */
  readonly accounts?: readonly string[];
  readonly ports?: { readonly blob?: number; readonly queue?: number; readonly table?: number };
  /** Its clock can be moved by `setClock`. */
  readonly clock?: boolean;
}

/** A running storage emulator on loopback. */
export interface Azurite {
  /** For the account `devstoreaccount1`, with explicit endpoints. */
  readonly connectionString: string;
  readonly blobUrl: string;
  readonly queueUrl: string;
  readonly tableUrl: string;
  /** For one of the further accounts. */
  readonly connectionStringOf: (account: string) => string;
  /** Sets the clock that many milliseconds off the real one, when the option `clock` is set. */
  readonly setClock: (offsetMs: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Starts the Azurite CLI and waits until its three services listen; it ends with this process. */
export async function startAzurite(options: AzuriteOptions = {}): Promise<Azurite> {
  const child = spawn(process.execPath, [...toNodeArgs(options), findEntry(), ...toArgs(options)], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // In a group of its own, Ctrl+C does not end it before what still writes to it.
    detached: true,
    env: { ...process.env, AZURITE_ACCOUNTS: toAccounts(options.accounts ?? []) },
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  try {
    const origins = await readOrigins(child);
    const connectionStringOf = (account: string) =>
      toConnectionString(toUrls(origins, account), account);
    const stop = () => end(child, options.location !== undefined);
    const connectionString = connectionStringOf(ACCOUNT);
    const setClock = (offsetMs: number) => setClockOf(child, offsetMs);
    return { ...toUrls(origins, ACCOUNT), connectionString, connectionStringOf, setClock, stop };
  } catch (error) {
    kill();
    throw error;
  }
}

// Azurite saves and ends on the message "shutdown". It gets it when this process closes the
// channel or is killed, so that no emulator outlives its owner.
const NODE_ARGS = [
  '--import',
  'data:text/javascript,process.once("disconnect",' +
    '()=>process.emit("message","shutdown")||process.exit())',
];
const STOP_TIMEOUT_MS = 5000;
const START_TIMEOUT_MS = 20_000;
// Azurite's documented account; it opens nothing but the emulator.
const ACCOUNT = 'devstoreaccount1';
const ACCOUNT_KEY =
  'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

const SHORT_KEY = 'c2FuZGJveA==';

function keyOf(account: string): string {
  return account === ACCOUNT ? ACCOUNT_KEY : SHORT_KEY;
}

function findEntry(): string {
  try {
    const file = createRequire(import.meta.url).resolve('azurite/package.json');
    const { bin }: { bin: { azurite: string } } = JSON.parse(readFileSync(file, 'utf8'));
    return join(dirname(file), bin.azurite);
  } catch (cause) {
    throw new Error('Azurite is not installed: run `npm install` with development dependencies.', {
      cause,
    });
  }
}

function toNodeArgs({ clock }: AzuriteOptions): readonly string[] {
  return clock ? [...NODE_ARGS, ...CLOCK_ARGS] : NODE_ARGS;
}

function toArgs({ location, ports }: AzuriteOptions): readonly string[] {
  const services = ['blob', 'queue', 'table'] as const;
  return [
    ...(location === undefined ? ['--inMemoryPersistence'] : ['--location', location]),
    ...['--silent', '--disableTelemetry', '--skipApiVersionCheck'],
    ...services.flatMap((service) => [
      ...[`--${service}Host`, '127.0.0.1'],
      ...[`--${service}Port`, String(ports?.[service] ?? 0)],
    ]),
  ];
}

/**
 * `name:key` pairs, in an environment variable whose size is limited: further accounts have a short
 * key.
 */
function toAccounts(names: readonly string[]): string {
  return [ACCOUNT, ...names].map((name) => `${name}:${keyOf(name)}`).join(';');
}

async function readOrigins(child: ChildProcess): Promise<Origins> {
  const { promise, resolve, reject } = Promise.withResolvers<Origins>();
  let output = '';
  const read = (chunk: Buffer) => {
    output += chunk;
    const origins = parseOrigins(output);
    if (origins) resolve(origins);
  };
  const fail = (reason: string) => reject(new Error(`Azurite ${reason}.\n${output}`));
  child.stdout?.on('data', read);
  child.stderr?.on('data', read);
  child.once('error', (error) => fail(`did not start: ${error.message}`));
  child.once('exit', (code) => fail(`ended with code ${code} before it listened`));
  const timer = setTimeout(() => fail('did not listen in time'), START_TIMEOUT_MS);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

interface Origins {
  readonly blob: string;
  readonly queue: string;
  readonly table: string;
}

interface Urls {
  readonly blobUrl: string;
  readonly queueUrl: string;
  readonly tableUrl: string;
}

function parseOrigins(output: string): Origins | undefined {
  const find = (service: string) =>
    new RegExp(`${service} service is successfully listening at (http://[^\\s]+)`).exec(
      output,
    )?.[1];
  const [blob, queue, table] = [find('Blob'), find('Queue'), find('Table')];
  if (!blob || !queue || !table) return undefined;
  return { blob, queue, table };
}

function toUrls({ blob, queue, table }: Origins, account: string): Urls {
  return {
    blobUrl: `${blob}/${account}`,
    queueUrl: `${queue}/${account}`,
    tableUrl: `${table}/${account}`,
  };
}

function toConnectionString({ blobUrl, queueUrl, tableUrl }: Urls, account: string): string {
  return [
    'DefaultEndpointsProtocol=http',
    `AccountName=${account}`,
    `AccountKey=${keyOf(account)}`,
    `BlobEndpoint=${blobUrl}`,
    `QueueEndpoint=${queueUrl}`,
    `TableEndpoint=${tableUrl};`,
  ].join(';');
}

async function end(child: ChildProcess, hasData: boolean): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  if (hasData && child.connected) child.disconnect();
  else child.kill('SIGKILL');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(timer);
}
