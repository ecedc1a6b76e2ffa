import * as v from 'valibot';
import { IssueError } from '../tokens/failure.ts';
import type { RequestToken, TokenResponse } from '../tokens/issue-token.ts';
import type { Resources } from '../tokens/resource.ts';
import type { TokenKey } from '../tokens/token-record.ts';
import type { ClientCredential } from './client-credential.ts';
import { toFailure } from './entra-failure.ts';
import { type EntraAnswer, type Fetch, postForm } from './entra-http.ts';

const tokenSchema = v.object({
  token_type: v.pipe(v.string(), v.toLowerCase(), v.literal('bearer')),
  access_token: v.pipe(v.string(), v.minLength(1)),
  expires_in: v.pipe(v.number(), v.integer(), v.minValue(1)),
});

/**
 * Creates the client-credentials request (RFC 6749 section 4.4) to a tenant's v2 token endpoint. A refused credential is
 * renewed and tried once more in the same call.
 */
export function createRequestToken({
  fetch,
  authority,
  clientId,
  resources,
  credential,
}: {
  fetch: Fetch;
  authority: string;
  clientId: string;
  resources: Resources;
  credential: ClientCredential;
}): RequestToken {
  const ask = async ({ tenantId, resource }: TokenKey) => {
    const url = `${authority}/${tenantId}/oauth2/v2.0/token`;
    const authentication = await credential.authenticate(url);
    const form = {
      grant_type: 'client_credentials',
      client_id: clientId,
      scope: `${resources[resource].identifier}/.default`,
      ...authentication,
    };
    return { authentication, answer: await reach(() => postForm(fetch, url, form)) };
  };

  return async (key) => {
    const { answer, authentication } = await ask(key);
    if (!isCredentialRejected(answer)) return toTokenResponse(answer);
    if (!(await credential.renew(authentication))) throw new IssueError(toFailure(answer));
    const { answer: second } = await ask(key);
    if (isCredentialRejected(second)) credential.hold();
    return toTokenResponse(second);
  };
}

/** Turns "no answer" into the failure that it is. */
export async function reach<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    throw new IssueError({ cause: 'service_unavailable' }, error);
  }
}

function isCredentialRejected(answer: EntraAnswer): boolean {
  return answer.status !== 200 && toFailure(answer).cause === 'credential_rejected';
}

function toTokenResponse(answer: EntraAnswer): TokenResponse {
  if (answer.status !== 200) throw new IssueError(toFailure(answer));
  const parsed = v.safeParse(tokenSchema, answer.body);
  if (!parsed.success) throw new IssueError({ cause: 'unexpected_answer' });
  return {
    accessToken: parsed.output.access_token,
    expiresInMs: parsed.output.expires_in * 1000,
  };
}
