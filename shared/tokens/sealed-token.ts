import { CompactEncrypt, compactDecrypt, errors } from 'jose';
import * as v from 'valibot';
import type { KeyRing } from './key-ring.ts';
import type { Life } from './schedule.ts';
import type { TokenKey } from './token-record.ts';

/** A token with its life, as it is sealed and opened. */
export interface OpenToken extends Life {
  readonly accessToken: string;
}

const headerSchema = v.object({ kid: v.string(), tenant: v.string(), resource: v.string() });
const payloadSchema = v.object({
  access_token: v.string(),
  issued_at: v.number(),
  expires_at: v.number(),
  refresh_at: v.number(),
});

/** Encrypts tokens for storage, bound to their key. */
export interface TokenSeal {
  /** Rejects when nothing could be sealed now: better known before Entra is asked. */
  ready(): Promise<void>;
  seal(key: TokenKey, token: OpenToken): Promise<string>;
  /** `undefined`: sealed for another key, tampered with, or by a key that is lost. Rejects if the ring can't be read. */
  open(key: TokenKey, sealed: string): Promise<OpenToken | undefined>;
  /** Sealed anew; `undefined`: the current key sealed it already, or it does not open. Rejects if the ring can't be read. */
  reseal(key: TokenKey, sealed: string): Promise<string | undefined>;
}

/**
 * Compact JWE (RFC 7516) with `dir` and A256GCM. Tenant, resource and key id stand in the protected header,
 * which is the authenticated data: a row copied to another tenant's key does not open there.
 */
export function createTokenSeal(ring: KeyRing): TokenSeal {
  const seal: TokenSeal['seal'] = async ({ tenantId, resource }, token) => {
    const { kid, key } = await ring.current();
    return await new CompactEncrypt(toPayload(token))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid, tenant: tenantId, resource })
      .encrypt(key);
  };
  const open: TokenSeal['open'] = async ({ tenantId, resource }, sealed) => {
    const header = readHeader(sealed);
    if (header?.tenant !== tenantId || header.resource !== resource) return undefined;
    const ringKey = await ring.find(header.kid);
    return ringKey && (await decrypt(sealed, ringKey.key));
  };

  return {
    ready: async () => {
      await ring.current();
    },
    seal,
    open,
    async reseal(key, sealed) {
      const { kid } = await ring.current();
      if (findKeyId(sealed) === kid) return undefined;
      const token = await open(key, sealed);
      return token && (await seal(key, token));
    },
  };
}

/** The id of the key that sealed a token, `undefined` for what is no sealed token. */
export function findKeyId(sealed: string): string | undefined {
  return readHeader(sealed)?.kid;
}

async function decrypt(sealed: string, key: Uint8Array): Promise<OpenToken | undefined> {
  try {
    const { plaintext } = await compactDecrypt(sealed, key, {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    const payload = v.parse(payloadSchema, JSON.parse(new TextDecoder().decode(plaintext)));
    return {
      accessToken: payload.access_token,
      issuedAt: payload.issued_at,
      expiresAt: payload.expires_at,
      refreshAt: payload.refresh_at,
    };
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

function toPayload({ accessToken, issuedAt, expiresAt, refreshAt }: OpenToken): Uint8Array {
  return new TextEncoder().encode(
    JSON.stringify({
      access_token: accessToken,
      issued_at: issuedAt,
      expires_at: expiresAt,
      refresh_at: refreshAt,
    }),
  );
}

function readHeader(sealed: string): v.InferOutput<typeof headerSchema> | undefined {
  try {
    const header = Buffer.from(sealed.slice(0, sealed.indexOf('.')), 'base64url').toString();
    return v.parse(headerSchema, JSON.parse(header));
  } catch {
    return undefined;
  }
}
