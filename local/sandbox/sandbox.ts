import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { ClientCredentialKind } from '../../shared/config.ts';
import type { RingKey } from '../../shared/crypto/key-ring.ts';
import { startAzurite } from '../azurite.ts';
import { type FunctionsHost, startFunctionsHost } from '../host/functions-host.ts';
import type { HostLogEntry } from '../host/host-log.ts';
import { startTlsFront, type TlsFront } from '../tls/tls-front.ts';
import { type BrokerClient, createBrokerClient, getCallerToken } from './client.ts';
import { createControl } from './control/control.ts';
import { equipClient } from './credential.ts';
import { addCustomers, type Customer } from './customers.ts';
import { createIncidentLife } from './incident-life.ts';
import { type Microsoft, startMicrosoft } from './microsoft.ts';
import { onboardCustomers } from './onboard-customers.ts';
import { createPartner, OPERATORS, operatorIdOf, type Partner, type ToolName } from './partner.ts';
import { LIVELY_SETTINGS, toBrokerSettings } from './settings.ts';

/** The folder with host.json and package.json. */
export const APP_ROOT = dirname(dirname(import.meta.dirname));

/** Where and how a sandbox runs. */
export interface SandboxOptions {
  /** The broker's port; a free one when absent. */
  readonly port?: number;
  /** The port of the stand-ins; a free one when absent. */
  readonly microsoftPort?: number;
  /** Also serves TLS, on this port (0: a free one); the broker is then reached by `https://localhost`. */
  readonly tlsPort?: number | undefined;
  /** A running Azurite; an own one in memory when absent. */
  readonly storage?: string;
  /** The folder in which an own Azurite keeps its data. */
  readonly persist?: string;
  /** `false`: nothing runs by itself, and customers are not onboarded. */
  readonly lively?: boolean;
  /** Whether customers are asked for the roles that change incidents; as `lively` when absent. */
  readonly writeRoles?: boolean;
  /** How the broker proves itself to Entra; by a secret when absent. */
  readonly credential?: ClientCredentialKind;
  /** How many demo customers there are; the six of the documents when absent. */
  readonly customerCount?: number;
  /** Called when a switch was thrown, with its name and the customer's domain. */
  readonly onSwitch?: (scenario: string, domain: string | undefined) => void;
  /** Called while customers are onboarded. */
  readonly onProgress?: (done: number, of: number) => void;
  readonly settings?: Readonly<Record<string, string>>;
  readonly log?: (entry: HostLogEntry) => void;
}

/** A whole world on loopback: storage, Microsoft's services, customers, and the broker in a local Functions host. */
export interface Sandbox {
  readonly url: string;
  readonly host: FunctionsHost;
  /** Where the broker is reached by TLS, and the authority to trust. */
  readonly tls: Pick<TlsFront, 'url' | 'authority'> | undefined;
  readonly microsoft: Microsoft;
  readonly partner: Partner;
  readonly customers: readonly Customer[];
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
  const { tlsPort, customerCount, onProgress } = options;
  const tls = tlsPort === undefined ? undefined : await startTlsFront(tlsPort, port);
  if (tls) stops.push(tls.stop);
  const publicBaseUrl = tls?.url ?? `http://127.0.0.1:${port}`;
  const lively = options.lively ?? true;
  const partner = createPartner({ publicBaseUrl, writeRoles: options.writeRoles ?? lively });
  const customers = addCustomers(partner.directory, customerCount);
  const running: { host?: FunctionsHost } = {};
  const parts = { partner, customers, stops, running, brokerUrl: publicBaseUrl };
  const { microsoft, life } = await openMicrosoft(options, parts);
  const kind = options.credential ?? 'secret';
  equipClient({ partner, microsoft }, kind);
  const ringKey = addRingKey(microsoft);
  addReceiptKey(microsoft);
  const storage = options.storage ?? (await startStorage(options, stops));
  const settings = {
    ...toBrokerSettings({ partner, microsoft, storage, publicBaseUrl }),
    ...(lively && LIVELY_SETTINGS),
    CLIENT_CREDENTIAL: kind,
    ...options.settings,
  };
  const host = await startFunctionsHost({
    appRoot: APP_ROOT,
    settings,
    port,
    timers: lively,
    ...(options.log && { log: options.log }),
  });
  running.host = host;
  stops.push(host.stop);
  const connect = (name: ToolName) =>
    createBrokerClient({ brokerUrl: host.url, ...toAddress(microsoft.url, partner, name) });
  const operator = await connect('operator');
  await grantEverything(operator, partner);
  if (lively) {
    await onboardCustomers(customers, { partner, microsoft, client: operator, onProgress });
    await host.runFunction('syncIncidents');
    await host.drainQueues();
    life.start();
  }
  const world = { microsoft, partner, customers, settings, ringKey };
  return { ...world, url: host.url, tls, host, connect, stop };
}

/** Microsoft's services with their switches, and what happens to customers' incidents by itself. */
async function openMicrosoft(
  { microsoftPort, onSwitch }: SandboxOptions,
  {
    partner,
    customers,
    stops,
    running,
    brokerUrl,
  }: {
    partner: Partner;
    customers: readonly Customer[];
    stops: (() => Promise<void>)[];
    running: { host?: FunctionsHost };
    brokerUrl: string;
  },
) {
  const control = createControl({
    partner,
    customers,
    brokerUrl,
    runTimer: (name) =>
      running.host?.runFunction(name) ?? Promise.reject(new Error('The broker is not up yet.')),
    getToken: (name) => getCallerToken(toAddress(microsoft.url, partner, name)),
    ...(onSwitch && { onSwitch }),
    getMicrosoft: () => microsoft,
    getLife: () => life,
  });
  const microsoft: Microsoft = await startMicrosoft({
    directory: partner.directory,
    control,
    ...(microsoftPort !== undefined && { port: microsoftPort }),
  });
  const life = createIncidentLife({ incidents: microsoft.incidents, customers });
  stops.push(microsoft.stop, life.stop);
  return { microsoft, life };
}

/** Adds a first key of the ring, as the deployment makes one. */
export function addRingKey({ keyVault }: Microsoft): RingKey {
  const key = randomBytes(32);
  const kid = keyVault.setSecret('token-encryption-key', key.toString('base64url'));
  return { kid, key, createdAt: Date.now() };
}

/** The key that signs receipts, as the deployment makes one. */
function addReceiptKey({ keyVault }: Microsoft): void {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  keyVault.setSecret('receipt-signing-key', pem);
}

async function startStorage(
  { persist }: SandboxOptions,
  stops: (() => Promise<void>)[],
): Promise<string> {
  const azurite = await startAzurite(persist === undefined ? {} : { location: persist });
  stops.push(azurite.stop);
  return azurite.connectionString;
}

function toAddress(entraUrl: string, { directory, api, tools }: Partner, name: ToolName) {
  const audience = api.api?.identifiers[0] ?? '';
  return { entraUrl, homeTenantId: directory.homeTenantId, audience, tool: tools[name] };
}

/** Nothing is allowed by default: tools and people get their grants as an operator would give them. */
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

/** A broker that just started on a busy machine may answer 503 at first: tools try again, and so does the sandbox. */
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
