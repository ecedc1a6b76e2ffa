import { BrokerError } from '../errors.ts';

/** The parameters of a token request (RFC 6749 section 3.2). */
export interface TokenForm {
  /** `undefined`: absent, or without a value, which the RFC treats alike. */
  find(name: string): string | undefined;
  /** Every value of a parameter that may be repeated. */
  list(name: string): readonly string[];
}

/** Parameters that RFC 8693 lets a client repeat; the rest may come once (RFC 6749 section 3.2). */
const REPEATABLE = new Set(['resource', 'audience']);

/** Whatever proves who somebody is: it must not be in an address, which is logged on the way. */
const CREDENTIALS = [
  'client_secret',
  'client_assertion',
  'subject_token',
  'actor_token',
  'access_token',
  'password',
];

/** Parses a form; throws `invalid_request` when a parameter is repeated. */
export function parseTokenForm(text: string): TokenForm {
  const values = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(text)) {
    if (value === '') continue;
    const before = values.get(name);
    if (before === undefined) values.set(name, [value]);
    else if (REPEATABLE.has(name)) before.push(value);
    else throw toRepeatedError();
  }
  return {
    find: (name) => values.get(name)?.[0],
    list: (name) => values.get(name) ?? [],
  };
}

/** Throws `invalid_request` when a credential stands in the query (RFC 6749 section 2.3.1). */
export function assertNoCredentials(query: URLSearchParams): void {
  // The host reads names in any case.
  const names = new Set([...query.keys()].map((name) => name.toLowerCase()));
  const found = CREDENTIALS.find((name) => names.has(name));
  if (found === undefined) return;
  throw new BrokerError('invalid_request', `The parameter ${found} is in the query.`, {
    owner: 'caller',
    remedy: 'Replace that credential, since addresses are logged, and send it in the body.',
  });
}

/** The name is the sender's: it may hold anything. */
function toRepeatedError(): BrokerError {
  return new BrokerError('invalid_request', 'A parameter is repeated.', {
    owner: 'caller',
    remedy: 'Send each parameter once.',
  });
}
