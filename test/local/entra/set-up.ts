import { createHash } from 'node:crypto';
import { type AdminBrowser, createAdminBrowser } from '../../../local/entra/admin-browser.ts';
import {
  type ApplicationInput,
  addApplication,
} from '../../../local/entra/directory/applications.ts';
import type { Application, Tenant } from '../../../local/entra/directory/directory-model.ts';
import { addTenant, createDirectory } from '../../../local/entra/directory.ts';
import { createEntra, type Entra } from '../../../local/entra/entra.ts';
import { createSigningKey } from '../../../local/entra/tokens/signing-keys.ts';

export const ORIGIN = 'https://entra.example';
export const CALLBACK = 'https://broker.example/callback';
export const XDR = 'https://api.security.microsoft.com';
export const ADMIN = 'admin@contoso.com';
export const USER = 'user@contoso.com';
export const NOON = Date.UTC(2026, 10, 21, 12);

/** Made once for each test file, since RSA keys are slow to make. */
const signingKey = createSigningKey();

export interface TestEnvironment {
  readonly entra: Entra;
  readonly home: Tenant;
  readonly customer: Tenant;
  readonly client: Application;
  /** Both ids of the client in the customer's tenant. */
  readonly where: { readonly tenantId: string; readonly clientId: string };
  readonly advance: (ms: number) => void;
  readonly fetch: (url: string, init?: RequestInit) => Promise<Response>;
  readonly browser: () => AdminBrowser;
}

/** A partner, a customer without consent, and a multi-tenant client with the secret `right`. */
export async function setUpEnvironment(
  input: Partial<ApplicationInput> = {},
): Promise<TestEnvironment> {
  let now = NOON;
  const directory = createDirectory({ homeTenant: { displayName: 'Partner' }, now: () => now });
  const customer = addTenant(directory, { displayName: 'Contoso', domains: ['contoso.com'] });
  const client = addApplication(directory, {
    displayName: 'Broker <1>',
    secrets: ['right'],
    redirectUris: [CALLBACK],
    requiredAppRoles: { 'defender-xdr': ['Incident.Read.All'] },
    ...input,
  });
  const entra = await createEntra({ directory, origin: ORIGIN, signingKey: await signingKey });
  const home = directory.tenants.get(directory.homeTenantId) ?? customer;
  const fetchEnvironment = async (url: string, init?: RequestInit) =>
    url.startsWith(ORIGIN) ? await entra.handle(new Request(url, init)) : new Response('welcome');
  return {
    entra,
    home,
    customer,
    client,
    where: { tenantId: customer.tenantId, clientId: client.clientId },
    advance: (ms) => {
      now += ms;
    },
    fetch: fetchEnvironment,
    browser: () => createAdminBrowser({ fetch: fetchEnvironment }),
  };
}

export type Parameters = Readonly<Record<string, string | undefined>>;

/** Drops the parameters that are undefined. */
export function toQuery(parameters: Parameters): URLSearchParams {
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  return new URLSearchParams(given);
}

/** A client credentials request for Defender XDR with the right secret, changed as told. */
export async function requestToken(
  environment: TestEnvironment,
  changes: {
    readonly form?: Parameters;
    readonly tenant?: string;
    readonly version?: 1 | 2;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
) {
  const { tenant = environment.customer.tenantId, version = 2 } = changes;
  const target = version === 2 ? { scope: `${XDR}/.default` } : { resource: XDR };
  const response = await environment.fetch(
    `${ORIGIN}/${tenant}/oauth2/${version === 2 ? 'v2.0/' : ''}token`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...changes.headers },
      body: toQuery({
        grant_type: 'client_credentials',
        client_id: environment.client.clientId,
        client_secret: 'right',
        ...target,
        ...changes.form,
      }).toString(),
    },
  );
  const body: Record<string, unknown> = await response.json();
  return { status: response.status, body, token: String(body.access_token) };
}

/** A PKCE verifier and the S256 challenge of `authorizeUrl`. */
export const verifier = 'v'.repeat(43);
const challenge = createHash('sha256').update(verifier).digest('base64url');

/** An authorize request of the client, changed as told. */
export function authorizeUrl(
  environment: TestEnvironment,
  changes: Parameters = {},
  path = 'common/oauth2/v2.0',
): string {
  const query = toQuery({
    client_id: environment.client.clientId,
    response_type: 'code',
    redirect_uri: CALLBACK,
    scope: 'openid profile',
    state: 'st&"<',
    nonce: 'n-1',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...changes,
  });
  return `${ORIGIN}/${path}/authorize?${query}`;
}

/** What the redirect URI was told. */
export function answerOf({ url }: { readonly url: string }): Record<string, string> {
  if (!url.startsWith(CALLBACK)) throw new Error(`The browser is still at ${url}`);
  return Object.fromEntries(new URL(url).searchParams);
}
