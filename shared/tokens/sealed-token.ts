import * as v from 'valibot';
import { decryptJson, findHeader, findKeyId } from '../crypto/jwe.ts';
import type { KeyRing } from '../crypto/key-ring.ts';
import type { Seal } from '../crypto/seal.ts';
import type { Life } from './token-life.ts';
import type { TokenKey } from './token-record.ts';

/** A token with its life, as it is sealed and opened. */
export interface OpenToken extends Life {
  readonly accessToken: string;
}

const payloadSchema = v.pipe(
  v.object({
    access_token: v.string(),
    issued_at: v.number(),
    expires_at: v.number(),
    refresh_at: v.number(),
  }),
  v.transform(
    (payload): OpenToken => ({
      accessToken: payload.access_token,
      issuedAt: payload.issued_at,
      expiresAt: payload.expires_at,
      refreshAt: payload.refresh_at,
    }),
  ),
);

/** Encrypts tokens for storage, bound to their key. */
export interface TokenSeal {
  /** Rejects when nothing could be sealed now: better known before Entra is asked. */
  ready(): Promise<void>;
  seal(key: TokenKey, token: OpenToken): Promise<string>;
  /**
   * `undefined`: sealed for another key, tampered with, or by a key that is lost. Rejects if the
   * ring can't be read.
   */
  open(key: TokenKey, sealed: string): Promise<OpenToken | undefined>;
  /**
   * Sealed anew; `undefined`: the current key sealed it already, or it does not open. Rejects if
   * the ring can't be read.
   */
  reseal(key: TokenKey, sealed: string): Promise<string | undefined>;
}

/**
 * Creates the seal of tokens: each is bound to its tenant and API, so a row copied to another key
 * does not open there.
 */
export function createTokenSeal({ seal, ring }: { seal: Seal; ring: KeyRing }): TokenSeal {
  const sealToken: TokenSeal['seal'] = async (key, token) =>
    await seal.seal('token', toPayload(token), { context: toContext(key) });
  const open: TokenSeal['open'] = async (key, sealed) => {
    const opened = isUnderRingKey(sealed)
      ? await openUnderRingKey(ring, key, sealed)
      : await seal.open('token', sealed, toContext(key));
    const token = v.safeParse(payloadSchema, 'value' in opened ? opened.value : undefined);
    return token.success ? token.output : undefined;
  };

  return {
    ready: async () => {
      await ring.current();
    },
    seal: sealToken,
    open,
    async reseal(key, sealed) {
      const { kid } = await ring.current();
      if (findKeyId(sealed) === kid) return undefined;
      const token = await open(key, sealed);
      return token && (await sealToken(key, token));
    },
  };
}

function toContext({ tenantId, resource }: TokenKey) {
  return { tenant: tenantId, resource };
}

function toPayload({ accessToken, issuedAt, expiresAt, refreshAt }: OpenToken) {
  return {
    access_token: accessToken,
    issued_at: issuedAt,
    expires_at: expiresAt,
    refresh_at: refreshAt,
  };
}

/**
 * Earlier versions sealed tokens under the ring's key itself, with tenant and resource in the
 * header.
 */
function isUnderRingKey(sealed: string): boolean {
  return findHeader(sealed)?.tenant !== undefined;
}

/** The header is the authenticated data of the ciphertext: one that was rewritten does not open. */
async function openUnderRingKey(ring: KeyRing, { tenantId, resource }: TokenKey, sealed: string) {
  const header = findHeader(sealed);
  const isMeant = header?.tenant === tenantId && header.resource === resource;
  const ringKey = isMeant ? await ring.find(header.kid) : undefined;
  return { value: ringKey && (await decryptJson(sealed, ringKey.key)) };
}
