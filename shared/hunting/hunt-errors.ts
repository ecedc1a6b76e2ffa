import { BrokerError } from '../errors.ts';
import type { QueryProblem } from './kql/parse-query.ts';

/** For a hunt of somebody else, and one that is not there. */
export function toHuntNotFoundError(): BrokerError {
  return new BrokerError('hunt_not_found', 'The caller has no such hunt.', {
    owner: 'caller',
    remedy: 'Look it up with GET /api/hunts; hunts are removed after HUNT_RETENTION_DAYS.',
  });
}

/** For a saved query that is not there. */
export function toQueryNotFoundError(): BrokerError {
  return new BrokerError('query_not_found', 'There is no saved query of this name.', {
    owner: 'caller',
    remedy: 'Look it up with GET /api/queries.',
  });
}

/** For a query that may not run; says where. */
export function toQueryError({ description, remedy, line, column }: QueryProblem): BrokerError {
  const place = line === undefined ? '' : ` (line ${line}, column ${column})`;
  return toInvalidError(`The parameter query is not acceptable${place}: ${description}`, remedy);
}

/** For a request that can't be a hunt. */
export function toInvalidError(description: string, remedy: string): BrokerError {
  return new BrokerError('invalid_request', description, { owner: 'caller', remedy });
}
