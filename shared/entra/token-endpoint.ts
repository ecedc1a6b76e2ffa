import * as v from 'valibot';
import type { Resources } from '../resources/resource.ts';
import { IssueError } from '../tokens/failure.ts';
import { FAILURES } from '../tokens/failure-table.ts';
import type { RequestToken, TokenResponse } from '../tokens/token-issuer.ts';
import type { TokenKey } from '../tokens/token-record.ts';
import type {
  ClientAuthentication,
  ClientCredential,
  RefusalOutcome,
} from './credential/client-credential.ts';
import { toEntraFailure } from './entra-failure.ts';
import { type EntraAnswer, type Fetch, postForm } from './entra-http.ts';
import { expiresInSchema } from './expires-in.ts';

/** More than a token's row can hold; Entra's tokens have a few KiB. */
const MAX_TOKEN_LENGTH = 20_000;

const tokenSchema = v.object({
  token_type: v.pipe(v.string(), v.toLowerCase(), v.literal('bearer')),
  access_token: v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_TOKEN_LENGTH)),
  expires_in: expiresInSchema,
});

/**
 * Creates the client-credentials request (RFC 6749 section 4.4) to a tenant's v2 token endpoint.
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
  return async ({ tenantId, resource }: TokenKey) => {
    const answer = await requestAsClient(
      { fetch, credential },
      {
        url: `${authority}/${tenantId}/oauth2/v2.0/token`,
        form: {
          grant_type: 'client_credentials',
          client_id: clientId,
          scope: `${resources[resource].identifier}/.default`,
        },
        tenantId,
      },
    );
    return toTokenResponse(answer);
  };
}

/** A request to a token endpoint that the client authenticates. */
interface ClientRequest {
  readonly url: string;
  readonly form: Readonly<Record<string, string>>;
  /** Whose endpoint it is; `undefined`: a browser caused the request. */
  readonly tenantId: string | undefined;
}

/** What a request is sent with. */
interface ClientParts {
  readonly fetch: Fetch;
  readonly credential: ClientCredential;
}

/**
 * Posts to a token endpoint as the client; rejects with an IssueError unless the answer is 200. A
 * refused credential may be renewed and shown once more in the same call, which is safe for codes
 * too: Entra authenticates the client first.
 */
export async function requestAsClient(
  parts: ClientParts,
  request: ClientRequest,
): Promise<EntraAnswer> {
  const first = await post(parts, request);
  if (first.answer.status === 200) return first.answer;
  // An assertion that came too late or too early is made anew for the second try.
  const isUntimely = toEntraFailure(first.answer).cause === 'assertion_untimely';
  const outcome = isUntimely ? 'renewed' : await findOutcome(parts, request, first);
  if (outcome !== 'renewed') throw toIssueError(first.answer, outcome);
  const second = await post(parts, request);
  if (second.answer.status === 200) return second.answer;
  throw toIssueError(second.answer, await findOutcome(parts, request, second));
}

interface Exchange {
  readonly authentication: ClientAuthentication;
  readonly answer: EntraAnswer;
}

async function post({ fetch, credential }: ClientParts, request: ClientRequest): Promise<Exchange> {
  const { url, form } = request;
  const authentication = await credential.authenticate(url);
  const answer = await reach(() => postForm(fetch, url, { ...form, ...authentication.proof }));
  if (answer.status === 200) credential.noteAccepted();
  return { authentication, answer };
}

/** `undefined`: the answer does not blame the client. */
async function findOutcome(
  { credential }: ClientParts,
  { tenantId }: ClientRequest,
  { authentication, answer }: Exchange,
): Promise<RefusalOutcome | undefined> {
  const failure = toEntraFailure(answer);
  if (FAILURES[failure.cause].scope !== 'client') return undefined;
  return await credential.handleRefusal(authentication, { failure, tenantId });
}

/** What is not proven to concern everybody is this tenant's failure, and holds back nobody else. */
function toIssueError(answer: EntraAnswer, outcome: RefusalOutcome | undefined): IssueError {
  const failure = toEntraFailure(answer);
  const isLocal = outcome === 'unconfirmed' || outcome === 'renewed';
  return new IssueError(isLocal ? { ...failure, cause: 'refused_in_tenant' } : failure);
}

/** Turns "no answer" into the failure that it is. */
async function reach<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    throw new IssueError({ cause: 'service_unavailable' }, error);
  }
}

function toTokenResponse({ body }: EntraAnswer): TokenResponse {
  const parsed = v.safeParse(tokenSchema, body);
  if (!parsed.success) throw new IssueError({ cause: 'malformed_answer' });
  return {
    accessToken: parsed.output.access_token,
    expiresInMs: parsed.output.expires_in * 1000,
  };
}
