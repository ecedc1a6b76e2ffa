import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import type { ClientCredentialKind } from '../../shared/config.ts';
import type { RingKey } from '../../shared/crypto/key-ring.ts';
import { startAzurite } from '../azurite.ts';
import { createAdminBrowser } from '../entra/admin-browser.ts';
import { revokeConsent } from '../entra/directory/grants.ts';
import { injectFault } from '../entra/faults.ts';
import { type FunctionsHost, startFunctionsHost } from '../host/functions-host.ts';
import type { HostLogEntry } from '../host/host-log.ts';
import { startTlsFront, type TlsFront } from '../tls/tls-front.ts';
import { type BrokerClient, createBrokerClient, getCallerToken } from './client.ts';
import { createControl } from './control.ts';
import { equipClient } from './credential.ts';
import { addCustomers, type Customer, wasOnboarded } from './customers.ts';
import { createIncidentLife } from './incident-life.ts';
import { type Microsoft, startMicrosoft } from './microsoft.ts';
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
  const { tlsPort } = options;
  const tls = tlsPort === undefined ? undefined : await startTlsFront(tlsPort, port);
  if (tls) stops.push(tls.stop);
  const publicBaseUrl = tls?.url ?? `http://127.0.0.1:${port}`;
  const lively = options.lively ?? true;
  const partner = createPartner({ publicBaseUrl, writeRoles: options.writeRoles ?? lively });
  const customers = addCustomers(partner.directory);
  const running: { host?: FunctionsHost } = {};
  const parts = { partner, customers, stops, running };
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
    await onboardCustomers({ customers, partner, microsoft, client: operator });
    await host.runFunction('syncIncidents');
    await host.drainQueues();
    life.start();
  }
  const world = { microsoft, partner, customers, settings, ringKey };
  return { ...world, url: host.url, tls, host, connect, stop };
}

/** Microsoft's services with their switches, and what happens to customers' incidents by itself. */
async function openMicrosoft(
  { microsoftPort }: SandboxOptions,
  {
    partner,
    customers,
    stops,
    running,
  }: {
    partner: Partner;
    customers: readonly Customer[];
    stops: (() => Promise<void>)[];
    running: { host?: FunctionsHost };
  },
) {
  const control = createControl({
    partner,
    customers,
    runTimer: (name) =>
      running.host?.runFunction(name) ?? Promise.reject(new Error('The broker is not up yet.')),
    getToken: (name) => getCallerToken(toAddress(microsoft.url, partner, name)),
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
    const { status } = await client.call('PUT', `/callers/${clientId}`, {
      display_name: name,
      client_secret: name === 'playbook',
      rules: [everything],
    });
    if (status >= 300) throw new Error(`The grants of ${name} were answered ${status}.`);
  }
}

/** Brings the customers into their states by the broker's own ways: invitation, sign-in, consent. */
async function onboardCustomers({
  customers,
  partner,
  microsoft,
  client,
}: {
  customers: readonly Customer[];
  partner: Partner;
  microsoft: Microsoft;
  client: BrokerClient;
}): Promise<void> {
  for (const customer of customers.filter(wasOnboarded)) await onboard(client, customer);
  const { clientId } = partner.client;
  for (const { state, tenant } of customers) {
    const { tenantId } = tenant;
    if (state === 'consent revoked') {
      revokeConsent(partner.directory, { tenantId, clientId });
      await client.call('POST', `/tenants/${tenantId}/verify`);
    }
    if (state === 'slow roles')
      injectFault(partner.directory, { kind: 'role-lag', ms: 20_000, tenantId });
    if (state === 'throttled') {
      injectFault(partner.directory, { kind: 'throttle', retryAfterSeconds: 60, tenantId });
      microsoft.defender.faults.inject({ kind: 'throttled', retryAfterSeconds: 60, tenantId });
    }
    microsoft.incidents.createBurst(tenantId, {
      count: 12,
      from: Date.now() - DAY,
      to: Date.now(),
    });
  }
}

const DAY = 24 * 60 * 60_000;

/** Invites a customer and consents as its admin, without a browser; answers the last page's address. */
export async function onboard(
  client: BrokerClient,
  { tenant, name, admin }: Customer,
  options: { readonly flow?: 'adminconsent' | 'authorize' } = {},
): Promise<{ url: string; status: number; html: string }> {
  const { status, body } = await client.call('POST', '/invitations', {
    tenant: tenant.tenantId,
    note: name,
    ...options,
  });
  if (status !== 201) throw new Error(`The invitation of ${name} was answered ${status}.`);
  const browser = createAdminBrowser();
  await browser.open(body.consent_url);
  await browser.chooseAccount(admin);
  await browser.accept();
  return browser;
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
