/** What a credential of one customer needs; `fetch` and `now` are there for tests. */
export interface BrokerCredentialOptions {
  /** The broker, such as `https://func-broker-x.azurewebsites.net`. */
  readonly url: string;
  /** The customer: tenant id or verified domain. */
  readonly tenant: string;
  /** An access token for the broker's API: `identity.getToken('api://<client id>/.default')`. */
  readonly getCallerToken: () => Promise<string>;
  readonly fetch?: typeof fetch;
  readonly now?: () => number;
}

/** An access token as Azure's SDKs take it; times in epoch milliseconds. */
export interface CustomerToken {
  readonly token: string;
  readonly expiresOnTimestamp: number;
  readonly refreshAfterTimestamp: number;
}

/** The part of `GetTokenOptions` of @azure/core-auth that means something here. */
export interface CustomerTokenOptions {
  readonly tenantId?: string | undefined;
}

/** A `TokenCredential` of @azure/core-auth, which the Graph SDK takes too. */
export interface BrokerCredential {
  readonly getToken: (
    scopes: string | string[],
    options?: CustomerTokenOptions,
  ) => Promise<CustomerToken>;
}

const TIMEOUT_MS = 30_000;
/** The broker's tokens live longer than this; a shorter rest is no use to a caller. */
const MIN_LIFE_MS = 60_000;

/**
 * Creates the credential of one customer. Tokens are kept until the broker would renew them, equal
 * requests share one call. A request for another tenant is refused: give each customer its own.
 */
export function createBrokerCredential(options: BrokerCredentialOptions): BrokerCredential {
  const { tenant, now = Date.now } = options;
  const tokens = new Map<string, CustomerToken>();
  const pending = new Map<string, Promise<CustomerToken>>();

  const renew = async (scope: string) => {
    const token = await requestToken(options, scope);
    tokens.set(scope, token);
    return token;
  };

  const share = (scope: string) => {
    const flight = renew(scope).finally(() => pending.delete(scope));
    pending.set(scope, flight);
    return flight;
  };

  return {
    getToken: async (scopes, { tenantId } = {}) => {
      const scope = toScope(scopes);
      assertTenant(tenantId, tenant);
      const kept = tokens.get(scope);
      if (kept && now() < kept.refreshAfterTimestamp) return kept;
      try {
        return await (pending.get(scope) ?? share(scope));
      } catch (error) {
        if (kept && now() < kept.expiresOnTimestamp - MIN_LIFE_MS) return kept;
        throw error;
      }
    },
  };
}

async function requestToken(
  { url, tenant, getCallerToken, fetch: send = fetch, now = Date.now }: BrokerCredentialOptions,
  scope: string,
): Promise<CustomerToken> {
  const response = await send(`${url}/api/tenants/${encodeURIComponent(tenant)}/token`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await getCallerToken()}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ scope }),
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const receivedAt = now();
  const body = await readJson(response);
  if (!response.ok) throw toError(response.status, body);
  const { access_token, expires_in, refresh_in } = body;
  return {
    token: access_token,
    expiresOnTimestamp: receivedAt + expires_in * 1000,
    refreshAfterTimestamp: receivedAt + refresh_in * 1000,
  };
}

// The broker's answer: docs/openapi.json describes it.
// biome-ignore lint/suspicious/noExplicitAny: whoever answers instead of the broker is an error
async function readJson(response: Response): Promise<any> {
  try {
    return await response.json();
  } catch {
    return { error: 'server_error', error_description: 'The answer is not the broker’s.' };
  }
}

function toError(
  status: number,
  body: { error?: string; error_description?: string; remedy?: string },
): Error {
  const { error = 'server_error', error_description = '', remedy = '' } = body;
  return new Error(`${status} ${error}: ${error_description} ${remedy}`.trim());
}

function toScope(scopes: string | string[]): string {
  const [scope, ...others] = Array.isArray(scopes) ? scopes : [scopes];
  if (scope === undefined || others.length > 0) {
    throw new Error('Ask for one scope, such as https://graph.microsoft.com/.default.');
  }
  return scope;
}

function assertTenant(asked: string | undefined, tenant: string): void {
  if (asked === undefined || asked.toLowerCase() === tenant.toLowerCase()) return;
  throw new Error(`This credential is for ${tenant} only: create one for each customer.`);
}
