import { hkdfSync } from 'node:crypto';
import type { RingKey } from './key-ring.ts';
import type { Purpose } from './purpose.ts';

/** Encryption and authentication never share a key. */
type KeyUse = 'seal' | 'mac';

/** The key of 32 bytes for one use and purpose. */
export type DeriveKey = (ringKey: RingKey, use: KeyUse, purpose: Purpose) => Uint8Array;

/**
 * Creates the key schedule: HKDF (RFC 5869) with SHA-256 over a key of the ring. Keys are derived
 * once.
 */
export function createDeriveKey(): DeriveKey {
  // What the ring forgets is forgotten here too.
  const known = new WeakMap<RingKey, Map<string, Uint8Array>>();
  return (ringKey, use, purpose) => {
    const keys = known.get(ringKey) ?? new Map<string, Uint8Array>();
    known.set(ringKey, keys);
    const info = `${use} ${purpose}`;
    const derived = keys.get(info) ?? expand(ringKey.key, info);
    keys.set(info, derived);
    return derived;
  };
}

/** HKDF without a salt: what is expanded is random already. */
export function expand(key: Uint8Array, info: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, new Uint8Array(), info, 32));
}
