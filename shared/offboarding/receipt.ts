import { SignJWT } from 'jose';
import { BrokerError } from '../errors.ts';
import type { Tombstone } from './offboarding.ts';
import type { ReceiptKeys } from './receipt-keys.ts';

/** What the receipt says of tokens that are still in callers' hands. */
interface LiveTokens {
  readonly count: number;
  /** When the last one ends, in epoch milliseconds; `undefined`: there is none. */
  readonly until: number | undefined;
  /** What was handed out until then is counted. */
  readonly asOf: number;
  /**
   * Until then a process may not know of the offboarding yet; a receipt of a later repeat is final.
   */
  readonly finalAt: number;
}

/** A receipt as compact JWS, or why there is none. */
export type Receipt = { readonly jws: string } | { readonly problem: BrokerError };

/** Signs what became of a tenant; never rejects: an offboarding stands without its receipt. */
export type IssueReceipt = (tombstone: Tombstone, live: LiveTokens) => Promise<Receipt>;

/** Where customers find the public keys, below the broker's base URL. */
const JWKS_PATH = '/api/.well-known/jwks.json';

/** What nobody but the customer can do. */
export const RECALL_NOTICE =
  'Entra can not recall access tokens that were issued. They end by themselves. To forbid new ones, delete the ' +
  "application in the customer's tenant: Microsoft Entra admin center, Enterprise applications, the app, Delete.";

/** Creates the function: ES256 (RFC 7518 section 3.4) by the newest enabled key. */
export function createIssueReceipt({
  keys,
  publicBaseUrl,
  now,
}: {
  keys: ReceiptKeys;
  publicBaseUrl: string;
  now: () => number;
}): IssueReceipt {
  const sign = async (tombstone: Tombstone, live: LiveTokens): Promise<Receipt> => {
    const [newest] = await keys.list();
    if (!newest) return { problem: toMissingError() };
    const jws = await new SignJWT(toClaims(tombstone, live))
      .setProtectedHeader({ alg: 'ES256', kid: newest.kid, typ: 'offboarding-receipt+jwt' })
      .setIssuer(publicBaseUrl)
      .setJti(tombstone.offboarding.id)
      .setIssuedAt(Math.floor(now() / 1000))
      .sign(newest.privateKey);
    return { jws };
  };

  const toClaims = ({ tenantId, offboarding }: Tombstone, live: LiveTokens) => ({
    tenant_id: tenantId,
    offboarded_at: toIso(offboarding.at),
    purged_at: offboarding.purgedAt === undefined ? undefined : toIso(offboarding.purgedAt),
    purged: offboarding.removed,
    live_tokens: live.count,
    live_tokens_until: live.until === undefined ? undefined : toIso(live.until),
    live_tokens_as_of: toIso(live.asOf),
    live_tokens_final_at: toIso(live.finalAt),
    notice: RECALL_NOTICE,
    jwks_uri: `${publicBaseUrl}${JWKS_PATH}`,
  });

  return async (tombstone, live) => {
    try {
      return await sign(tombstone, live);
    } catch (error) {
      return { problem: error instanceof BrokerError ? error : toUnsignedError(error) };
    }
  };
}

function toMissingError(): BrokerError {
  return new BrokerError('server_error', 'There is no key that signs receipts.', {
    owner: 'partner',
    remedy: 'Put an EC P-256 key into Key Vault as RECEIPT_KEY_NAME and repeat the DELETE.',
  });
}

function toUnsignedError(cause: unknown): BrokerError {
  return new BrokerError('server_error', 'The receipt could not be signed.', {
    owner: 'partner',
    remedy: 'Check the newest version of RECEIPT_KEY_NAME and repeat the DELETE.',
    cause,
  });
}

function toIso(time: number): string {
  return new Date(time).toISOString();
}
