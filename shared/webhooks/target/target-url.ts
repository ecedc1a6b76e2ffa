import { BrokerError } from '../../errors.ts';
import { findAddress } from './address.ts';
import { AddressRefused, type Resolve } from './resolve.ts';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Where receivers listen; other ports are those of databases and consoles. */
const PORTS = new Set(['', '8443']);

const LONGEST = 2000;

/** Checks the URL of a receiver; throws `invalid_request` that tells what is wrong with it. */
export type CheckTargetUrl = (text: string) => Promise<string>;

/**
 * Creates the check. Only a sandbox (`allowLoopback`) may be told of receivers on loopback, over
 * plain http.
 */
export function createCheckTargetUrl({
  resolve,
  allowLoopback,
}: {
  resolve: Resolve;
  allowLoopback: boolean;
}): CheckTargetUrl {
  return async (text) => {
    const url = URL.parse(text);
    if (!url || text.length > LONGEST) throw toUrlError('is no URL', 'Send an absolute https URL.');
    if (url.username || url.password) {
      throw toUrlError('holds credentials', 'Check the signature instead.');
    }
    if (url.hash) throw toUrlError('has a fragment', 'Leave it out.');
    if (allowLoopback && isLoopbackUrl(url)) return url.href;
    if (url.protocol !== 'https:') throw toUrlError('is not https', 'Use https.');
    if (!PORTS.has(url.port)) throw toUrlError('has another port', 'Use port 443 or 8443.');
    await checkHost(url.hostname, resolve);
    return url.href;
  };
}

/** Whether it is plain http to this very machine. */
export function isLoopbackUrl({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && LOOPBACK.has(hostname);
}

/** Names are looked up now, so that a mistake shows at once; each delivery looks again. */
async function checkHost(hostname: string, resolve: Resolve): Promise<void> {
  try {
    await resolve(findAddress(hostname) ?? hostname);
  } catch (error) {
    if (error instanceof AddressRefused) {
      throw toUrlError('leads to an address that is not public', 'Use a public host.');
    }
    throw toUrlError('has a host that can not be found', 'Check its name.');
  }
}

function toUrlError(what: string, remedy: string): BrokerError {
  return new BrokerError('invalid_request', `The parameter url ${what}.`, {
    owner: 'caller',
    remedy,
  });
}
