import { CompactEncrypt, compactDecrypt, errors } from 'jose';
import * as v from 'valibot';
import type { Log } from './log.ts';
import { deriveKey } from './tokens/derive-key.ts';
import type { KeyRing } from './tokens/key-ring.ts';

/** A message as it lies in a queue. */
export interface SealedMessage {
  /** Compact JWE of the message's JSON. */
  readonly sealed: string;
}

/** Encrypts queue messages: a waiting one can be neither found nor changed, so none may name a tenant. */
export interface MessageSeal {
  /** Rejects when the key ring can't be read. */
  seal(message: unknown): Promise<SealedMessage>;
  /** `undefined`: its key is lost; timers plan the work anew. Throws for what is no message of ours. */
  open(message: unknown): Promise<unknown>;
}

const messageSchema = v.object({ sealed: v.string() });

/** Creates the seal over a key ring. */
export function createMessageSeal(ring: KeyRing, log: Log): MessageSeal {
  const findKey = async ({ kid }: { kid?: string }): Promise<Uint8Array> => {
    const ringKey = kid === undefined ? undefined : await ring.find(kid);
    if (!ringKey) throw new errors.JOSEError('The ring does not hold the key.');
    return await deriveKey(ringKey, 'queue message');
  };

  return {
    async seal(message) {
      const ringKey = await ring.current();
      const sealed = await new CompactEncrypt(new TextEncoder().encode(JSON.stringify(message)))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: ringKey.kid })
        .encrypt(await deriveKey(ringKey, 'queue message'));
      return { sealed };
    },
    async open(message) {
      const { sealed } = v.parse(messageSchema, message);
      try {
        const { plaintext } = await compactDecrypt(sealed, findKey, {
          keyManagementAlgorithms: ['dir'],
          contentEncryptionAlgorithms: ['A256GCM'],
        });
        return JSON.parse(new TextDecoder().decode(plaintext));
      } catch (error) {
        if (!(error instanceof errors.JOSEError)) throw error;
        log.warn('queue.message_lost', { reason: error.code });
        return undefined;
      }
    },
  };
}
