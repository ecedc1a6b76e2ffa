import type { Config } from '../../shared/config.ts';
import { createDefenderXdrSource } from '../../shared/defender/defender-xdr.ts';
import { createGraphSource } from '../../shared/defender/graph.ts';
import type { IncidentSourceName } from '../../shared/incidents/incident.ts';
import type { IncidentSource } from '../../shared/incidents/incident-source.ts';
import type { TokenBroker } from '../../shared/tokens/token-broker.ts';

const { now } = Date;

/** Wires the APIs that incidents are read from; their tokens come from the broker itself. */
export function composeSources(
  { incidentApiUrls }: Config,
  { tokens }: { tokens: { readonly broker: Pick<TokenBroker, 'getToken'> } },
): Readonly<Record<IncidentSourceName, IncidentSource>> {
  const optionsOf = (resource: IncidentSourceName) => ({
    fetch,
    apiUrl: incidentApiUrls[resource],
    getToken: async (tenantId: string) =>
      // Used at once, and a customer may have made its tokens short: any that works will do.
      (await tokens.broker.getToken({ tenantId, resource }, 0)).accessToken,
    now,
  });
  return {
    'defender-xdr': createDefenderXdrSource(optionsOf('defender-xdr')),
    graph: createGraphSource(optionsOf('graph')),
  };
}
