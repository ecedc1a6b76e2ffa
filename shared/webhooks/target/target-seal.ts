import { CompactEncrypt, compactDecrypt, decodeProtectedHeader, errors } from 'jose';
import * as v from 'valibot';
import { deriveKey } from '../../tokens/derive-key.ts';
import type { KeyRing } from '../../tokens/key-ring.ts';

/** Where a subscription's notifications go, and what signs them. */
export interface WebhookTarget {
  readonly url: string;
  /** `whsec_` and base64. */
  readonly secret: string;
  /** The secret before, which signs too until a time (epoch milliseconds). */
  readonly previous: { readonly secret: string; readonly until: number } | undefined;
}

/** Encrypts targets for storage, each bound to its subscription: URLs of receivers often hold a secret too. */
export interface TargetSeal {
  seal(subscriptionId: string, target: WebhookTarget): Promise<string>;
  /** `undefined`: sealed for another subscription, tampered with, or by a key that is lost. */
  open(subscriptionId: string, sealed: string): Promise<WebhookTarget | undefined>;
  /** Whether a newer key of the ring should seal it. */
  isOld(sealed: string): Promise<boolean>;
}

const headerSchema = v.object({ kid: v.string(), subscription: v.string() });
const targetSchema = v.pipe(
  v.object({
    url: v.string(),
    secret: v.string(),
    previous: v.optional(v.object({ secret: v.string(), until: v.number() })),
  }),
  v.transform((target): WebhookTarget => ({ ...target, previous: target.previous })),
);

/** Creates the seal: compact JWE (RFC 7516) with `dir` and A256GCM, the subscription's id in its protected header. */
export function createTargetSeal(ring: KeyRing): TargetSeal {
  return {
    async seal(subscriptionId, target) {
      const ringKey = await ring.current();
      const { kid } = ringKey;
      return await new CompactEncrypt(new TextEncoder().encode(JSON.stringify(target)))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid, subscription: subscriptionId })
        .encrypt(await deriveKey(ringKey, 'webhook target'));
    },
    async open(subscriptionId, sealed) {
      const header = findHeader(sealed);
      if (header?.subscription !== subscriptionId) return undefined;
      const ringKey = await ring.find(header.kid);
      return ringKey && (await decrypt(sealed, await deriveKey(ringKey, 'webhook target')));
    },
    isOld: async (sealed) => findHeader(sealed)?.kid !== (await ring.current()).kid,
  };
}

function findHeader(sealed: string): v.InferOutput<typeof headerSchema> | undefined {
  try {
    return v.parse(headerSchema, decodeProtectedHeader(sealed));
  } catch {
    return undefined;
  }
}

async function decrypt(sealed: string, key: Uint8Array): Promise<WebhookTarget | undefined> {
  try {
    const { plaintext } = await compactDecrypt(sealed, key, {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    return v.parse(targetSchema, JSON.parse(new TextDecoder().decode(plaintext)));
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}
