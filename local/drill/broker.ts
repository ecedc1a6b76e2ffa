import type { ResourceName } from '../../shared/resources/resources.ts';
import type { ApiAnswer, BrokerClient } from '../sandbox/client.ts';
import type { Customer } from '../sandbox/customers.ts';
import type { Host } from './host.ts';

/** A process of the broker, as an operator with every grant has it. */
export interface Broker extends BrokerClient, Host {
  /**
   * Asks for a customer's token; without a resource that of `defender-xdr`, which the onboarding
   * has fetched.
   */
  readonly ask: (customer: Customer, resource?: ResourceName) => Promise<ApiAnswer>;
  /** What `GET /tenants/{tenant}` says of a customer's status. */
  readonly statusOf: (customer: Customer) => Promise<string>;
  /** Runs the refresh timer now, and the messages that it sends. */
  readonly refresh: () => Promise<void>;
}

/** Puts the words of a tool and of an operator on top of a host. */
export function createBroker(host: Host, client: BrokerClient): Broker {
  const { call } = client;
  return {
    ...host,
    call,
    ask: ({ tenant }, resource) =>
      call('POST', `/tenants/${tenant.tenantId}/token`, resource && { resource }),
    statusOf: async ({ tenant }) => (await call('GET', `/tenants/${tenant.tenantId}`)).body.status,
    refresh: async () => {
      await host.runTimer('refreshTokens');
      await host.drain();
    },
  };
}
