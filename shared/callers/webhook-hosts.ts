import { domainToASCII } from 'node:url';
import { BrokerError } from '../errors.ts';

/** More hosts than people oversee, and what fits in one row. */
const MAX_HOSTS = 50;

/**
 * `*.` and a domain of at least two labels, or a host: a name, an IPv4 address, or an IPv6 address
 * in brackets.
 */
const PATTERN =
  /^(?:\*\.(?=[^.]+\.)|)(?:\[[0-9a-f:.]{2,45}\]|[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*)$/;

/**
 * Checks the hosts that a caller's webhooks may lead to; throws `invalid_request` that names the
 * bad one.
 */
export function parseWebhookHosts(hosts: readonly string[]): readonly string[] {
  if (hosts.length > MAX_HOSTS) {
    throw toHostError(`holds more than ${MAX_HOSTS} hosts`, 'Use *. and a domain for many.');
  }
  return [...new Set(hosts.map(parseHost))];
}

/**
 * Whether the list allows the host of a URL; `*.example.com` is every name below example.com, and
 * not itself.
 */
export function isHostAllowed(hosts: readonly string[] | undefined, url: string): boolean {
  if (hosts === undefined) return true;
  const { hostname } = new URL(url);
  return hosts.some((host) =>
    host.startsWith('*.') ? hostname.endsWith(host.slice(1)) : hostname === host,
  );
}

/** As URLs have it: in lower case, international names in their ASCII form. */
function parseHost(text: string): string {
  const [, wildcard = '', name = ''] = /^(\*\.)?(.*)$/s.exec(text.toLowerCase()) ?? [];
  const host = `${wildcard}${/^[\x20-\x7e]*$/.test(name) ? name : domainToASCII(name)}`;
  if (host.length <= 255 && PATTERN.test(host)) return host;
  throw toHostError('names something that is no host', 'Use hook.example.com or *.example.com.');
}

function toHostError(what: string, remedy: string): BrokerError {
  const description = `The parameter webhook_hosts ${what}.`;
  return new BrokerError('invalid_request', description, { owner: 'caller', remedy });
}
