import type { JWTPayload } from 'jose';
import { answerUnder, createFaults, type Faults } from './defender/http/faults.ts';
import { badRequest, Refusal } from './defender/http/refusal.ts';
import {
  createSecrets,
  type SecretProperties,
  type Secrets,
  type SecretVersion,
} from './key-vault/secrets.ts';
import { readBody, toBundle, toErrorBody, toItem, toPage } from './key-vault/wire.ts';
import type { Handle } from './serve.ts';

/** What was asked and answered, never a value; `status` is 0 when the connection was dropped. */
interface VaultRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** A vault of secrets with its faults; its functions do what an operator does in the portal. */
export interface KeyVault {
  readonly handle: Handle;
  readonly faults: Omit<Faults, 'take'>;
  readonly requests: readonly VaultRequest[];
  /** Adds a version, which becomes the current one; returns its name. */
  readonly setSecret: (name: string, value: string, properties?: SecretProperties) => string;
  /** Changes what is said of a version; throws when there is none. */
  readonly setProperties: (name: string, version: string, properties: SecretProperties) => void;
  /** Every version, values included, the oldest of each secret first. */
  readonly exportVersions: () => readonly SecretVersion[];
  /** Adds versions as they were. */
  readonly importVersions: (versions: readonly SecretVersion[]) => void;
  /** Makes a version unreadable; throws when there is none. */
  readonly disableVersion: (name: string, version: string) => void;
}

/** What the vault needs; the tenant and authority are those that its challenge names. */
interface KeyVaultOptions {
  /** Verifies signature, issuer and lifetime; rejects when one is not right. */
  readonly verifyAccessToken: (token: string) => Promise<JWTPayload>;
  readonly tenantId: string;
  /** Such as `https://login.microsoftonline.com`, without a trailing slash. */
  readonly authority: string;
  readonly now?: () => number;
}

const RESOURCE = 'https://vault.azure.net';
const PATH = /^\/secrets\/([0-9a-zA-Z-]{1,127})(?:\/([0-9a-zA-Z]+))?\/?$/;

/** Stands in for `https://{vault}.vault.azure.net/secrets` ("Key Vault REST API", secrets). */
export function createKeyVault({ now = Date.now, ...options }: KeyVaultOptions): KeyVault {
  const faults = createFaults();
  const requests: VaultRequest[] = [];
  const secrets = createSecrets(now);
  return {
    handle,
    faults,
    requests,
    setSecret: (name, value, properties) => secrets.add(name, value, properties).version,
    setProperties: (name, version, properties) => {
      secrets.change({ name, version }, properties);
    },
    exportVersions: secrets.all,
    importVersions: (versions) => {
      for (const version of versions) secrets.put(version);
    },
    disableVersion: (name, version) => {
      secrets.change({ name, version }, { enabled: false });
    },
  };

  async function handle(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const record = { method: request.method, path: `${url.pathname}${url.search}`, status: 0 };
    requests.push(record);
    const response = await answerUnder(faults.take(), async () => {
      await authenticate(request, options);
      return Response.json(await answer(request, url, secrets));
    }).catch(toErrorResponse);
    record.status = response.status;
    return response;
  }
}

async function answer(request: Request, url: URL, secrets: Secrets): Promise<unknown> {
  // The client encodes the hyphen; searchParams decodes it.
  if (!url.searchParams.get('api-version')) {
    throw badRequest('The api-version query parameter is missing.', 'BadParameter');
  }
  const [, name, version] = PATH.exec(url.pathname) ?? [];
  if (!name) throw badRequest('The request URI contains an invalid name.', 'BadParameter');
  const { method } = request;
  if (method === 'GET' && version === 'versions') return toPage(url, secrets.list(name));
  if (method === 'GET') return toBundle(url, readable(secrets.get({ name, version })));
  if (method === 'PUT' && !version) {
    const { value, properties } = await readBody(request);
    if (value === undefined) throw badRequest('The value is missing.', 'BadParameter');
    return toBundle(url, secrets.add(name, value, properties));
  }
  if (method === 'PATCH' && version) {
    const { properties } = await readBody(request);
    return toItem(url, secrets.change({ name, version }, properties));
  }
  throw new Refusal(405, 'MethodNotAllowed', { message: `${method} is not allowed here.` });
}

/** Only `enabled` forbids reading; outside of its dates a secret can still be read. */
function readable(secret: SecretVersion): SecretVersion {
  if (secret.properties.enabled !== false) return secret;
  const message = 'Operation get is not allowed on a disabled secret.';
  throw new Refusal(403, 'SecretDisabled', { message });
}

async function authenticate(
  request: Request,
  { verifyAccessToken, tenantId, authority }: KeyVaultOptions,
): Promise<void> {
  const challenge = `Bearer authorization="${authority}/${tenantId}", resource="${RESOURCE}"`;
  const refuse = (message: string) =>
    new Refusal(401, 'Unauthorized', { message, headers: { 'www-authenticate': challenge } });
  const token = /^Bearer (\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  if (!token) throw refuse('AKV10000: Request is missing a Bearer or PoP token.');
  const claims = await verifyAccessToken(token).catch(() => {
    throw refuse('Error validating token: it is invalid or has expired.');
  });
  // Even a trailing slash is another audience.
  if (claims.aud !== RESOURCE) {
    throw refuse(`AKV10022: Invalid audience. Expected ${RESOURCE}, found: ${claims.aud}.`);
  }
  if (claims.tid !== tenantId) {
    throw refuse(`AKV10032: Invalid issuer. Expected tenant ${tenantId}, found ${claims.tid}.`);
  }
}

function toErrorResponse(error: unknown): Response {
  if (!(error instanceof Refusal)) throw error;
  const { status, headers } = error;
  return Response.json(toErrorBody(error), { status, headers });
}
