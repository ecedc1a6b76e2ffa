import type { KeyRing, RingKey } from '../../shared/crypto/key-ring.ts';

/** A key ring that holds one key. */
export function createRing(ringKey: RingKey): KeyRing {
  const peek = (kid: string) => (kid === ringKey.kid ? ringKey : undefined);
  return {
    current: () => Promise.resolve(ringKey),
    find: (kid) => Promise.resolve(peek(kid)),
    peek,
  };
}
