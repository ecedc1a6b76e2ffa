import { CompactEncrypt, compactDecrypt, errors } from 'jose';
import * as v from 'valibot';
import { deriveKey } from '../tokens/derive-key.ts';
import type { KeyRing } from '../tokens/key-ring.ts';
import type { CookieSeal } from './session.ts';

const contentSchema = v.object({ value: v.unknown(), expiresAt: v.number() });

/** Seals cookies as JWE (dir, A256GCM) under a key of the ring that serves one purpose only. */
export function createCookieSeal(
  ring: KeyRing,
  { purpose, now }: { purpose: 'console sign-in' | 'console session'; now: () => number },
): CookieSeal {
  const findKey = async (kid: string | undefined) => {
    const ringKey = kid === undefined ? undefined : await ring.find(kid);
    if (!ringKey) throw new errors.JOSEError('The ring does not hold the key.');
    return await deriveKey(ringKey, purpose);
  };
  return {
    async seal(value, expiresAt) {
      const ringKey = await ring.current();
      return await new CompactEncrypt(Buffer.from(JSON.stringify({ value, expiresAt })))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: ringKey.kid })
        .encrypt(await deriveKey(ringKey, purpose));
    },
    async open(text) {
      try {
        const { plaintext } = await compactDecrypt(text, ({ kid }) => findKey(kid), {
          keyManagementAlgorithms: ['dir'],
          contentEncryptionAlgorithms: ['A256GCM'],
        });
        const content = v.parse(contentSchema, JSON.parse(Buffer.from(plaintext).toString()));
        return content.expiresAt > now() ? content.value : undefined;
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },
  };
}
