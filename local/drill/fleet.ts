import { createBrokerClient, toAddress } from '../sandbox/client.ts';
import type { Partner } from '../sandbox/partner.ts';
import { grantEverything } from '../sandbox/sandbox.ts';
import { type Broker, createBroker } from './broker.ts';
import { type Host, startHost } from './host.ts';

/** The broker's processes of one environment. */
interface BrokerFleet {
  /** Starts a process whose clock is wrong by `skewMs`. */
  readonly start: (skewMs: number) => Promise<Broker>;
  /** Moves every clock; a process that stands still gets it when it goes on. */
  readonly setClocks: (offsetMs: number) => Promise<void>;
  readonly killAll: () => Promise<void>;
}

interface BrokerProcess {
  readonly host: Host;
  readonly skewMs: number;
}

/**
 * Creates an empty fleet; the first process listens on `port`, where customers' admins are sent to.
 */
export function createBrokerFleet({
  settings,
  port,
  partner,
  entraUrl,
}: {
  settings: Readonly<Record<string, string>>;
  port: number;
  partner: Partner;
  entraUrl: string;
}): BrokerFleet {
  const processes: BrokerProcess[] = [];
  let offset = 0;
  const connect = (host: Host) =>
    createBrokerClient({ brokerUrl: host.url, ...toAddress(entraUrl, partner, 'operator') });
  return {
    start: async (skewMs) => {
      const isFirst = processes.length === 0;
      const offsetMs = offset + skewMs;
      const host = await startHost(settings, { port: isFirst ? port : 0, offsetMs });
      processes.push({ host, skewMs });
      await host.setClock(offset + skewMs);
      const broker = createBroker(host, await connect(host));
      if (isFirst) await grantEverything(broker, partner);
      return broker;
    },
    setClocks: async (offsetMs) => {
      offset = offsetMs;
      await Promise.all(processes.map(({ host, skewMs }) => host.setClock(offset + skewMs)));
    },
    killAll: async () => {
      await Promise.all(processes.map(({ host }) => host.kill()));
    },
  };
}
