import { BrokerError } from '../errors.ts';
import type { IncidentSourceName } from '../resources/incident-sources.ts';
import { type IncidentNeed, RESOURCES } from '../resources/resources.ts';
import { toRetryAfterSeconds } from '../retry/retry-after.ts';
import { SourceError } from './incident-source.ts';
import { SOURCE_FAILURES } from './source-failure.ts';

/** When the API does not say how long to wait. */
const RETRY_SECONDS = 30;

/**
 * The answer of the API to what went wrong at the source; anything that is no SourceError stays as
 * it is.
 */
export function toProblemError(
  thrown: unknown,
  source: IncidentSourceName,
  need: IncidentNeed,
): unknown {
  if (!(thrown instanceof SourceError)) return thrown;
  const { owner, error, description, remedy } = SOURCE_FAILURES[thrown.problem];
  const waits = error === 'temporarily_unavailable';
  const { retryAfterMs = RETRY_SECONDS * 1000 } = thrown;
  return new BrokerError(error, description, {
    owner,
    remedy,
    cause: thrown,
    ...(waits && { retryAfterSeconds: toRetryAfterSeconds(retryAfterMs) }),
    ...(thrown.problem === 'forbidden' && {
      missingRoles: [RESOURCES[source].incidents.roles[need]],
    }),
  });
}

/** For a tenant that the caller may see. */
export function toIncidentNotFoundError(): BrokerError {
  return new BrokerError('incident_not_found', 'The tenant has no such incident.', {
    owner: 'caller',
    remedy: 'Look it up with GET /api/incidents.',
  });
}
