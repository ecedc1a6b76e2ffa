import * as v from 'valibot';
import { expand } from '../../crypto/derive-key.ts';
import { decryptJson, findHeader } from '../../crypto/jwe.ts';
import type { KeyRing } from '../../crypto/key-ring.ts';
import type { Seal } from '../../crypto/seal.ts';

/** Where a subscription's notifications go, and what signs them. */
export interface WebhookTarget {
  readonly url: string;
  /** `whsec_` and base64. */
  readonly secret: string;
  /** The secret before, which signs too until a time (epoch milliseconds). */
  readonly previous: { readonly secret: string; readonly until: number } | undefined;
}

/** Whose target it is. */
interface TargetOwner {
  /** Of the subscription. */
  readonly id: string;
  readonly callerId: string;
}

/**
 * Encrypts targets for storage, each bound to its subscription and caller: URLs of receivers often
 * hold a secret too.
 */
export interface TargetSeal {
  seal(owner: TargetOwner, target: WebhookTarget): Promise<string>;
  /**
   * `undefined`: sealed for another subscription or caller, tampered with, or by a key that is
   * lost.
   */
  open(owner: TargetOwner, sealed: string): Promise<WebhookTarget | undefined>;
  /** Whether it should be sealed anew: by a newer key of the ring, or bound to its caller too. */
  isOld(sealed: string): Promise<boolean>;
}

const targetSchema = v.pipe(
  v.object({
    url: v.string(),
    secret: v.string(),
    previous: v.optional(v.object({ secret: v.string(), until: v.number() })),
  }),
  v.transform((target): WebhookTarget => ({ ...target, previous: target.previous })),
);

/** Creates the seal of targets. */
export function createTargetSeal({ seal, ring }: { seal: Seal; ring: KeyRing }): TargetSeal {
  return {
    seal: (owner, target) => seal.seal('webhook target', target, { context: toContext(owner) }),
    async open(owner, sealed) {
      const opened = isWithoutCaller(sealed)
        ? await openWithoutCaller(ring, owner, sealed)
        : await seal.open('webhook target', sealed, toContext(owner));
      const target = v.safeParse(targetSchema, 'value' in opened ? opened.value : undefined);
      return target.success ? target.output : undefined;
    },
    isOld: async (sealed) => isWithoutCaller(sealed) || (await seal.isOld(sealed)),
  };
}

function toContext({ id, callerId }: TargetOwner) {
  return { subscription: id, caller: callerId };
}

/** Earlier versions bound targets to their subscription only, which it named in the header. */
function isWithoutCaller(sealed: string): boolean {
  return findHeader(sealed)?.subscription !== undefined;
}

async function openWithoutCaller(ring: KeyRing, { id }: TargetOwner, sealed: string) {
  const header = findHeader(sealed);
  const ringKey = header?.subscription === id ? await ring.find(header.kid) : undefined;
  return { value: ringKey && (await decryptJson(sealed, expand(ringKey.key, 'webhook target'))) };
}
