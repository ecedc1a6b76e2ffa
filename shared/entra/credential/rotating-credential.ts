import { toDelayMs } from '../../retry/delay.ts';
import { createSingleFlight } from '../../single-flight.ts';
import { MINUTE } from '../../time.ts';
import type { Failure } from '../../tokens/failure.ts';
import { type CircuitBreaker, createCircuitBreaker } from './circuit-breaker.ts';
import type { ClientCredential, RefusalOutcome } from './client-credential.ts';
import { createRefusalEvidence, type RefusalEvidence } from './refusal-evidence.ts';
import {
  createVersionSelector,
  type VersionSelector,
  type VersionSelectorParts,
} from './version-selector.ts';
import type { CredentialVersion } from './versions.ts';

/** A version is used this long before the vault is asked for a newer one. */
const VERSIONS_MAX_AGE_MS = 5 * MINUTE;

/**
 * Creates a credential whose versions follow each other in Key Vault: cached, and looked after by
 * one request at a time.
 */
export function createRotatingCredential(parts: VersionSelectorParts): ClientCredential {
  const { kind, now } = parts;
  const selector = createVersionSelector(parts);
  const breaker = createCircuitBreaker(now);
  const evidence = createRefusalEvidence(parts);
  const getVersion = createGetVersion({ selector, breaker, now });
  const share = createSingleFlight<RefusalOutcome>();

  return {
    async authenticate(tokenEndpoint) {
      breaker.assertClosed();
      const { version, present } = await getVersion();
      return { version, proof: await present(tokenEndpoint) };
    },
    noteAccepted: evidence.noteAccepted,
    async handleRefusal({ version }, refusal) {
      evidence.noteRefused(refusal);
      const { failure } = refusal;
      const refused = selector.active();
      if (refused?.version !== version) return refused ? 'renewed' : 'unconfirmed';
      return await share(`${version} ${failure.cause}`, () =>
        investigate({ selector, breaker, evidence }, refused, failure),
      );
    },
    describe: () => {
      const active = selector.active();
      const times = { createdAt: active?.createdAt, expiresAt: active?.expiresAt };
      return { kind, ...times, problems: selector.problems() };
    },
  };
}

interface RotatingParts {
  readonly selector: VersionSelector;
  readonly breaker: CircuitBreaker;
  readonly evidence: RefusalEvidence;
}

/** Creates what gets the version in use; it rejects with an IssueError when there is none. */
function createGetVersion({
  selector,
  breaker,
  now,
}: Omit<RotatingParts, 'evidence'> & { readonly now: () => number }) {
  const share = createSingleFlight<void>();
  let lookAt = Number.NEGATIVE_INFINITY;

  const look = async (): Promise<void> => {
    try {
      await selector.look();
      lookAt = now() + VERSIONS_MAX_AGE_MS;
    } catch (error) {
      if (!selector.active()) throw breaker.openForOutage(error);
      lookAt = now() + toDelayMs('vault.versions');
    }
  };

  return async (): Promise<CredentialVersion> => {
    if (now() >= lookAt || !selector.active()) await share('look', look);
    const active = selector.active();
    if (active) return active;
    throw breaker.openForOutage(new Error('Key Vault holds no version that can be used.'));
  };
}

/**
 * Another version may repair a refused credential; nothing that the vault holds repairs a
 * registration.
 */
async function investigate(
  { selector, breaker, evidence }: RotatingParts,
  refused: CredentialVersion,
  failure: Failure,
): Promise<RefusalOutcome> {
  const verdict = await evidence.judge(refused, failure.cause);
  if (verdict === 'accepted') return 'unconfirmed';
  const isProven = verdict === 'refused';
  const isCredential = failure.cause === 'credential_rejected';
  if (isCredential && (await selector.replace(refused, isProven))) return 'renewed';
  if (!isProven) return 'unconfirmed';
  breaker.open(failure);
  return 'confirmed';
}
