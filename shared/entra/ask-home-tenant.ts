import * as v from 'valibot';
import { BrokerError, type Owner } from '../errors.ts';
import type { AskHomeTenant } from '../oauth/verify-secret.ts';
import { toDelayMs } from '../retry/delay.ts';
import { FAILURES } from '../tokens/failure-table.ts';
import { toEntraFailure } from './entra-failure.ts';
import { type EntraAnswer, type Fetch, findEntraError, postForm } from './entra-http.ts';

const tokenSchema = v.object({ access_token: v.pipe(v.string(), v.minLength(1)) });

/** Errors that say nothing about the client: the broker's API is not what its setting says. */
const ABOUT_API = new Set(['invalid_scope', 'invalid_resource', 'invalid_target']);

/**
 * Creates the question whether a secret is that client's: a token for the broker's API is asked for
 * with it.
 */
export function createAskHomeTenant({
  fetch,
  tokenEndpoint,
  apiAudience,
}: {
  fetch: Fetch;
  tokenEndpoint: string;
  apiAudience: string;
}): AskHomeTenant {
  return async (clientId, secret) => {
    const form = {
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: secret,
      scope: `${apiAudience}/.default`,
    };
    const answer = await postForm(fetch, tokenEndpoint, form).catch((cause: unknown) => {
      throw toSilentError('microsoft', "Entra can't be asked about the secret.", { cause });
    });
    return answer.status === 200 ? parseToken(answer) : refuse(answer);
  };
}

function parseToken({ body }: EntraAnswer): string {
  const parsed = v.safeParse(tokenSchema, body);
  if (parsed.success) return parsed.output.access_token;
  throw toSilentError('microsoft', 'Entra gave an unknown answer.', {});
}

function refuse(answer: EntraAnswer): undefined {
  const { cause, retryAfterMs = toDelayMs('entra.transient') } = toEntraFailure(answer);
  const retryAfterSeconds = Math.ceil(retryAfterMs / 1000);
  if (cause === 'throttled' || FAILURES[cause].scope === 'service') {
    throw toSilentError('microsoft', 'Entra does not say whether the secret is right.', {
      retryAfterSeconds,
    });
  }
  const error = findEntraError(answer.body)?.error ?? '';
  if (!ABOUT_API.has(error)) return undefined;
  throw toSilentError('partner', "Entra does not know the broker's API.", { retryAfterSeconds });
}

function toSilentError(
  owner: Owner,
  description: string,
  { cause, retryAfterSeconds = 5 }: { cause?: unknown; retryAfterSeconds?: number },
): BrokerError {
  const remedy = owner === 'partner' ? 'Correct the setting API_AUDIENCE.' : 'Try again.';
  const details = { owner, remedy, retryAfterSeconds, cause };
  return new BrokerError('temporarily_unavailable', description, details);
}
