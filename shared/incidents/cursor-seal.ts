import { EncryptJWT, errors, jwtDecrypt } from 'jose';
import * as v from 'valibot';
import { BrokerError } from '../errors.ts';
import { deriveKey } from '../tokens/derive-key.ts';
import type { KeyRing } from '../tokens/key-ring.ts';

/** The routes that answer cursors. */
export type CursorKind = 'incidents' | 'incident-changes';

/**
 * Encrypts where a reader stands: the position may name a tenant that its caller may not see, and can't be made up.
 * What it may read is decided at each read.
 */
export interface CursorSeal {
  seal(kind: CursorKind, position: string): Promise<string>;
  /** The position; throws `invalid_request` that tells what is wrong with the cursor. */
  open(kind: CursorKind, cursor: string): Promise<string>;
}

const claimsSchema = v.object({ iss: v.string(), aud: v.string(), at: v.string() });

/**
 * Creates the seal over a key ring: compact JWE (RFC 7516) with `dir` and A256GCM. `deployment` is what tells this one
 * from others with the same ring.
 */
export function createCursorSeal(ring: KeyRing, deployment: string): CursorSeal {
  const findKey = async ({ kid }: { kid?: string }): Promise<Uint8Array> => {
    const ringKey = kid === undefined ? undefined : await ring.find(kid);
    if (!ringKey) throw toForeignError();
    return await deriveKey(ringKey, 'incident cursor');
  };

  return {
    async seal(kind, position) {
      const ringKey = await ring.current();
      return await new EncryptJWT({ at: position })
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: ringKey.kid })
        .setIssuer(deployment)
        .setAudience(kind)
        .encrypt(await deriveKey(ringKey, 'incident cursor'));
    },
    async open(kind, cursor) {
      const { iss, aud, at } = await readClaims(cursor, findKey);
      if (iss !== deployment) throw toForeignError();
      if (aud !== kind) throw toCursorError('is of another route', 'Send it where it came from.');
      return at;
    },
  };
}

/** For a cursor that this deployment has not made, or made under a key that it no longer has. */
export function toForeignError(): BrokerError {
  const remedy = 'Begin again: without cursor, or with since.';
  return toCursorError('is of another deployment, or its key is gone', remedy);
}

/** For a cursor that can't be used. */
export function toCursorError(what: string, remedy: string): BrokerError {
  return new BrokerError('invalid_request', `The parameter cursor ${what}.`, {
    owner: 'caller',
    remedy,
  });
}

async function readClaims(
  cursor: string,
  findKey: (header: { kid?: string }) => Promise<Uint8Array>,
): Promise<v.InferOutput<typeof claimsSchema>> {
  try {
    const { payload } = await jwtDecrypt(cursor, findKey, {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    return v.parse(claimsSchema, payload);
  } catch (error) {
    if (!(error instanceof errors.JOSEError || error instanceof v.ValiError)) throw error;
    throw toCursorError('was changed', 'Send next_cursor exactly as it was answered.');
  }
}
