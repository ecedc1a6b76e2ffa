import * as v from 'valibot';
import type { InjectedFault } from '../../defender/http/faults.ts';
import type { IncidentEntry } from '../../defender/incident-store.ts';
import type { SecretVersion } from '../../key-vault/secrets.ts';
import type { Microsoft } from '../microsoft.ts';
import type { Partner } from '../partner.ts';
import { directorySchema, restoreDirectory, snapshotDirectory } from './directory-snapshot.ts';

const clientSchema = v.object({
  secrets: v.array(
    v.object({ keyId: v.string(), value: v.string(), expiresAt: v.nullable(v.number()) }),
  ),
  certificates: v.array(
    v.object({ x5tS256: v.string(), publicJwk: v.record(v.string(), v.unknown()) }),
  ),
  federatedCredentials: v.array(
    v.object({ issuer: v.string(), subject: v.string(), audience: v.string() }),
  ),
});

/**
 * What the stand-ins knew when a sandbox ended. Rows of secrets, incidents and faults are their
 * own, as JSON.
 */
export const snapshotSchema = v.object({
  version: v.literal(1),
  customerCount: v.number(),
  credential: v.string(),
  /** Secrets of the partner's applications, by name. */
  secrets: v.record(v.string(), v.string()),
  client: clientSchema,
  directory: directorySchema,
  /** PKCS#8, the newest first. */
  signingKeys: v.tupleWithRest([v.string()], v.string()),
  keyVault: v.array(v.looseObject({ name: v.string(), version: v.string(), value: v.string() })),
  incidents: v.array(v.looseObject({ tenantId: v.string(), rank: v.number() })),
  faults: v.object({
    defender: v.array(v.looseObject({ kind: v.string() })),
    graph: v.array(v.looseObject({ kind: v.string() })),
    keyVault: v.array(v.looseObject({ kind: v.string() })),
  }),
});

/** One of these. */
export type Snapshot = v.InferOutput<typeof snapshotSchema>;

/** The parts that a snapshot is taken of and given back to. */
interface SnapshotParts {
  readonly partner: Partner;
  readonly microsoft: Microsoft;
}

/** Takes what the stand-ins know now. */
export function takeSnapshot(
  { partner, microsoft }: SnapshotParts,
  about: Pick<Snapshot, 'customerCount' | 'credential'>,
): unknown {
  const { entra, keyVault, defender, graph, incidents } = microsoft;
  const { secrets, certificates, federatedCredentials } = partner.client;
  const snapshot: Record<keyof Snapshot, unknown> = {
    version: 1,
    ...about,
    secrets: toSecrets(partner),
    client: { secrets, certificates, federatedCredentials },
    directory: snapshotDirectory(partner.directory),
    signingKeys: entra.exportSigningKeys(),
    keyVault: keyVault.exportVersions(),
    incidents: incidents.exportEntries(),
    faults: {
      defender: defender.faults.list(),
      graph: graph.faults.list(),
      keyVault: keyVault.faults.list(),
    },
  };
  return snapshot;
}

function toSecrets({ clientSecret, tools }: Partner): Readonly<Record<string, string>> {
  const { operator, playbook } = tools;
  return { client: clientSecret, operator: operator.secret, playbook: playbook.secret };
}

/** Gives it back. What `takeSnapshot` wrote of rows and faults is taken at its word. */
export function restoreSnapshot({ partner, microsoft }: SnapshotParts, snapshot: Snapshot): void {
  const { client, directory } = partner;
  client.secrets = snapshot.client.secrets.map((secret) => ({
    ...secret,
    expiresAt: secret.expiresAt ?? Number.POSITIVE_INFINITY,
  }));
  client.certificates = snapshot.client.certificates;
  client.federatedCredentials = snapshot.client.federatedCredentials;
  restoreDirectory(directory, snapshot.directory);
  microsoft.keyVault.importVersions(snapshot.keyVault as unknown as readonly SecretVersion[]);
  microsoft.incidents.importEntries(snapshot.incidents as unknown as readonly IncidentEntry[]);
  for (const service of ['defender', 'graph', 'keyVault'] as const) {
    for (const fault of snapshot.faults[service]) {
      microsoft[service].faults.inject(fault as unknown as InjectedFault);
    }
  }
}
