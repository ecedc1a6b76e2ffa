import { createAzureClients } from '../../shared/azure/clients/clients.ts';
import { createTokenTable } from '../../shared/azure/records/token-table.ts';
import type { RingKey } from '../../shared/crypto/key-ring.ts';
import type { ResourceName } from '../../shared/resources/resources.ts';
import type { TokenRecord } from '../../shared/tokens/token-record.ts';
import { type FaultEffect, injectFault } from '../entra/faults.ts';
import type { Customer } from '../sandbox/customers.ts';
import type { Microsoft } from '../sandbox/microsoft.ts';
import { onboard } from '../sandbox/onboard-customers.ts';
import { openOutside } from '../sandbox/outside.ts';
import type { Partner } from '../sandbox/partner.ts';
import { findFreePort } from '../sandbox/sandbox.ts';
import type { SandboxEnvironment } from '../sandbox/scenario.ts';
import { SCENARIOS } from '../sandbox/scenarios.ts';
import { toBrokerSettings } from '../sandbox/settings.ts';
import type { Broker } from './broker.ts';
import { createBrokerFleet } from './fleet.ts';
import type { Storage } from './storage.ts';

/**
 * A world of its own for one drill: Microsoft's stand-ins, storage, brokers in processes, and one
 * clock for all.
 */
export interface DrillEnvironment {
  readonly microsoft: Microsoft;
  readonly partner: Partner;
  readonly storage: Storage;
  readonly settings: Readonly<Record<string, string>>;
  /** The key that seals what brokers keep and send. */
  readonly ringKey: RingKey;
  /** Entra's time, in epoch milliseconds. */
  readonly now: () => number;
  /** Starts a process of the broker, whose clock may be wrong by `skewMs`. */
  readonly startBroker: (options?: { readonly skewMs?: number }) => Promise<Broker>;
  /** A customer of the sandbox after its admin's consent, so with a token of `defender-xdr`. */
  readonly onboard: (broker: Broker, name: string) => Promise<Customer>;
  /** Lets time pass for everybody, at once: clocks are set, nobody waits. */
  readonly pass: (ms: number) => Promise<void>;
  /**
   * Lets something go wrong at Entra's token endpoint, for one customer or for all; `flip('calm')`
   * ends it.
   */
  readonly inject: (fault: FaultEffect & { readonly times?: number }, customer?: Customer) => void;
  /** Throws a switch of the sandbox. */
  readonly flip: (scenario: string, customer?: Customer) => Promise<void>;
  /** How often Entra was asked for tokens of a customer since the last `forgetRequests`. */
  readonly countRequests: (customer: Customer) => number;
  readonly forgetRequests: () => void;
  /** The row of a customer's token, with its lease. */
  readonly findRow: (
    customer: Customer,
    resource: ResourceName,
  ) => Promise<TokenRecord | undefined>;
  /** Ends every process of the environment. */
  readonly close: () => Promise<void>;
}

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;

/**
 * Tokens of the drill's own tools outlive every drill: a day is the longest that Entra can be told.
 */
const TOOL_TOKEN_SECONDS = 24 * 60 * 60;

/** Opens an environment on an account of a storage. */
export async function openEnvironment(storage: Storage): Promise<DrillEnvironment> {
  let offset = 0;
  await storage.setClock(offset);
  const now = () => Date.now() + offset;
  const port = await findFreePort();
  const publicBaseUrl = `http://127.0.0.1:${port}`;
  const stops: (() => Promise<void>)[] = [];
  const outside = await openOutside({ lively: false }, { publicBaseUrl, stops, now });
  const { partner, customers, microsoft, ringKey } = outside;
  keepToolTokens(partner);
  const account = storage.claimAccount();
  const settings = toBrokerSettings({ partner, microsoft, storage: account, publicBaseUrl });
  const fleet = createBrokerFleet({ settings, port, partner, entraUrl: microsoft.url });
  return {
    ...createEntraWords(outside),
    microsoft,
    partner,
    storage,
    settings,
    ringKey,
    now,
    findRow: createFindRow(account),
    startBroker: ({ skewMs = 0 } = {}) => fleet.start(skewMs),
    onboard: async (broker, name) => {
      const customer = customers.find((known) => known.name === name);
      if (!customer) throw new Error(`The sandbox has no customer ${name}.`);
      await onboard(broker, customer);
      return customer;
    },
    pass: async (ms) => {
      offset += ms;
      await storage.setClock(offset);
      await fleet.setClocks(offset);
    },
    close: async () => {
      await fleet.killAll();
      for (const stop of stops) await stop();
    },
  };
}

function createFindRow(connectionString: string): DrillEnvironment['findRow'] {
  const azure = createAzureClients({
    storage: { connectionString },
    keyVaultUrl: '',
    managedIdentityClientId: undefined,
  });
  const log = { info: ignore, warn: ignore, error: ignore, note: ignore };
  const tokens = createTokenTable(() => azure.table('tokens'), log);
  return async ({ tenant: { tenantId } }, resource) =>
    (await tokens.find({ tenantId, resource }))?.value;
}

function ignore(): void {
  // A drill reads rows that the broker has written just now: there is nothing to log.
}

function keepToolTokens({ directory }: Partner): void {
  const home = directory.tenants.get(directory.homeTenantId);
  if (home) home.accessTokenLifetimeSeconds = TOOL_TOKEN_SECONDS;
}

function createEntraWords(
  environment: SandboxEnvironment,
): Pick<DrillEnvironment, 'inject' | 'flip' | 'countRequests' | 'forgetRequests'> {
  const { directory, client } = environment.partner;
  const { entra } = environment.microsoft;
  return {
    inject: (fault, customer) => {
      injectFault(directory, { ...fault, ...(customer && { tenantId: customer.tenant.tenantId }) });
    },
    flip: async (scenario, customer) => {
      const tenantId = customer?.tenant.tenantId ?? '';
      const found = SCENARIOS[scenario];
      if (!found) throw new Error(`The sandbox has no switch ${scenario}.`);
      await found.apply(environment, { tenantId, clientId: client.clientId });
    },
    countRequests: ({ tenant }) =>
      entra.requests.filter(
        ({ tenant: asked, path }) => asked === tenant.tenantId && path.endsWith('/token'),
      ).length,
    forgetRequests: entra.resetRequests,
  };
}
