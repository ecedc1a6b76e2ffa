import { createSingleFlight } from '../single-flight.ts';
import { type Failure, IssueError } from '../tokens/failure.ts';

/** Form parameters that prove who the client is. */
export type ClientAuthentication = Readonly<Record<string, string>>;

/** How the client proves itself at a token endpoint (RFC 6749 section 2.3). */
export interface ClientCredential {
  /** The parameters for that endpoint; rejects with an IssueError. */
  authenticate(tokenEndpoint: string): Promise<ClientAuthentication>;
  /** Entra refused these: looks for a newer credential. `true`: there is one, try again. */
  renew(refused: ClientAuthentication): Promise<boolean>;
  /** Entra refuses us whatever we show: it is left alone for a while. */
  hold(failure: Failure): void;
}

/** The current secret, read from Key Vault; rejects when the vault does not answer. */
export type ReadSecret = () => Promise<string>;

/** A secret is used this long before the vault is asked again. */
const SECRET_AGE = 5 * 60_000;

/** What Entra refuses for reasons of ours is not repeated more often than this: hammering locks apps out. */
const HOLD = 30_000;

/** A vault that did not answer is not asked by every request. */
const VAULT_PAUSE = 5000;

/** Creates the `client_secret_post` credential over a secret that is cached and renewed on refusal. */
export function createSecretCredential({
  readSecret,
  now,
}: {
  readSecret: ReadSecret;
  now: () => number;
}): ClientCredential {
  let secret: string | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  let held: { readonly failure: Failure; readonly until: number } | undefined;
  const share = createSingleFlight<string>();

  const load = () =>
    share('secret', async () => {
      secret = await readSecret();
      readAt = now();
      return secret;
    });

  const current = async (): Promise<string> => {
    if (secret !== undefined && now() - readAt < SECRET_AGE) return secret;
    try {
      return await load();
    } catch (error) {
      if (secret !== undefined) return secret;
      const failure: Failure = { cause: 'credential_unavailable' };
      held = { failure, until: now() + VAULT_PAUSE };
      throw new IssueError(failure, error);
    }
  };

  return {
    async authenticate() {
      if (held && now() < held.until) {
        throw new IssueError({ ...held.failure, retryAfterMs: held.until - now() });
      }
      return { client_secret: await current() };
    },
    async renew({ client_secret: refused }) {
      if (secret !== refused) return true;
      try {
        return (await load()) !== refused;
      } catch {
        // The vault is out of reach: the refused secret is all there is.
        return false;
      }
    },
    hold(failure) {
      held = { failure, until: now() + HOLD };
    },
  };
}
