import type { HostAddress, LookUp } from './resolve.ts';

/** Half of what a delivery may take, in milliseconds. */
const TIMEOUT = 5000;

/** The first try of a query; the next one has twice as long. */
const FIRST_TRY = 1500;
const TRIES = 2;

/**
 * Creates the lookup by DNS itself. `dns.lookup` would ask the system on two threads that all
 * lookups of the process share: names whose servers are silent would keep those of Entra and of
 * storage waiting.
 */
export function createLookUp({
  servers,
  timeoutMs = TIMEOUT,
}: {
  readonly servers?: readonly string[];
  readonly timeoutMs?: number;
} = {}): LookUp {
  return async (hostname) => {
    // Loaded when a receiver is looked up: a cold start serves tokens first.
    const { Resolver } = await import('node:dns/promises');
    const resolver = new Resolver({ timeout: FIRST_TRY, tries: TRIES });
    if (servers) resolver.setServers(servers);
    const timer = setTimeout(() => resolver.cancel(), timeoutMs);
    try {
      const [four, six] = await Promise.allSettled([
        resolver.resolve4(hostname),
        resolver.resolve6(hostname),
      ]);
      if (four.status === 'rejected' && six.status === 'rejected') throw four.reason;
      return [...toAddresses(four, 4), ...toAddresses(six, 6)];
    } finally {
      clearTimeout(timer);
    }
  };
}

/** A host that has addresses of one family only has no record of the other. */
function toAddresses(
  answer: PromiseSettledResult<readonly string[]>,
  family: number,
): readonly HostAddress[] {
  const addresses = answer.status === 'fulfilled' ? answer.value : [];
  return addresses.map((address) => ({ address, family }));
}
