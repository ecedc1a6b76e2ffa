import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { RingKey } from '../../shared/crypto/key-ring.ts';
import { startAzurite } from '../azurite.ts';
import { type FunctionsHost, startFunctionsHost } from '../host/functions-host.ts';
import { startTlsFront, type TlsFront } from '../tls/tls-front.ts';
import { type BrokerClient, createBrokerClient, toAddress } from './client.ts';
import type { Customer } from './customers.ts';
import type { Microsoft } from './microsoft.ts';
import { onboardCustomers } from './onboard-customers.ts';
import { isLively, type Outside, openOutside } from './outside.ts';
import { OPERATORS, operatorIdOf, type Partner, type ToolName } from './partner.ts';
import { type Snapshot, takeSnapshot } from './persist/snapshot.ts';
import { keepSnapshot, readSnapshot } from './persist/snapshot-file.ts';
import type { SandboxOptions } from './sandbox-options.ts';
import { LIVELY_SETTINGS, toBrokerSettings } from './settings.ts';

/** The folder with host.json and package.json. */
export const APP_ROOT = dirname(dirname(import.meta.dirname));

/**
 * A whole world on loopback: storage, Microsoft's services, customers, and the broker in a local
 * Functions host.
 */
export interface Sandbox {
  readonly url: string;
  readonly host: FunctionsHost;
  /** Where the broker is reached by TLS, and the authority to trust. */
  readonly tls: Pick<TlsFront, 'url' | 'authority'> | undefined;
  readonly microsoft: Microsoft;
  readonly partner: Partner;
  readonly customers: readonly Customer[];
  /** Everything is as a sandbox before has left it. */
  readonly isRestored: boolean;
  readonly settings: Readonly<Record<string, string>>;
  /** The key that seals what the broker keeps, as Key Vault holds it. */
  readonly ringKey: RingKey;
  /** The broker as one of the partner's tools sees it. */
  readonly connect: (tool: ToolName) => Promise<BrokerClient>;
  readonly stop: () => Promise<void>;
}

/** Starts a sandbox; everything that was started is stopped again when a part fails. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const step of stops.splice(0).reverse()) await step();
  };
  try {
    return await start(options, stops, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  options: SandboxOptions,
  stops: (() => Promise<void>)[],
  stop: () => Promise<void>,
): Promise<Sandbox> {
  const port = options.port ?? (await findFreePort());
  const { tlsPort, persist } = options;
  const snapshot = persist === undefined ? undefined : await readSnapshot(persist);
  const tls = tlsPort === undefined ? undefined : await startTlsFront(tlsPort, port);
  if (tls) stops.push(tls.stop);
  const publicBaseUrl = tls?.url ?? `http://127.0.0.1:${port}`;
  const running: { host?: FunctionsHost; isComplete?: true } = {};
  const outside = await openOutside(options, { publicBaseUrl, snapshot, stops, running });
  const { partner, microsoft } = outside;
  if (persist !== undefined) stops.push(keep(persist, outside, running).stop);
  const storage = options.storage ?? (await startStorage(persist, { snapshot, stops }));
  const settings = {
    ...toBrokerSettings({ partner, microsoft, storage, publicBaseUrl }),
    ...(isLively(options) && LIVELY_SETTINGS),
    CLIENT_CREDENTIAL: outside.credential,
    ...options.settings,
  };
  const host = await startFunctionsHost({
    ...{ appRoot: APP_ROOT, settings, port, timers: isLively(options) },
    ...(options.log && { log: options.log }),
  });
  stops.push(host.stop);
  running.host = host;
  const connect = (name: ToolName) =>
    createBrokerClient({ brokerUrl: host.url, ...toAddress(microsoft.url, partner, name) });
  await populate(options, { outside, snapshot, host, client: await connect('operator') });
  running.isComplete = true;
  const isRestored = snapshot !== undefined;
  return { ...outside, settings, url: host.url, tls, host, isRestored, connect, stop };
}

/** Lets the customers arrive who were not there before, and incidents come. */
async function populate(
  { onProgress, ...options }: SandboxOptions,
  {
    outside: { customers, life, ...outside },
    snapshot,
    host,
    client,
  }: {
    readonly outside: Outside;
    readonly snapshot: Snapshot | undefined;
    readonly host: FunctionsHost;
    readonly client: BrokerClient;
  },
): Promise<void> {
  if (!snapshot) await grantEverything(client, outside.partner);
  if (!isLively(options)) return;
  const arriving = customers.slice(snapshot?.customerCount ?? 0);
  await onboardCustomers(arriving, { ...outside, client, onProgress });
  await host.runFunction('syncIncidents');
  await host.drainQueues();
  life.start();
}

function keep(folder: string, outside: Outside, running: { readonly isComplete?: true }) {
  const { customers, credential } = outside;
  const take = () => takeSnapshot(outside, { customerCount: customers.length, credential });
  // Half of a start is kept by nobody: the next one begins anew.
  return keepSnapshot(folder, () => (running.isComplete ? take() : undefined));
}

/**
 * Storage that the stand-ins know nothing of would hold customers and keys that nobody has: it
 * begins anew.
 */
async function startStorage(
  persist: string | undefined,
  { snapshot, stops }: { snapshot: Snapshot | undefined; stops: (() => Promise<void>)[] },
): Promise<string> {
  const location = persist === undefined ? undefined : join(persist, 'storage');
  if (location !== undefined && !snapshot) await rm(location, { recursive: true, force: true });
  const azurite = await startAzurite(location === undefined ? {} : { location });
  stops.push(azurite.stop);
  return azurite.connectionString;
}

/**
 * Nothing is allowed by default: tools and people get their grants as an operator would give them.
 */
export async function grantEverything(client: BrokerClient, { tools }: Partner): Promise<void> {
  const people = Object.keys(OPERATORS).map((name) => [name, operatorIdOf(name)] as const);
  const callers = Object.entries(tools).map(([name, tool]) => [name, tool.clientId] as const);
  for (const [name, clientId] of [...callers, ...people]) {
    const everything = { id: 'everything', effect: 'allow', tenants: ['*'], resources: ['*'] };
    const status = await putPatiently(client, `/callers/${clientId}`, {
      display_name: name,
      client_secret: name === 'playbook',
      rules: [everything],
    });
    if (status >= 300) throw new Error(`The grants of ${name} were answered ${status}.`);
  }
}

const MAX_TRIES = 10;

/**
 * A broker that just started on a busy machine may answer 503 at first: tools try again, and so
 * does the sandbox.
 */
async function putPatiently(client: BrokerClient, path: string, body: unknown): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    const { status } = await client.call('PUT', path, body);
    if (status !== 503 || tries === MAX_TRIES) return status;
    await setTimeout(1000);
  }
}

/** A port of loopback that nobody listens on now. */
export async function findFreePort(): Promise<number> {
  const { createServer } = await import('node:net');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
