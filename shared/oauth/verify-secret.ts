import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { createBoundedMap } from '../bounded-map.ts';
import type { Authenticate } from '../callers/authenticate.ts';
import type { EpochWatch } from '../epoch.ts';
import { BrokerError, toBusyError } from '../errors.ts';
import { toRetryAfterSeconds } from '../retry/retry-after.ts';
import { createSingleFlight } from '../single-flight.ts';
import { MINUTE } from '../time.ts';
import type { AskBudget } from './ask-budget.ts';
import {
  type AuthenticatedClient,
  authenticateToken,
  toExpiry,
  type VerifySecret,
} from './authenticate-client.ts';
import { type SecretProof, toInvalidClient } from './client-proof.ts';
import type { SecretCallers } from './secret-callers.ts';

/**
 * Shows a secret to the home tenant, which gives the client's access token for the broker's API;
 * `undefined`: refused. Rejects with `temporarily_unavailable`: it says nothing.
 */
export type AskHomeTenant = (clientId: string, secret: string) => Promise<string | undefined>;

/** A withdrawn secret or app role is noticed after this time, as with access tokens. */
const FRESH_MS = 5 * MINUTE;

/** A client that tries the same wrong secret again and again is refused from memory meanwhile. */
const REFUSED_MS = 10_000;

/** Far more secrets than tools have; guesses beyond forget the oldest. */
const MAX_VERDICTS = 5000;

interface Accepted {
  readonly client: AuthenticatedClient;
  readonly freshUntil: number;
  /** Until then the client's access token would work, whatever became of the secret. */
  readonly usableUntil: number;
}

/**
 * Creates the check of forwarded secrets. Entra is asked only for callers that opted in, once for
 * equal requests, and within the budget. The process remembers verdicts by a keyed hash, never the
 * secret, with the access token that Entra gave. While nobody can be asked, an accepted secret
 * works as long as that token.
 */
export function createVerifySecret(parts: {
  callers: SecretCallers;
  epoch: Pick<EpochWatch, 'ensureCurrent'>;
  askHomeTenant: AskHomeTenant;
  authenticate: Authenticate;
  budget: AskBudget;
  now: () => number;
}): VerifySecret {
  const { epoch, callers, budget, now } = parts;
  // An HMAC under a key object costs a fifth of one under bytes.
  const hashKey = createSecretKey(randomBytes(32));
  const accepted = createBoundedMap<Accepted>(MAX_VERDICTS);
  const refusedUntil = createBoundedMap<number>(MAX_VERDICTS);
  const share = createSingleFlight<AuthenticatedClient>();

  const toKey = ({ clientId, secret }: SecretProof) =>
    createHmac('sha256', hashKey).update(`${clientId}:${secret}`).digest('base64');

  const ask = async (proof: SecretProof, key: string, address: string) => {
    const { clientId } = proof;
    const wait = budget.take(clientId, address);
    if (wait > 0) throw toTooManySecretsError(wait);
    const accessToken = await parts.askHomeTenant(clientId, proof.secret);
    if (accessToken === undefined) {
      accepted.delete(key);
      refusedUntil.set(key, now() + REFUSED_MS);
      throw toRefusedError();
    }
    const client = await readClient(parts.authenticate, accessToken, clientId);
    const usableUntil = toExpiry(accessToken);
    accepted.set(key, { client, freshUntil: now() + FRESH_MS, usableUntil });
    budget.noteAccepted(clientId, address);
    return client;
  };

  return async (proof, address) => {
    const check = epoch.ensureCurrent();
    if (check !== undefined) await check;
    if (!(await callers.has(proof.clientId))) throw toRefusedError();
    const key = toKey(proof);
    const known = accepted.get(key);
    if (known && now() < known.freshUntil) return known.client;
    if (now() < (refusedUntil.get(key) ?? 0)) throw toRefusedError();
    return await share(key, () => ask(proof, key, address)).catch((error: unknown) => {
      if (isSilence(error) && known && now() < known.usableUntil) return known.client;
      throw error;
    });
  };
}

function isSilence(error: unknown): boolean {
  return error instanceof BrokerError && error.code === 'temporarily_unavailable';
}

/**
 * Entra's answer is verified like any caller's token; if it is not accepted, the broker's own
 * settings are wrong.
 */
async function readClient(
  authenticate: Authenticate,
  accessToken: string,
  clientId: string,
): Promise<AuthenticatedClient> {
  const client = await authenticateToken(authenticate, accessToken, 'invalid_client').catch(
    (error: unknown) => {
      const isRefused = error instanceof BrokerError && error.code === 'invalid_client';
      throw isRefused ? toMisconfiguredError() : error;
    },
  );
  const { kind, id } = client.caller;
  if (kind === 'application' && id === clientId) return client;
  throw toMisconfiguredError();
}

function toMisconfiguredError(): BrokerError {
  return new BrokerError('server_error', "The broker does not accept the client's own token.", {
    owner: 'partner',
    remedy: "Compare the setting API_AUDIENCE with the registration of the broker's API.",
  });
}

/**
 * The same for an unknown client, one that may not present secrets, and a wrong or expired secret.
 */
function toRefusedError(): BrokerError {
  return toInvalidClient(
    'The client is unknown here, may not present its secret, or the secret is not accepted.',
    "Check client id and secret; the caller's record needs client_secret true. Better: use client_assertion.",
  );
}

function toTooManySecretsError(waitMs: number): BrokerError {
  return toBusyError('Too many secrets were tried for this client.', {
    remedy: 'Wait for the time in Retry-After, then send the right secret.',
    retryAfterSeconds: toRetryAfterSeconds(waitMs),
    isLocal: true,
  });
}
