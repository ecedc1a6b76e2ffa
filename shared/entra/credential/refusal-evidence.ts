import { isYounger } from '../../age.ts';
import { MINUTE } from '../../time.ts';
import type { Cause } from '../../tokens/failure-table.ts';
import type { ClientRefusal } from './client-credential.ts';
import type { CredentialVerdict, Present, Prove } from './home-tenant.ts';

/**
 * Whether a refusal of the client is the client's fault.
 *
 * One tenant's endpoint may say anything: a customer's odd answer must not stop the requests for
 * all others. So a refusal counts against the client only with proof. The home tenant refuses the
 * client too; or the home tenant says nothing about it, three tenants refused the client for the
 * same cause within five minutes, and no tenant took it meanwhile.
 */
export interface RefusalEvidence {
  /** A tenant took the client: refusals before prove nothing. */
  noteAccepted(): void;
  /** Remembers a refusal. */
  noteRefused(refusal: ClientRefusal): void;
  /** Asks the home tenant about a version of the credential; never rejects. */
  judge(shown: { version: string; present: Present }, cause: Cause): Promise<CredentialVerdict>;
}

/** As many tenants that refuse the client alike are no coincidence. */
const COHORT_TENANT_COUNT = 3;
const COHORT_WINDOW_MS = 5 * MINUTE;

/**
 * However many tenants refuse the client, the home tenant is not asked more often about a version
 * that it takes.
 */
const ACCEPTED_MAX_AGE_MS = 5000;

/** Creates the evidence about one credential. */
export function createRefusalEvidence({
  prove,
  now,
}: {
  prove: Prove;
  now: () => number;
}): RefusalEvidence {
  const refusals = new Map<string, { readonly cause: Cause; readonly at: number }>();
  let accepted: { readonly version: string; readonly at: number } | undefined;

  const isWidespread = (cause: Cause): boolean => {
    for (const [tenantId, { at }] of refusals) {
      if (now() - at >= COHORT_WINDOW_MS) refusals.delete(tenantId);
    }
    const alike = [...refusals.values()].filter((refusal) => refusal.cause === cause);
    return alike.length >= COHORT_TENANT_COUNT;
  };

  return {
    noteAccepted: () => refusals.clear(),
    noteRefused({ tenantId, failure }) {
      if (tenantId !== undefined) refusals.set(tenantId, { cause: failure.cause, at: now() });
    },
    async judge({ version, present }, cause) {
      const isKnown =
        accepted?.version === version && isYounger(accepted.at, ACCEPTED_MAX_AGE_MS, now());
      if (isKnown) return 'accepted';
      const verdict = await prove(present);
      if (verdict === 'accepted') accepted = { version, at: now() };
      return verdict === 'unknown' && isWidespread(cause) ? 'refused' : verdict;
    },
  };
}
