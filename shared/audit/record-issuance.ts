import { createBoundedMap } from '../bounded-map.ts';
import type { Log } from '../log.ts';
import { createSingleFlight } from '../single-flight.ts';
import type { BrokeredToken } from '../tokens/brokered-token.ts';
import type { IssuanceLedger } from './issuance-ledger.ts';
import { toTenantHash } from './tenant-hash.ts';

/** A token about to leave. */
interface TokenIssuance {
  readonly callerId: string;
  readonly token: BrokeredToken;
  readonly rule: string;
  readonly wouldBeDenied?: true | undefined;
  readonly correlationId: string;
}

/**
 * Records who receives a token, before it leaves. `undefined`: this process has recorded it
 * already. A rejection means that the token must not be handed out.
 */
export type RecordIssuance = (issuance: TokenIssuance) => Promise<void> | undefined;

/** Creates the function; what it remembers costs a cached token no write and no line. */
export function createRecordIssuance({
  issuances,
  log,
  now,
}: {
  issuances: Pick<IssuanceLedger, 'record'>;
  log: Log;
  now: () => number;
}): RecordIssuance {
  const recorded = createBoundedMap<true>();
  const share = createSingleFlight<void>();

  return ({ callerId, token, rule, wouldBeDenied, correlationId }) => {
    const { tokenHash, resource, issuedAt, expiresAt } = token;
    const key = `${callerId}|${tokenHash}`;
    if (recorded.get(key)) return undefined;
    return share(key, async () => {
      const tenantHash = toTenantHash(token.tenantId);
      const uti = token.claims.uti;
      const why = { rule, ...(wouldBeDenied && { wouldBeDenied }) };
      const about = { callerId, tenantHash, resource, ...why, tokenHash, uti };
      const recordedAt = now();
      await issuances.record({ ...about, issuedAt, expiresAt, recordedAt, correlationId });
      recorded.set(key, true);
      log.info('token.issued', { caller: callerId, tenant: token.tenantId, resource });
    });
  };
}
