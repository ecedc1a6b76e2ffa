import * as v from 'valibot';
import { FAILURES, IssueError } from '../tokens/failure.ts';
import type { RequestToken, TokenResponse } from '../tokens/issue-token.ts';
import type { Resources } from '../tokens/resource.ts';
import type { TokenKey } from '../tokens/token-record.ts';
import type { ClientCredential } from './credential/client-credential.ts';
import { toFailure } from './entra-failure.ts';
import { type EntraAnswer, type Fetch, findEntraError, postForm } from './entra-http.ts';

const tokenSchema = v.object({
  token_type: v.pipe(v.string(), v.toLowerCase(), v.literal('bearer')),
  access_token: v.pipe(v.string(), v.minLength(1)),
  expires_in: v.pipe(v.number(), v.integer(), v.minValue(1)),
});

/** Creates the client-credentials request (RFC 6749 section 4.4) to a tenant's v2 token endpoint. */
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
  return async ({ tenantId, resource }: TokenKey) => {
    const answer = await postWithCredential(
      { fetch, credential },
      `${authority}/${tenantId}/oauth2/v2.0/token`,
      {
        grant_type: 'client_credentials',
        client_id: clientId,
        scope: `${resources[resource].identifier}/.default`,
      },
    );
    return toTokenResponse(answer);
  };
}

/**
 * Posts to a token endpoint as the client. A refused credential is renewed and shown once more in the same call, which is
 * safe for codes too: Entra authenticates the client first. Failures of our own hold the next requests back.
 */
export async function postWithCredential(
  { fetch, credential }: { fetch: Fetch; credential: ClientCredential },
  url: string,
  form: Readonly<Record<string, string>>,
): Promise<EntraAnswer> {
  const post = async () => {
    const authentication = await credential.authenticate(url);
    const answer = await reach(() => postForm(fetch, url, { ...form, ...authentication.proof }));
    return { authentication, answer };
  };
  const first = await post();
  if (!isClientRefused(first.answer)) return holdIfOurs(credential, first.answer);
  const isRenewed = await credential.renew(first.authentication, toFailure(first.answer));
  if (!isRenewed) return holdIfOurs(credential, first.answer);
  return holdIfOurs(credential, (await post()).answer);
}

/** `invalid_client` has many reasons, some of them the tenant's; another credential is worth a look for all but those. */
function isClientRefused(answer: EntraAnswer): boolean {
  if (answer.status === 200) return false;
  const { cause } = toFailure(answer);
  if (cause === 'credential_rejected') return true;
  return cause === 'unexpected_answer' && findEntraError(answer.body)?.error === 'invalid_client';
}

function holdIfOurs(credential: ClientCredential, answer: EntraAnswer): EntraAnswer {
  if (answer.status === 200) return answer;
  const failure = toFailure(answer);
  if (FAILURES[failure.cause].scope === 'client') credential.hold(failure);
  return answer;
}

/** Turns "no answer" into the failure that it is. */
async function reach<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    throw new IssueError({ cause: 'service_unavailable' }, error);
  }
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
