import type { TableClient, TableServiceClientOptions } from '@azure/data-tables';
import type { TokenCredential } from '@azure/identity';
import type { SecretClient, SecretClientOptions } from '@azure/keyvault-secrets';
import type { QueueClient } from '@azure/storage-queue';
import type { Config, IdentityEndpoint } from '../../config.ts';
import { toDelayMs } from '../../retry/delay.ts';
import { RETRY_SCHEDULES } from '../../retry/schedules.ts';
import type { SendBlobRequest } from '../blobs/blob-container.ts';
import { createSendBlobRequest } from '../blobs/blob-requests.ts';
import { isLoopbackHttp, toLoopbackOptions } from '../requests/loopback.ts';
import { createWhenMissing } from '../requests/missing-table.ts';
import { reservedNamesPolicy } from '../requests/reserved-names.ts';
import { createAppServiceIdentity } from './app-service-identity.ts';

/**
 * The Azure clients of one process, each created on first use and then kept: every new one costs a
 * challenge.
 */
export interface AzureClients {
  /** The table is made when it is missing. */
  table(name: string): Promise<TableClient>;
  queue(name: string): Promise<QueueClient>;
  blobs(): Promise<SendBlobRequest>;
  secrets(): Promise<SecretClient>;
  /** A token of the managed identity; cached by the credential. */
  identityToken(scope: string): Promise<string>;
}

/**
 * A connection that went silent must not hold a request: the SDKs would wait for ever.
 * Milliseconds.
 */
const TRY_TIMEOUT = 3000;

/** What every client has in common: few quick retries, each try with a deadline. */
const COMMON = {
  retryOptions: {
    maxRetries: RETRY_SCHEDULES['storage.request'].maxTries - 1,
    retryDelayInMs: toDelayMs('storage.request'),
    maxRetryDelayInMs: RETRY_SCHEDULES['storage.request'].maxMs,
  },
  additionalPolicies: [
    {
      position: 'perRetry',
      policy: {
        name: 'deadline',
        sendRequest: (request, next) => {
          request.timeout = TRY_TIMEOUT;
          return next(request);
        },
      },
    },
  ],
} satisfies SecretClientOptions;

/** Tables, besides: a column may not pass for a key. */
const TABLE = {
  ...COMMON,
  additionalPolicies: [
    ...COMMON.additionalPolicies,
    { position: 'perRetry', policy: reservedNamesPolicy },
  ],
} satisfies TableServiceClientOptions;

/**
 * Creates the clients from the configuration: by managed identity, or by connection string where
 * one is set.
 */
export function createAzureClients(
  config: Pick<Config, 'storage' | 'keyVaultUrl' | 'managedIdentityClientId'> &
    Partial<Pick<Config, 'identityEndpoint'>>,
): AzureClients {
  const { storage } = config;
  const tables = new Map<string, Promise<TableClient>>();
  const queues = new Map<string, Promise<QueueClient>>();
  const blobs = new Map<string, Promise<SendBlobRequest>>();
  const vaults = new Map<string, Promise<SecretClient>>();
  const createCredential = createCredentials(config.identityEndpoint);

  const createTable = async (name: string): Promise<TableClient> => {
    const { TableClient } = await import('../requests/sdk.ts');
    if (!('connectionString' in storage)) {
      const credential = await createCredential(storage.clientId);
      return createWhenMissing(new TableClient(storage.tableServiceUri, name, credential, TABLE));
    }
    const local = { ...TABLE, allowInsecureConnection: isPlainHttp(storage.connectionString) };
    return createWhenMissing(
      TableClient.fromConnectionString(storage.connectionString, name, local),
    );
  };

  const createQueue = async (name: string): Promise<QueueClient> => {
    const { QueueServiceClient } = await import('../requests/storage-sdk.ts');
    if ('connectionString' in storage) {
      return QueueServiceClient.fromConnectionString(storage.connectionString).getQueueClient(name);
    }
    const credential = await createCredential(storage.clientId);
    return new QueueServiceClient(storage.queueServiceUri, credential).getQueueClient(name);
  };

  const createSecrets = async (): Promise<SecretClient> => {
    const { SecretClient } = await import('../requests/sdk.ts');
    const credential = await createCredential(config.managedIdentityClientId);
    if (!isLoopbackHttp(config.keyVaultUrl)) {
      return new SecretClient(config.keyVaultUrl, credential, COMMON);
    }
    const { url, options } = toLoopbackOptions(config.keyVaultUrl, COMMON);
    return new SecretClient(url, credential, options);
  };

  return {
    table: (name) => once(tables, name, () => createTable(name)),
    queue: (name) => once(queues, name, () => createQueue(name)),
    blobs: () =>
      once(blobs, 'blobs', () => createSendBlobRequest({ ...COMMON, storage, createCredential })),
    secrets: () => once(vaults, 'secrets', createSecrets),
    identityToken: async (scope) => {
      const identity = await createCredential(config.managedIdentityClientId);
      const token = await identity.getToken(scope);
      if (!token) throw new Error('The managed identity has no token.');
      return token.token;
    },
  };
}

/** One credential for each identity of the process, which keeps its tokens. */
function createCredentials(endpoint: IdentityEndpoint | undefined) {
  const known = new Map<string, Promise<TokenCredential>>();
  const { retryOptions } = COMMON;
  const create = async (clientId: string | undefined): Promise<TokenCredential> => {
    if (endpoint) {
      const tries = { retryOptions, timeoutMs: TRY_TIMEOUT };
      return createAppServiceIdentity({ endpoint, clientId, ...tries, now: Date.now });
    }
    const { ManagedIdentityCredential } = await import('../requests/identity-sdk.ts');
    return new ManagedIdentityCredential(toIdentity(clientId));
  };
  return (clientId: string | undefined) => once(known, clientId ?? '', () => create(clientId));
}

function once<T>(known: Map<string, Promise<T>>, name: string, create: () => Promise<T>) {
  const existing = known.get(name);
  if (existing !== undefined) return existing;
  const created = create();
  known.set(name, created);
  created.catch(() => known.delete(name));
  return created;
}

function toIdentity(clientId: string | undefined) {
  return clientId ? { ...COMMON, clientId } : COMMON;
}

/** Only the emulator's connection string names http endpoints. */
function isPlainHttp(connectionString: string): boolean {
  return /=http:/i.test(connectionString) || /UseDevelopmentStorage=true/i.test(connectionString);
}
