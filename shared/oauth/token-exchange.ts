import { BrokerError } from '../errors.ts';
import type { TokenForm } from './token-form.ts';

/** RFC 8693 section 2.1. */
export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';

/** RFC 8693 section 3. */
export const ACCESS_TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:access_token';

const SUBJECT_TYPES = [ACCESS_TOKEN_TYPE, 'urn:ietf:params:oauth:token-type:jwt'];

/** Reads the caller's own token from an exchange request; throws `invalid_request`. */
export function readSubjectToken(form: TokenForm): string {
  const { length } = [...form.list('actor_token'), ...form.list('actor_token_type')];
  if (length > 0) {
    throw toRequestError('The parameter actor_token is not supported.', 'Leave it out.');
  }
  const requested = form.find('requested_token_type') ?? ACCESS_TOKEN_TYPE;
  if (!SUBJECT_TYPES.includes(requested)) {
    throw toRequestError(
      'The parameter requested_token_type is not acceptable.',
      `Use ${ACCESS_TOKEN_TYPE}, or leave it out.`,
    );
  }
  if (!SUBJECT_TYPES.includes(form.find('subject_token_type') ?? '')) {
    throw toRequestError(
      'The parameter subject_token_type is missing or not acceptable.',
      `Use ${ACCESS_TOKEN_TYPE}.`,
    );
  }
  const token = form.find('subject_token');
  if (token !== undefined) return token;
  throw toRequestError(
    'The parameter subject_token is missing.',
    "Send the caller's access token for the broker's API.",
  );
}

function toRequestError(description: string, remedy: string): BrokerError {
  return new BrokerError('invalid_request', description, { owner: 'caller', remedy });
}
