import type { KeyRing, RingKey } from '../../shared/crypto/key-ring.ts';
import { createSeal, type Seal } from '../../shared/crypto/seal.ts';

/** A ring that holds exactly the given keys, the first being current. */
export function createFixedRing(...keys: readonly [RingKey, ...RingKey[]]): KeyRing {
  const peek = (kid: string) => keys.find((key) => key.kid === kid);
  return {
    current: () => Promise.resolve(keys[0]),
    find: (kid) => Promise.resolve(peek(kid)),
    peek,
  };
}

/** A ring that holds exactly the given keys, with its seal. */
export function createFixedSeal(...keys: readonly [RingKey, ...RingKey[]]): {
  readonly ring: KeyRing;
  readonly seal: Seal;
} {
  const ring = createFixedRing(...keys);
  return { ring, seal: createSeal(ring, Date.now) };
}

/** A key whose bytes are all the same, so that tests can tell keys apart. */
export function createRingKey(kid: string, byte = 7): RingKey {
  return { kid, key: new Uint8Array(32).fill(byte), createdAt: 0 };
}
