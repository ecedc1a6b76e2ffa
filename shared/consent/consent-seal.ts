import { CompactEncrypt, compactDecrypt, errors, jwtVerify, SignJWT } from 'jose';
import * as v from 'valibot';
import { deriveKey, type KeyPurpose } from '../tokens/derive-key.ts';
import type { KeyRing } from '../tokens/key-ring.ts';

/** What a browser carries between the steps, encrypted in its cookie. */
export interface ConsentSession {
  /** Names the attempt; `state` must carry the same. */
  readonly sid: string;
  readonly invitation: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  /** Who signed in, from a verified id_token. */
  readonly tenantId?: string | undefined;
  readonly userName?: string | undefined;
  /** The consent was accepted; only the status page is left. */
  readonly done?: boolean | undefined;
}

/** The step that an answer of Entra belongs to. */
export type ConsentLeg = 'sign-in' | 'consent';

/** The value that crosses the redirect (RFC 6749 section 10.12): which attempt, which step, which tenant. */
export interface ConsentState {
  readonly sid: string;
  readonly leg: ConsentLeg;
  readonly tenantId?: string | undefined;
}

/** A `state` as it came back. */
export type StateReading =
  | { readonly state: ConsentState }
  | { readonly refusal: 'state_invalid' | 'state_expired' };

/** Signs `state` and encrypts the cookie, under keys derived from the ring. */
export interface ConsentSeal {
  signState(state: ConsentState, expiresAt: number): Promise<string>;
  readState(text: string): Promise<StateReading>;
  sealSession(session: ConsentSession): Promise<string>;
  /** `undefined`: not one of ours. */
  openSession(text: string): Promise<ConsentSession | undefined>;
}

const stateSchema = v.object({
  sid: v.string(),
  leg: v.picklist(['sign-in', 'consent']),
  tenantId: v.optional(v.string()),
});
const sessionSchema = v.object({
  sid: v.string(),
  invitation: v.string(),
  nonce: v.string(),
  codeVerifier: v.string(),
  expiresAt: v.number(),
  tenantId: v.optional(v.string()),
  userName: v.optional(v.string()),
  done: v.optional(v.boolean()),
});

const STATE_AUDIENCE = 'consent-state';

/** Creates the seal over a key ring; `now` in epoch milliseconds. */
export function createConsentSeal(ring: KeyRing, now: () => number): ConsentSeal {
  const findKey = async (kid: string | undefined, purpose: KeyPurpose) => {
    const ringKey = kid === undefined ? undefined : await ring.find(kid);
    if (!ringKey) throw new errors.JOSEError('The ring does not hold the key.');
    return await deriveKey(ringKey, purpose);
  };

  return {
    async signState(state, expiresAt) {
      const ringKey = await ring.current();
      return await new SignJWT({ ...state })
        .setProtectedHeader({ alg: 'HS256', kid: ringKey.kid })
        .setAudience(STATE_AUDIENCE)
        .setExpirationTime(Math.floor(expiresAt / 1000))
        .sign(await deriveKey(ringKey, 'consent state'));
    },
    async readState(text) {
      try {
        const { payload } = await jwtVerify(text, ({ kid }) => findKey(kid, 'consent state'), {
          algorithms: ['HS256'],
          audience: STATE_AUDIENCE,
          requiredClaims: ['exp'],
          currentDate: new Date(now()),
        });
        return { state: v.parse(stateSchema, payload) };
      } catch (error) {
        return { refusal: toStateRefusal(error) };
      }
    },
    async sealSession(session) {
      const ringKey = await ring.current();
      return await new CompactEncrypt(new TextEncoder().encode(JSON.stringify(session)))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: ringKey.kid })
        .encrypt(await deriveKey(ringKey, 'consent cookie'));
    },
    async openSession(text) {
      try {
        const { plaintext } = await compactDecrypt(
          text,
          ({ kid }) => findKey(kid, 'consent cookie'),
          {
            keyManagementAlgorithms: ['dir'],
            contentEncryptionAlgorithms: ['A256GCM'],
          },
        );
        return v.parse(sessionSchema, JSON.parse(new TextDecoder().decode(plaintext)));
      } catch (error) {
        if (isForeign(error)) return undefined;
        throw error;
      }
    },
  };
}

function toStateRefusal(error: unknown): 'state_invalid' | 'state_expired' {
  if (error instanceof errors.JWTExpired) return 'state_expired';
  if (isForeign(error)) return 'state_invalid';
  throw error;
}

/** A value that is not ours is a refusal; a vault that can't be read is an error. */
function isForeign(error: unknown): boolean {
  return (
    error instanceof errors.JOSEError ||
    error instanceof v.ValiError ||
    error instanceof SyntaxError
  );
}
