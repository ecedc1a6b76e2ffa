import { randomBytes } from 'node:crypto';

/** What an authorization code stands for; `issuedAt` is epoch milliseconds. */
export interface CodeGrant {
  readonly clientId: string;
  readonly tenantId: string;
  readonly oid: string;
  /** The tenant of the authorize path, in lower case; GUIDs stand for their domains. */
  readonly path: string;
  readonly redirectUri: string;
  readonly scope: string;
  readonly nonce: string | undefined;
  readonly challenge: { readonly value: string; readonly method: 'S256' | 'plain' } | undefined;
  readonly issuedAt: number;
  redeemed: boolean;
}

/** The codes that were given out. */
export interface CodeStore {
  readonly issue: (grant: Omit<CodeGrant, 'redeemed'>) => string;
  readonly find: (code: string) => CodeGrant | undefined;
}

/** Milliseconds that a code lives. */
export const CODE_LIFETIME = 60_000;
// Bounds the memory of a long-running sandbox; older codes have expired long before.
const MAX_CODES = 10_000;

/** An in-memory store of codes; redeemed ones stay, so that a second use is recognised. */
export function createCodeStore(): CodeStore {
  const codes = new Map<string, CodeGrant>();
  return {
    issue: (grant) => {
      const code = `1.${randomBytes(48).toString('base64url')}`;
      codes.set(code, { ...grant, redeemed: false });
      const oldest = codes.keys().next().value;
      if (codes.size > MAX_CODES && oldest !== undefined) codes.delete(oldest);
      return code;
    },
    find: (code) => codes.get(code),
  };
}
