import { randomBytes, timingSafeEqual } from 'node:crypto';
import * as v from 'valibot';
import type { Authenticate } from '../callers/authenticate.ts';
import type { Caller } from '../callers/caller.ts';
import type { Seal } from '../crypto/seal.ts';
import { BrokerError } from '../errors.ts';
import type { Log } from '../log.ts';
import { MINUTE } from '../time.ts';
import { MAX_SESSION_MS, type Session } from './session.ts';

/** Why a sign-in ended without a session; the console has a sentence for each. */
type SignInRefusal =
  | 'blocked'
  | 'declined'
  | 'not_assigned'
  | 'other_browser'
  | 'sign_in_failed'
  | 'try_later';

/** A sign-in that ended without a session. */
export class SignInRefused extends Error {
  override readonly name = 'SignInRefused';
  readonly refusal: SignInRefusal;
  readonly entraCode: number | undefined;

  constructor(refusal: SignInRefusal, entraCode?: number) {
    super(`The sign-in was refused: ${refusal}.`);
    this.refusal = refusal;
    this.entraCode = entraCode;
  }
}

/** The query parameters of Entra's answer; each is a claim of whoever sent the browser here. */
interface SignInAnswer {
  readonly state?: string | undefined;
  readonly code?: string | undefined;
  readonly error?: string | undefined;
  readonly error_description?: string | undefined;
}

/** What an authorization code was redeemed for: a token of our own API, and who signed in. */
export interface SignInTokens {
  readonly accessToken: string;
  readonly tenantId: string;
  readonly userName: string | undefined;
  /** When the access token ends, in epoch milliseconds. */
  readonly expiresAt: number;
}

/** Entra's endpoints of the home tenant, as the sign-in needs them. */
export interface OperatorSignIn {
  /** The authorize request with PKCE (RFC 7636) and nonce for our API's scope. */
  toSignInUrl(request: { state: string; nonce: string; codeVerifier: string }): string;
  /** Redeems the code; rejects with SignInRefused. */
  redeem(redemption: { code: string; codeVerifier: string; nonce: string }): Promise<SignInTokens>;
}

/**
 * The console's sign-in: a backend for frontend (RFC 10017), so that no token reaches the browser.
 */
export interface SignIn {
  /** Where the browser goes, and the cookie that binds the attempt to it. */
  start(returnTo: string): Promise<{ readonly location: string; readonly cookie: string }>;
  /** Takes Entra's answer; rejects with SignInRefused. */
  complete(
    answer: SignInAnswer,
    cookie: string | undefined,
  ): Promise<{ readonly session: Session; readonly returnTo: string }>;
}

/** Long enough for a second factor. */
const ATTEMPT_LIFETIME_MS = 10 * MINUTE;

/** A hash route of the console; anything else would let a link lead elsewhere. */
const HASH_ROUTE = /^\/[\w/.,=&%?@:+*~-]{0,500}$/;

const NO_COOKIE = { problem: 'invalid' } as const;

const attemptSchema = v.object({
  state: v.string(),
  nonce: v.string(),
  codeVerifier: v.string(),
  returnTo: v.pipe(v.string(), v.regex(HASH_ROUTE)),
});

/** AADSTS50105: the person has no app role, and the API demands one. */
const NOT_ASSIGNED = /^AADSTS50105\b/;

/** What the sign-in is made of. */
interface SignInParts {
  readonly entra: OperatorSignIn;
  readonly seal: Seal;
  readonly authenticate: Authenticate;
  readonly homeTenantId: string;
  readonly log: Log;
  readonly now: () => number;
}

/** Creates the sign-in. */
export function createSignIn({ entra, seal, now, ...parts }: SignInParts): SignIn {
  const openAttempt = async ({ state }: SignInAnswer, cookie: string | undefined) => {
    const opened = cookie ? await seal.open('console sign-in', cookie) : NO_COOKIE;
    const attempt = v.safeParse(attemptSchema, 'value' in opened ? opened.value : undefined);
    if (!attempt.success || !isSame(attempt.output.state, state)) {
      throw new SignInRefused('other_browser');
    }
    return attempt.output;
  };

  return {
    async start(returnTo) {
      const attempt = {
        state: random(),
        nonce: random(),
        codeVerifier: random(),
        returnTo: HASH_ROUTE.test(returnTo) ? returnTo : '/',
      };
      const expiresAt = now() + ATTEMPT_LIFETIME_MS;
      const cookie = await seal.seal('console sign-in', attempt, { expiresAt });
      return { location: entra.toSignInUrl(attempt), cookie };
    },
    async complete(answer, cookie) {
      const { nonce, codeVerifier, returnTo } = await openAttempt(answer, cookie);
      if (answer.error) throw toRefused(answer);
      if (!answer.code) throw new SignInRefused('sign_in_failed');
      const tokens = await entra.redeem({ code: answer.code, codeVerifier, nonce });
      if (tokens.tenantId !== parts.homeTenantId) throw new SignInRefused('sign_in_failed');
      const caller = await identify(parts.authenticate, tokens.accessToken);
      const expiresAt = Math.min(tokens.expiresAt, now() + MAX_SESSION_MS);
      parts.log.info('console.signed_in', { caller: caller.id });
      const name = tokens.userName ?? caller.id;
      return { session: { id: random(), caller, name, expiresAt }, returnTo };
    },
  };
}

async function identify(authenticate: Authenticate, accessToken: string): Promise<Caller> {
  try {
    const caller = await authenticate(`Bearer ${accessToken}`);
    if (caller.kind === 'user') return caller;
  } catch (error) {
    const isBlocked = error instanceof BrokerError && error.code === 'caller_blocked';
    throw isBlocked ? new SignInRefused('blocked') : error;
  }
  throw new SignInRefused('sign_in_failed');
}

function toRefused({ error, error_description = '' }: SignInAnswer): SignInRefused {
  if (NOT_ASSIGNED.test(error_description)) return new SignInRefused('not_assigned', 50105);
  return new SignInRefused(error === 'access_denied' ? 'declined' : 'sign_in_failed');
}

function isSame(expected: string, sent: string | undefined): boolean {
  const [one, other] = [Buffer.from(expected), Buffer.from(sent ?? '')];
  return one.length === other.length && timingSafeEqual(one, other);
}

function random(): string {
  return randomBytes(32).toString('base64url');
}
