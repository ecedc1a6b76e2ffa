import {
  createHash,
  createPublicKey,
  generateKeyPair,
  type JsonWebKey,
  type KeyObject,
  sign,
} from 'node:crypto';
import { promisify } from 'node:util';
import { decodeProtectedHeader, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose';

/** One RSA key that tokens are signed with. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly publicJwk: JsonWebKey;
}

/** The published keys, of which the newest signs. */
export interface SigningKeys {
  /** Signs claims with RS256; v1 tokens name their key twice, as `kid` and `x5t`. */
  readonly signToken: (claims: object, version: 1 | 2) => Promise<string>;
  /** Verifies a token by the published keys; rejects with an error of jose. */
  readonly verifyToken: (token: string, options: JWTVerifyOptions) => Promise<JWTPayload>;
  readonly list: () => readonly SigningKey[];
  readonly rotate: (options: { readonly dropOld: boolean }) => Promise<void>;
}

const generate = promisify(generateKeyPair);
// In the thread pool, so that a stand-in in the same process does not hold the event loop.
const signInPool = promisify(sign);

/** Makes a key; tests make one and share it, since this costs about 100 ms. */
export async function createSigningKey(): Promise<SigningKey> {
  return toSigningKey((await generate('rsa', { modulusLength: 2048 })).privateKey);
}

/** Names a private key by its public half. */
export function toSigningKey(privateKey: KeyObject): SigningKey {
  const publicKey = createPublicKey(privateKey);
  const der = publicKey.export({ type: 'spki', format: 'der' });
  const kid = createHash('sha1').update(der).digest('base64url');
  return { kid, privateKey, publicKey, publicJwk: publicKey.export({ format: 'jwk' }) };
}

/** A key ring that starts with one key, or with all that a ring before had. */
export function createSigningKeys(first: SigningKey, ...older: readonly SigningKey[]): SigningKeys {
  let current = first;
  let published: readonly SigningKey[] = [first, ...older];

  async function signToken(claims: object, version: 1 | 2): Promise<string> {
    const { kid, privateKey } = current;
    const x5t = version === 1 ? { x5t: kid } : {};
    const input = `${encode({ typ: 'JWT', alg: 'RS256', ...x5t, kid })}.${encode(claims)}`;
    const signature = await signInPool('sha256', Buffer.from(input), privateKey);
    return `${input}.${signature.toString('base64url')}`;
  }

  async function verifyToken(token: string, options: JWTVerifyOptions): Promise<JWTPayload> {
    const { kid } = decodeProtectedHeader(token);
    const key = published.find((candidate) => candidate.kid === kid);
    if (key === undefined) throw new Error('The token is signed by an unknown key');
    const { payload } = await jwtVerify(token, key.publicKey, {
      algorithms: ['RS256'],
      ...options,
    });
    return payload;
  }

  async function rotate({ dropOld }: { readonly dropOld: boolean }): Promise<void> {
    current = await createSigningKey();
    published = dropOld ? [current] : [current, ...published];
  }

  return { signToken, verifyToken, rotate, list: () => published };
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
