import { compactDecrypt, decodeProtectedHeader, errors } from 'jose';
import * as v from 'valibot';

const headerSchema = v.looseObject({ kid: v.string() });

/**
 * The header of a compact JWE, which nothing has authenticated yet; `undefined` for what is none of
 * ours.
 */
export function findHeader(sealed: string): v.InferOutput<typeof headerSchema> | undefined {
  try {
    return v.parse(headerSchema, decodeProtectedHeader(sealed));
  } catch {
    return undefined;
  }
}

/** The id of the key that sealed a value, `undefined` for what is no sealed value. */
export function findKeyId(sealed: string): string | undefined {
  return findHeader(sealed)?.kid;
}

/**
 * The JSON in a compact JWE with `dir` and A256GCM; `undefined`: it was changed, or another key
 * sealed it.
 */
export async function decryptJson(sealed: string, key: Uint8Array): Promise<unknown> {
  try {
    const { plaintext } = await compactDecrypt(sealed, key, {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    return JSON.parse(new TextDecoder().decode(plaintext));
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}
