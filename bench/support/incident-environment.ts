import { createHash, randomBytes } from 'node:crypto';
import { createDefender } from '../../local/defender/defender.ts';
import { createGraph } from '../../local/defender/graph.ts';
import type { VerifyAccessToken } from '../../local/defender/http/surface.ts';
import type { IncidentStore as Upstream } from '../../local/defender/incident-store.ts';
import { createBlobContainer } from '../../shared/azure/blobs/blob-container.ts';
import type { AzureClients } from '../../shared/azure/clients/clients.ts';
import { createChangeFeedTable } from '../../shared/azure/feed/change-feed-table.ts';
import { createIncidentTable } from '../../shared/azure/incidents/incident-table.ts';
import { createSyncStateTable } from '../../shared/azure/sync/sync-state-table.ts';
import { createDefenderXdrSource } from '../../shared/defender/defender-xdr.ts';
import { createGraphSource } from '../../shared/defender/graph.ts';
import { SILENT } from './broker.ts';

const AUDIENCES = {
  'defender-xdr': 'https://api.security.microsoft.com',
  graph: 'https://graph.microsoft.com',
} as const;
const ROLES = ['Incident.Read.All', 'SecurityIncident.Read.All'];

/** Tokens are not what is measured: the stand-ins believe what these say. */
const verifyAccessToken: VerifyAccessToken = (token) =>
  Promise.resolve(JSON.parse(Buffer.from(token, 'base64url').toString()));

function createGetToken(aud: string) {
  return (tid: string) =>
    Promise.resolve(Buffer.from(JSON.stringify({ aud, tid, roles: ROLES })).toString('base64url'));
}

/** Both stand-ins in this process, with their quotas, and the sources that read them. */
export function createApis(incidents: Upstream, now: () => number) {
  const defender = createDefender({ verifyAccessToken, now, incidents });
  const graph = createGraph({ verifyAccessToken, now, incidents });
  const optionsOf = (handle: typeof defender.handle, audience: string) => ({
    fetch: (async (input, init) => await handle(new Request(input, init))) satisfies typeof fetch,
    apiUrl: 'http://127.0.0.1',
    getToken: createGetToken(audience),
    now,
  });
  return {
    defender,
    graph,
    sources: {
      'defender-xdr': createDefenderXdrSource(
        optionsOf(defender.handle, AUDIENCES['defender-xdr']),
      ),
      graph: createGraphSource(optionsOf(graph.handle, AUDIENCES.graph)),
    },
    countCalls: () => defender.requests.length + graph.requests.length,
  };
}

/** Tables and a container of their own. */
export function createIncidentStorage(azure: AzureClients) {
  const suffix = randomBytes(6).toString('hex');
  const open = (name: string) => () => azure.table(`${name}${suffix}`);
  const blobs = createBlobContainer(azure.blobs, `incidents${suffix}`);
  const [incidents, changes] = [open('incidents'), open('incidentchanges')];
  return {
    incidents: createIncidentTable({ open: incidents, blobs }, SILENT),
    changeFeed: createChangeFeedTable(changes, SILENT),
    states: createSyncStateTable(open('incidentsync'), SILENT),
    /** Every row of incidents and changes with its version. */
    async readVersions(): Promise<ReadonlyMap<string, string>> {
      const versions = new Map<string, string>();
      for (const openOne of [incidents, changes]) {
        const queryOptions = { select: ['PartitionKey', 'RowKey'] };
        for await (const row of (await openOne()).listEntities({ queryOptions })) {
          versions.set(`${row.partitionKey} ${row.rowKey}`, row.etag);
        }
      }
      return versions;
    },
  };
}

/** The id of the n-th tenant: the same in every run, since turns depend on it. */
export function toTenantId(index: number): string {
  const hash = createHash('sha256').update(`tenant ${index}`).digest('hex');
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}
