import { BrokerError } from '../errors.ts';

/** Where a proxied call goes, below the API's own address. */
export interface ProxyPath {
  /** As it is sent, with its escapes: `/v1.0/users/a%20b`. */
  readonly path: string;
  /** What rules look at: decoded once. */
  readonly segments: readonly string[];
  /** With its question mark, as it is sent; empty when there is none. */
  readonly query: string;
}

/** The segments of `/api/tenants/{tenant}/apis/{resource}`, which come before. */
const PREFIX_LENGTH = 6;

/** A key, or the arguments of a function, as OData writes them: `incidents('1')`. */
const KEYED = /^[^()\s]+\([^()]*\)$/;
const KEY_REMEDY = "Write a key as a segment of its own: incidents/1 for incidents('1').";

/** A token in the query would call the API as another client than the customer's. */
const TOKEN_PARAMETERS = new Set(['access_token', 'authorization', 'id_token', 'client_secret']);

/**
 * Takes path and query from the address of a request, as the host built it. The host decodes an
 * escape once and resolves `..`, so what is left here is what the API would see; whatever could
 * mean something else to it is refused, instead of being guessed. Example: `a%252Fb` arrives as
 * `a%2Fb`, which an API may take for two segments. Throws `invalid_request`.
 */
export function parseProxyPath(
  url: string,
  { tenant, resource }: { tenant: string; resource: string },
): ProxyPath {
  const [address = '', ...queries] = url.replace(/#.*$/s, '').split('?');
  const parts = address.replace(/^[a-z]+:\/\/[^/]*/i, '').split('/');
  assertPrefix(parts, { tenant, resource });
  const raw = parts.slice(PREFIX_LENGTH);
  if (raw.length > 1 && raw.at(-1) === '') raw.pop();
  if (raw.length === 0 || (raw.length === 1 && raw[0] === '')) {
    throw toPathError('names nothing', "Add the path of the API's call after the resource.");
  }
  const segments = raw.map(decodeSegment);
  const query = queries.length > 0 ? `?${queries.join('?')}` : '';
  assertQuery(query);
  return { path: `/${raw.join('/')}`, segments, query };
}

/**
 * The tenant and API that were authorised are those of the very address that the rest comes from.
 */
function assertPrefix(
  parts: readonly string[],
  { tenant, resource }: { tenant: string; resource: string },
): void {
  const wanted = ['', 'api', 'tenants', tenant, 'apis', resource];
  const fits = wanted.every((part, index) => {
    const found = parts[index];
    return found !== undefined && findDecoded(found)?.toLowerCase() === part.toLowerCase();
  });
  if (!fits) throw toPathError('climbs', 'Send the path as it is, without dots or escapes.');
}

function decodeSegment(raw: string): string {
  const text = findDecoded(raw);
  if (text === undefined) throw toPathError('has a broken escape', 'Encode it as UTF-8.');
  // An API may read a slash of full width as a slash.
  const plain = text.normalize('NFKC');
  if (text === '') throw toPathError('has an empty segment', 'Send single slashes.');
  if (/[/\\]/.test(plain)) {
    throw toPathError('has an encoded slash or a backslash', 'Use a call that needs none.');
  }
  if (/%[0-9a-f]{2}/i.test(plain)) throw toPathError('is encoded twice', 'Encode it once.');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\x00-\x1f\x7f]/.test(text)) throw toPathError('has a control character', 'Leave it out.');
  if (/[()]/.test(plain) && !KEYED.test(plain)) {
    throw toPathError('has parentheses that can be read in two ways', KEY_REMEDY);
  }
  if (/^\.{1,2}(;|$)/.test(plain)) throw toPathError('climbs', 'Send the path as it is.');
  if (/^\s|[\s.]$/.test(plain)) {
    throw toPathError('has a segment with a space or dot at its end', 'Leave it out.');
  }
  if (/^\$batch(?:\W|$)/i.test(plain)) {
    throw toPathError('is a batch, which no rule can look into', 'Send its calls one by one.');
  }
  return text;
}

/** Some servers take a semicolon, or a second question mark, for the beginning of a parameter. */
function assertQuery(query: string): void {
  const names = [...new URLSearchParams(query.replaceAll(/[;?]/g, '&')).keys()];
  if (!names.some((name) => TOKEN_PARAMETERS.has(name.toLowerCase()))) return;
  throw new BrokerError('invalid_request', 'A credential stands in the query.', {
    owner: 'caller',
    remedy: 'Leave it out: the broker adds the token, and addresses are logged.',
  });
}

function findDecoded(raw: string): string | undefined {
  try {
    return decodeURIComponent(raw);
  } catch {
    return undefined;
  }
}

function toPathError(what: string, remedy: string): BrokerError {
  const description = `The path after the resource ${what}.`;
  return new BrokerError('invalid_request', description, { owner: 'caller', remedy });
}
