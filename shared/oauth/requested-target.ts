import { BrokerError } from '../errors.ts';
import { DEFAULT_RESOURCE, type ResourceName } from '../resources/resources.ts';
import type { TokenForm } from './token-form.ts';

/** Scopes of sign-ins, which some clients send along whatever they ask for. */
const SIGN_IN_SCOPES = new Set(['openid', 'profile', 'offline_access', 'email']);

/** What a token is asked for. */
export type RequestedTarget =
  | {
      readonly kind: 'api';
      readonly resource: ResourceName;
      /** The client's name of the API; `undefined`: it named none. */
      readonly named: string | undefined;
    }
  /** The proxy, by an address of it: the client is to call it with its own token. */
  | { readonly kind: 'proxy'; readonly named: string };

/**
 * Reads `resource`, `audience` and `scope`, which have to mean one thing; throws `invalid_target`.
 */
export function createReadTarget(
  parseResource: (value: string) => ResourceName,
  isProxyAddress: (value: string) => boolean,
): (form: TokenForm) => RequestedTarget {
  return (form) => {
    const scopes = (form.find('scope') ?? '').split(' ').filter(Boolean);
    const asked = [
      ...form.list('resource'),
      ...form.list('audience'),
      ...scopes.filter((scope) => !SIGN_IN_SCOPES.has(scope)),
    ];
    const [first, ...others] = new Set(
      asked.map((name) => (isProxyAddress(name) ? 'proxy' : parseResource(name))),
    );
    if (others.length > 0) throw toSeveralError();
    const [named] = asked;
    if (first === 'proxy' && named !== undefined) return { kind: 'proxy', named };
    const resource = first === 'proxy' ? undefined : first;
    return { kind: 'api', resource: resource ?? DEFAULT_RESOURCE, named };
  };
}

/** Recognises addresses below the proxy's APIs, as clients derive scopes from them. */
export function createIsProxyAddress(publicBaseUrl: string): (value: string) => boolean {
  const base = `${publicBaseUrl}/api/tenants/`.toLowerCase();
  return (value) =>
    value.toLowerCase().startsWith(base) &&
    /^[^/]+\/apis\/[^/]+(\/|$)/.test(value.slice(base.length));
}

function toSeveralError(): BrokerError {
  return new BrokerError('invalid_target', 'The request names more than one API.', {
    owner: 'caller',
    remedy: 'Ask for the token of one API at a time.',
  });
}
