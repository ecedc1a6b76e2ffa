import type { RingKey } from './key-ring.ts';

/** What a key of the ring is used for besides sealing tokens. */
export type KeyPurpose =
  | 'consent state'
  | 'consent cookie'
  | 'queue message'
  | 'incident cursor'
  | 'webhook target'
  | 'console sign-in'
  | 'console session';

/** One ring key, several uses: HKDF (RFC 5869) keeps a value of one use from passing for another. */
export async function deriveKey({ key }: RingKey, purpose: KeyPurpose): Promise<Uint8Array> {
  const material = await crypto.subtle.importKey('raw', Uint8Array.from(key), 'HKDF', false, [
    'deriveBits',
  ]);
  const info = new TextEncoder().encode(purpose);
  const bits = await crypto.subtle.deriveBits(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info },
    material,
    256,
  );
  return new Uint8Array(bits);
}
