import type { PipelinePolicy, PipelineResponse } from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import { readBounded } from '../../bounded-body.ts';
import type { StorageConfig } from '../../config.ts';
import type { BlobRequest, SendBlobRequest } from './blob-container.ts';
import { createTooLargeError } from './blob-damage.ts';

/**
 * A blob of 10 MB gets through, and a connection that went silent is given up. Milliseconds for all
 * tries.
 */
const TIMEOUT = 20_000;

/** Of the REST API; Azurite knows it as well. */
const API_VERSION = '2024-11-04';

/** More than any blob that the broker writes. */
const MAX_BLOB_BYTES = 64 * 1024 * 1024;

/** Where blobs are and what signs requests. */
interface BlobAccount {
  readonly url: string;
  readonly sign: PipelinePolicy;
}

/** What blobs are reached with. */
interface BlobRequestParts {
  readonly storage: StorageConfig;
  /** Of a managed identity, by its client id. */
  readonly createCredential: (clientId: string | undefined) => Promise<TokenCredential>;
  readonly retryOptions: {
    readonly maxRetries: number;
    readonly retryDelayInMs: number;
    readonly maxRetryDelayInMs: number;
  };
}

/**
 * Creates what speaks to Blob Storage. Put, Get, Delete and List are all that is needed: they take
 * 3 KB on the SDKs' pipeline, and the package for blobs would double the size of the SDKs' chunk.
 */
export async function createSendBlobRequest({
  storage,
  createCredential,
  retryOptions,
}: BlobRequestParts): Promise<SendBlobRequest> {
  const { createPipelineFromOptions, createDefaultHttpClient } = await import('../requests/sdk.ts');
  const { url, sign } = await findAccount(storage, createCredential);
  const pipeline = createPipelineFromOptions({ retryOptions });
  pipeline.addPolicy(sign, { phase: 'Sign' });
  const client = createDefaultHttpClient();

  return async (blobRequest) => {
    const request = await toRequest(url, blobRequest);
    const response = await pipeline.sendRequest(client, request);
    return await readBody(response);
  };
}

async function toRequest(url: string, { method, path, query = {}, body }: BlobRequest) {
  const { createHttpHeaders, createPipelineRequest } = await import('../requests/sdk.ts');
  const content = method === 'PUT' ? Buffer.from(body ?? []) : undefined;
  const search = new URLSearchParams(query).toString();
  return createPipelineRequest({
    url: `${url}/${path}${search && `?${search}`}`,
    method,
    headers: createHttpHeaders({
      'x-ms-version': API_VERSION,
      ...(body && { 'x-ms-blob-type': 'BlockBlob', 'content-type': 'application/octet-stream' }),
      ...(content && { 'content-length': String(content.length) }),
    }),
    ...(content && { body: content }),
    allowInsecureConnection: url.startsWith('http:'),
    abortSignal: AbortSignal.timeout(TIMEOUT),
    streamResponseStatusCodes: new Set([200]),
  });
}

async function readBody({ status, readableStreamBody }: PipelineResponse): Promise<Buffer> {
  if (status >= 300) {
    throw Object.assign(new Error('Blob Storage refused.'), { statusCode: status });
  }
  // Where no encoding is set, a stream gives bytes.
  const stream = readableStreamBody as AsyncIterable<Uint8Array> | undefined;
  const bytes = await readBounded(stream, MAX_BLOB_BYTES);
  if (!bytes) throw createTooLargeError();
  return bytes;
}

async function findAccount(
  storage: StorageConfig,
  createCredential: BlobRequestParts['createCredential'],
): Promise<BlobAccount> {
  if ('connectionString' in storage) {
    const { storageSharedKeyCredentialPolicy } = await import('../requests/storage-sdk.ts');
    const { url, accountName, accountKey } = parseConnectionString(storage.connectionString);
    return { url, sign: storageSharedKeyCredentialPolicy({ accountName, accountKey }) };
  }
  const { blobServiceUri, clientId } = storage;
  const { bearerTokenAuthenticationPolicy } = await import('../requests/sdk.ts');
  const credential = await createCredential(clientId);
  const scopes = 'https://storage.azure.com/.default';
  return { url: blobServiceUri, sign: bearerTokenAuthenticationPolicy({ credential, scopes }) };
}

/**
 * The emulator's documented account ("Use the Azurite emulator for local Azure Storage
 * development").
 */
const EMULATOR: Readonly<Record<string, string>> = {
  BlobEndpoint: 'http://127.0.0.1:10000/devstoreaccount1',
  AccountName: 'devstoreaccount1',
  AccountKey:
    'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==',
};

function parseConnectionString(text: string) {
  const given: Readonly<Record<string, string>> = Object.fromEntries(
    text.split(';').flatMap((part) => {
      const [, name, value = ''] = /^\s*(\w+)=(.*)$/.exec(part) ?? [];
      return name === undefined ? [] : [[name, value]];
    }),
  );
  const parts = /^true$/i.test(given.UseDevelopmentStorage ?? '') ? EMULATOR : given;
  const { AccountName: accountName = '', AccountKey = '' } = parts;
  const { DefaultEndpointsProtocol: protocol = 'https', EndpointSuffix: suffix } = parts;
  const host = `${accountName}.blob.${suffix ?? 'core.windows.net'}`;
  const url = parts.BlobEndpoint ?? `${protocol}://${host}`;
  return {
    url: url.replace(/\/+$/, ''),
    accountName,
    accountKey: Buffer.from(AccountKey, 'base64'),
  };
}
