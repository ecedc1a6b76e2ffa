import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import * as v from 'valibot';
import { type AzureClients, createAzureClients } from '../../shared/azure/clients/clients.ts';
import type { OpenTable } from '../../shared/azure/tables/table-store.ts';

/** The outside of a broker, in another process so that it does not disturb what is measured. */
export interface TestEnvironment {
  /** The stand-ins' origin. */
  readonly url: string;
  /** Azurite's connection string. */
  readonly storage: string;
  /** App settings of a broker in this environment. */
  readonly settings: Readonly<Record<string, string>>;
  /** The first key of the ring: its version in Key Vault, and its bytes in base64url. */
  readonly ringKey: { readonly kid: string; readonly key: string };
  readonly clientId: string;
  readonly clientSecret: string;
  /** An access token of the partner's own tool for the broker. */
  readonly callerToken: string;
  /** The client id of that tool. */
  readonly callerId: string;
  readonly callerSecret: string;
  /** Another tool of the partner, which reads incidents. */
  readonly otherCaller: { readonly id: string; readonly token: string };
  /** Tenants that have consented; the broker's tables know none of them yet. */
  readonly tenantIds: readonly string[];
  readonly stop: () => Promise<void>;
}

const environmentSchema = v.object({
  url: v.string(),
  storage: v.string(),
  settings: v.record(v.string(), v.string()),
  ringKey: v.object({ kid: v.string(), key: v.string() }),
  clientId: v.string(),
  clientSecret: v.string(),
  callerToken: v.string(),
  callerId: v.string(),
  callerSecret: v.string(),
  otherCaller: v.object({ id: v.string(), token: v.string() }),
  tenantIds: v.array(v.string()),
});

/** Starts an environment of that many tenants whose token endpoint takes `latencyMs` to answer. */
export async function startEnvironment({
  tenants,
  latencyMs = 0,
}: {
  tenants: number;
  latencyMs?: number;
}): Promise<TestEnvironment> {
  const flags = ['--tenants', String(tenants), '--latency', String(latencyMs)];
  const child = fork(join(import.meta.dirname, 'environment.ts'), flags);
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`The environment ended with code ${code}.`);
  });
  const [message] = await Promise.race([once(child, 'message'), failed]);
  failed.catch(() => undefined);
  return {
    ...v.parse(environmentSchema, message),
    stop: async () => {
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}

/** How often Entra was asked for a customer's token since the last count, by tenant. */
export async function takeTokenRequests({
  url,
}: TestEnvironment): Promise<ReadonlyMap<string, number>> {
  const response = await fetch(`${url}/sandbox/token-requests`);
  const counts = v.parse(v.record(v.string(), v.number()), await response.json());
  await fetch(`${url}/sandbox/token-requests`, { method: 'DELETE' });
  return new Map(Object.entries(counts));
}

/** What goes wrong at the token endpoint: slowness and 5xx, for one tenant or all. */
export type WorldFault =
  | { readonly kind: 'slow'; readonly ms: number; readonly tenantId?: string }
  | { readonly kind: 'server-error'; readonly tenantId?: string };

/**
 * Replaces what goes wrong at the token endpoint; of several delays the first that fits a tenant
 * counts.
 */
export async function setFaults(
  { url }: TestEnvironment,
  faults: readonly WorldFault[],
): Promise<void> {
  const body = JSON.stringify(faults);
  const response = await fetch(`${url}/sandbox/faults`, { method: 'PUT', body });
  if (!response.ok) throw new Error(`The environment answered ${response.status}.`);
}

/** Sets how far Entra's time is ahead of this machine's, in milliseconds. */
export async function setClock({ url }: TestEnvironment, aheadMs: number): Promise<void> {
  const body = JSON.stringify({ aheadMs });
  const response = await fetch(`${url}/sandbox/clock`, { method: 'PUT', body });
  if (!response.ok) throw new Error(`The environment answered ${response.status}.`);
}

/** Opens a table of the environment's storage. */
export function openTable(environment: TestEnvironment, name: string): OpenTable {
  const azure = toAzure(environment);
  return () => azure.table(name);
}

/** The clients of the environment's storage. */
export function toAzure({ storage }: TestEnvironment): AzureClients {
  return createAzureClients({
    storage: { connectionString: storage },
    keyVaultUrl: '',
    managedIdentityClientId: undefined,
  });
}
