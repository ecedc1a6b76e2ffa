import { BrokerError } from '../errors.ts';
import type { ResourceName } from '../tokens/resource.ts';
import type { TokenForm } from './token-form.ts';

/** Scopes of sign-ins, which some clients send along whatever they ask for. */
const SIGN_IN_SCOPES = new Set(['openid', 'profile', 'offline_access', 'email']);

/** The API that is meant when none is named: as on our own token route. */
const DEFAULT_RESOURCE = 'defender-xdr';

/** The API that a token request is about, with the name that the client has for it. */
export interface RequestedResource {
  readonly resource: ResourceName;
  /** `undefined`: the client named none. */
  readonly named: string | undefined;
}

/** Reads `resource`, `audience` and `scope`, which have to mean one API; throws `invalid_target`. */
export function readResource(
  form: TokenForm,
  parseResource: (value: string) => ResourceName,
): RequestedResource {
  const scopes = (form.find('scope') ?? '').split(' ').filter(Boolean);
  const asked = [
    ...form.list('resource'),
    ...form.list('audience'),
    ...scopes.filter((scope) => !SIGN_IN_SCOPES.has(scope)),
  ];
  const [first, ...others] = new Set(asked.map(parseResource));
  if (others.length > 0) {
    throw new BrokerError('invalid_target', 'The request names more than one API.', {
      owner: 'caller',
      remedy: 'Ask for the token of one API at a time.',
    });
  }
  return { resource: first ?? DEFAULT_RESOURCE, named: asked[0] };
}
