import { RESOURCES } from '../../shared/resources/resources.ts';
import { createDefender } from '../defender/defender.ts';
import { createGraph } from '../defender/graph.ts';
import type { Surface } from '../defender/http/surface.ts';
import { createHunting, type Hunting } from '../defender/hunting/hunting.ts';
import type { IncidentStore } from '../defender/incident-store.ts';
import type { Directory } from '../entra/directory/directory-model.ts';
import { createEntra, type Entra } from '../entra/entra.ts';
import { createKeyVault, type KeyVault } from '../key-vault.ts';
import { createManagedIdentity } from '../managed-identity.ts';
import { type Handle, type Served, serve } from '../serve.ts';

/** Every service of Microsoft's that the broker speaks to, as stand-ins behind one origin. */
export interface Microsoft extends Served {
  readonly entra: Entra;
  readonly keyVault: KeyVault;
  readonly defender: Surface;
  readonly graph: Surface;
  readonly hunting: Hunting;
  readonly incidents: IncidentStore;
  /** App settings that point the Azure SDKs and the broker at the stand-ins. */
  readonly settings: Readonly<Record<string, string>>;
}

const IDENTITY_HEADER = 'sandbox-identity-header';

/** Starts the stand-ins on one loopback port; `control` answers `/` and below `/sandbox/`. */
export async function startMicrosoft({
  directory,
  port,
  control,
  signingKeys,
}: {
  directory: Directory;
  port?: number;
  control?: Handle;
  /** Entra's keys of a sandbox before. */
  signingKeys?: readonly [string, ...string[]];
}): Promise<Microsoft> {
  const { now } = directory;
  const entra = await createEntra({ directory, ...(signingKeys && { exportedKeys: signingKeys }) });
  const { verifyAccessToken } = entra;
  const identity = createManagedIdentity({
    issueToken: entra.issueManagedIdentityToken,
    header: IDENTITY_HEADER,
  });
  const keyVault = createKeyVault({
    verifyAccessToken,
    tenantId: directory.homeTenantId,
    authority: 'https://login.microsoftonline.com',
    now,
  });
  const defender = createDefender({ verifyAccessToken, now });
  const { incidents } = defender;
  const graph = createGraph({ verifyAccessToken, now, incidents });
  const hunting = createHunting({ verifyAccessToken, now });
  const bySegment = new Map<string, Handle>([
    ['api', defender.handle],
    ['v1.0', graph.handle],
    ['secrets', keyVault.handle],
    ['msi', identity.handle],
    ...(control ? (['', 'sandbox'] as const).map((segment) => [segment, control] as const) : []),
  ]);
  const served = await serve((request) => {
    const { pathname } = new URL(request.url);
    if (/\/runHuntingQuery\/?$/i.test(pathname)) return hunting.handle(request);
    const [, segment = ''] = pathname.split('/');
    return (bySegment.get(segment) ?? entra.handle)(request);
  }, port);
  entra.setOrigin(served.url);
  const settings = toSettings(served.url);
  return { ...served, entra, keyVault, defender, graph, hunting, incidents, settings };
}

function toSettings(url: string): Readonly<Record<string, string>> {
  return {
    ENTRA_AUTHORITY: url,
    KEY_VAULT_URL: url,
    ...Object.fromEntries(Object.values(RESOURCES).map(({ urlSetting }) => [urlSetting, url])),
    IDENTITY_ENDPOINT: `${url}/msi/token`,
    IDENTITY_HEADER,
  };
}
