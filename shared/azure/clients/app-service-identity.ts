import type { AccessToken, TokenCredential } from '@azure/identity';
import * as v from 'valibot';
import type { IdentityEndpoint } from '../../config.ts';
import { createSingleFlight } from '../../single-flight.ts';
import { MINUTE } from '../../time.ts';

/** Of the endpoint ("How to use managed identities for App Service", REST endpoint reference). */
const API_VERSION = '2019-08-01';

/** The platform keeps tokens for hours; one with less life left is asked for anew. */
const LEAST_LIFE_MS = 5 * MINUTE;

const answerSchema = v.object({
  access_token: v.pipe(v.string(), v.minLength(1)),
  /** Seconds since 1970, as text. */
  expires_on: v.pipe(v.union([v.string(), v.number()]), v.transform(Number), v.minValue(1)),
});

/** How retries are made. */
interface IdentityParts {
  readonly endpoint: IdentityEndpoint;
  readonly clientId: string | undefined;
  readonly retryOptions: { readonly maxRetries: number; readonly retryDelayInMs: number };
  /** Milliseconds of one try. */
  readonly timeoutMs: number;
  readonly now: () => number;
}

/**
 * Creates the credential of the app's managed identity on App Service and Functions: one GET. The
 * SDK's own would load MSAL before a process's first token, which is half of what the SDKs take to
 * load. A token is kept until five minutes before its end, and served longer while the endpoint
 * does not answer.
 */
export function createAppServiceIdentity(parts: IdentityParts): TokenCredential {
  const { now } = parts;
  const held = new Map<string, AccessToken>();
  const share = createSingleFlight<AccessToken>();
  const request = async (resource: string): Promise<AccessToken> => {
    const token = await requestToken(resource, parts);
    held.set(resource, token);
    return token;
  };
  return {
    async getToken(scopes) {
      const [scope = ''] = [scopes].flat();
      const resource = scope.replace(/\/\.default$/, '');
      const known = held.get(resource);
      if (known && known.expiresOnTimestamp - now() > LEAST_LIFE_MS) return known;
      return await share(resource, () => request(resource)).catch((error: unknown) => {
        if (known && known.expiresOnTimestamp > now()) return known;
        throw error;
      });
    },
  };
}

async function requestToken(
  resource: string,
  { endpoint, clientId, retryOptions, timeoutMs }: IdentityParts,
): Promise<AccessToken> {
  const sdk = await import('../requests/sdk.ts');
  const query = new URLSearchParams({
    'api-version': API_VERSION,
    resource,
    ...(clientId && { client_id: clientId }),
  });
  const request = sdk.createPipelineRequest({
    url: `${endpoint.url}?${query}`,
    headers: sdk.createHttpHeaders({ 'x-identity-header': endpoint.header }),
    // The platform's endpoint is on the machine itself.
    allowInsecureConnection: true,
    timeout: timeoutMs,
  });
  const pipeline = sdk.createPipelineFromOptions({ retryOptions });
  const response = await pipeline.sendRequest(sdk.createDefaultHttpClient(), request);
  if (response.status !== 200) {
    throw new Error(`The managed identity's endpoint answered ${response.status}.`);
  }
  const answer = v.parse(answerSchema, JSON.parse(response.bodyAsText ?? ''));
  return { token: answer.access_token, expiresOnTimestamp: answer.expires_on * 1000 };
}
