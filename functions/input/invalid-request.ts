import { BrokerError } from '../../shared/errors.ts';

/** What a caller sent is not acceptable, and what to send instead. */
export function toInvalidRequest(
  description: string,
  remedy: string,
  options: { readonly logDescription?: string } = {},
): BrokerError {
  return new BrokerError('invalid_request', description, { owner: 'caller', remedy, ...options });
}

/** A name that a caller made up may be of any length. */
const MAX_NAME_LENGTH = 60;

/** A name as an answer shows it. */
export function toShownName(name: string): string {
  return name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH).toWellFormed()}…` : name;
}
