import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { CompactEncrypt } from 'jose';
import * as v from 'valibot';
import { createDeriveKey, type DeriveKey } from './derive-key.ts';
import { decryptJson, findHeader } from './jwe.ts';
import type { KeyRing, RingKey } from './key-ring.ts';
import type { Purpose } from './purpose.ts';

/** What a value belongs to: it opens only where the same is asked for, name by name. */
type SealContext = Readonly<Record<string, string>>;

/** How a value is bound. */
interface SealBinding {
  readonly context?: SealContext | undefined;
  /** Epoch milliseconds; from then on it does not open. */
  readonly expiresAt?: number | undefined;
}

/** Why a value does not open. `invalid`: changed, for another purpose, or nothing of ours. */
export type SealProblem = 'invalid' | 'key_lost' | 'other_context' | 'expired';

/** A value as it was sealed (parse it: an older version may have made it), or why there is none. */
type Opened = { readonly value: unknown } | { readonly problem: SealProblem };

/**
 * Protects values that leave the process: in storage, queues, browsers and callers' hands. Every
 * method rejects with `temporarily_unavailable` when the key ring can't be read; that is no verdict
 * on a value.
 */
export interface Seal {
  /** Encrypts a JSON value: compact JWE (RFC 7516), whose header names nothing but the key. */
  seal(purpose: Purpose, value: unknown, binding?: SealBinding): Promise<string>;
  open(purpose: Purpose, sealed: string, context?: SealContext): Promise<Opened>;
  /** A tag that only this broker can make: the key's id, a dot, HMAC-SHA256 in base64url. */
  authenticate(purpose: Purpose, content: string | Uint8Array): Promise<string>;
  /** Whether the tag was made for this content and purpose. */
  verify(purpose: Purpose, content: string | Uint8Array, tag: string): Promise<boolean>;
  /** The same without waiting for the key ring; `false` says nothing: ask `verify`. */
  verifyNow(purpose: Purpose, content: string | Uint8Array, tag: string): boolean;
  /** Whether a newer key should make it again: of what was sealed or of a tag. */
  isOld(made: string): Promise<boolean>;
  /** Whether the ring holds the key that made it. */
  knows(made: string): Promise<boolean>;
}

const payloadSchema = v.object({
  value: v.unknown(),
  context: v.optional(v.record(v.string(), v.string())),
  expires_at: v.optional(v.number()),
});

/**
 * Creates the seal over a key ring: A256GCM and HMAC-SHA256 under keys that are derived per
 * purpose.
 */
export function createSeal(ring: KeyRing, now: () => number): Seal {
  const derive = createDeriveKey();
  const deriveMacKey = createMacKeys(derive);
  const isTagOf = (ringKey: RingKey | undefined, purpose: Purpose, { content, tag }: Tagged) =>
    ringKey !== undefined && isEqual(toTag(ringKey, deriveMacKey(ringKey, purpose), content), tag);
  return {
    async seal(purpose, value, { context, expiresAt } = {}) {
      const ringKey = await ring.current();
      const text = JSON.stringify({ value, context, expires_at: expiresAt });
      return await new CompactEncrypt(new TextEncoder().encode(text))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: ringKey.kid })
        .encrypt(derive(ringKey, 'seal', purpose));
    },
    async open(purpose, sealed, context) {
      const { kid } = findHeader(sealed) ?? {};
      if (kid === undefined) return { problem: 'invalid' };
      const ringKey = await ring.find(kid);
      if (!ringKey) return { problem: 'key_lost' };
      const opened = await decryptJson(sealed, derive(ringKey, 'seal', purpose));
      const payload = v.safeParse(payloadSchema, opened);
      return payload.success
        ? judge(payload.output, { context, now: now() })
        : { problem: 'invalid' };
    },
    async authenticate(purpose, content) {
      const ringKey = await ring.current();
      return toTag(ringKey, deriveMacKey(ringKey, purpose), content);
    },
    async verify(purpose, content, tag) {
      return isTagOf(await ring.find(toKeyId(tag)), purpose, { content, tag });
    },
    verifyNow: (purpose, content, tag) =>
      isTagOf(ring.peek(toKeyId(tag)), purpose, { content, tag }),
    isOld: async (made) => toKeyId(made) !== (await ring.current()).kid,
    knows: async (made) => (await ring.find(toKeyId(made))) !== undefined,
  };
}

/** A content with the tag that it came with. */
interface Tagged {
  readonly content: string | Uint8Array;
  readonly tag: string;
}

/** An HMAC under a key object costs a fifth of one under bytes. */
function createMacKeys(derive: DeriveKey) {
  // What the ring forgets is forgotten here too.
  const known = new WeakMap<RingKey, Map<Purpose, KeyObject>>();
  return (ringKey: RingKey, purpose: Purpose): KeyObject => {
    const keys = known.get(ringKey) ?? new Map<Purpose, KeyObject>();
    const key = keys.get(purpose);
    if (key) return key;
    const made = createSecretKey(derive(ringKey, 'mac', purpose));
    known.set(ringKey, keys.set(purpose, made));
    return made;
  };
}

function judge(
  payload: v.InferOutput<typeof payloadSchema>,
  asked: { context: SealContext | undefined; now: number },
): Opened {
  if (!isSameContext(payload.context ?? {}, asked.context ?? {})) {
    return { problem: 'other_context' };
  }
  if (asked.now >= (payload.expires_at ?? Number.POSITIVE_INFINITY)) return { problem: 'expired' };
  return { value: payload.value };
}

function isSameContext(one: SealContext, other: SealContext): boolean {
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length && names.every((name) => one[name] === other[name])
  );
}

function toTag({ kid }: RingKey, key: KeyObject, content: string | Uint8Array): string {
  return `${kid}.${createHmac('sha256', key).update(content).digest('base64url')}`;
}

/**
 * The id of the key that made a sealed value or a tag. Ids have no dot: they are versions of Key
 * Vault.
 */
function toKeyId(made: string): string {
  const dot = made.indexOf('.');
  const isTag = !made.includes('.', dot + 1);
  return isTag ? made.slice(0, dot) : (findHeader(made)?.kid ?? '');
}

function isEqual(one: string, other: string): boolean {
  const [first, second] = [Buffer.from(one), Buffer.from(other)];
  return first.byteLength === second.byteLength && timingSafeEqual(first, second);
}
