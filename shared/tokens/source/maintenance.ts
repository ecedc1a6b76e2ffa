import { settleAll } from '../../concurrency.ts';
import type { KeyRing } from '../../crypto/key-ring.ts';
import type { Log } from '../../log.ts';
import type { Stored } from '../../store.ts';
import { HOUR } from '../../time.ts';
import type { TokenSeal } from '../sealed-token.ts';
import type { TokenRecord, TokenStore, TokenSummary } from '../token-record.ts';

/** What rows are kept up with. */
interface MaintenanceParts {
  readonly tokens: TokenStore;
  readonly seal: TokenSeal;
  readonly now: () => number;
}

/**
 * Seals rows of older keys anew, a bounded number at a time, and logs how many; rejects if the ring
 * can't be read.
 */
export type ResealRows = (summaries: readonly TokenSummary[]) => Promise<void>;

/** Further requests for a key are not noted again within the hour: a note is a write. */
const DEMAND_AGE = HOUR;

/** Rows of one run: a read and a write each, so a few seconds of work. */
const MAX_RESEALED_ROWS = 500;

const CONCURRENCY = 10;

/**
 * Notes the demand and seals the token anew where that is due; that it can't be written is no
 * reason to refuse a token.
 */
export async function touchAndReseal(
  { tokens, seal, now }: MaintenanceParts,
  stored: Stored<TokenRecord>,
  isRequestedByCaller: boolean,
): Promise<void> {
  const { value } = stored;
  const isNoted = !isRequestedByCaller || now() - (value.requestedAt ?? 0) < DEMAND_AGE;
  try {
    const token = await resealToken(seal, value);
    if (isNoted && token === value.token) return;
    await tokens.replace(stored, {
      ...value,
      token,
      requestedAt: isNoted ? value.requestedAt : now(),
    });
  } catch {
    // The next reader, the next refresh or the batch job will do.
  }
}

/** Creates the batch job: what nobody reads is sealed anew before its key leaves the ring. */
export function createResealRows({
  tokens,
  seal,
  ring,
  log,
  now,
}: MaintenanceParts & { readonly ring: KeyRing; readonly log: Log }): ResealRows {
  const reseal = async (key: TokenSummary): Promise<boolean> => {
    const stored = await tokens.find(key);
    const token = stored && (await resealToken(seal, stored.value));
    if (!stored || token === stored.value.token) return true;
    return (await tokens.replace(stored, { ...stored.value, token })) !== undefined;
  };

  return async (summaries) => {
    const { kid } = await ring.current();
    const older = summaries.filter(
      ({ keyId, expiresAt = 0 }) => keyId !== kid && expiresAt > now(),
    );
    if (older.length === 0) return;
    const known = await findKnown(ring, older);
    const outcomes = await settleAll(known.slice(0, MAX_RESEALED_ROWS), CONCURRENCY, reseal);
    const resealed = outcomes.filter(
      (outcome) => outcome.status === 'fulfilled' && outcome.value,
    ).length;
    log.info('reseal.run', {
      resealed,
      left: known.length - resealed,
      key_lost: older.length - known.length,
    });
  };
}

/** Rows of lost keys would hold up the others in every run. */
async function findKnown(
  ring: KeyRing,
  summaries: readonly TokenSummary[],
): Promise<readonly TokenSummary[]> {
  const ids = new Set(summaries.map(({ keyId }) => keyId));
  const known = new Set<string | undefined>();
  for (const id of ids) {
    if (id === undefined || (await ring.find(id))) known.add(id);
  }
  return summaries.filter(({ keyId }) => known.has(keyId));
}

async function resealToken(
  seal: TokenSeal,
  { tenantId, resource, token }: TokenRecord,
): Promise<TokenRecord['token']> {
  if (!token) return token;
  const sealed = await seal.reseal({ tenantId, resource }, token.sealed);
  return sealed === undefined ? token : { ...token, sealed };
}
