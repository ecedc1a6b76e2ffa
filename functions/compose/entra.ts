import { createRecordCredential } from '../../shared/audit/record-credential.ts';
import type { RecordEvent } from '../../shared/audit/record-event.ts';
import type { AzureClients } from '../../shared/azure/clients/clients.ts';
import type { Vault } from '../../shared/azure/key-vault/vault.ts';
import { createCallerBudgets } from '../../shared/budgets/caller-budgets.ts';
import type { Config } from '../../shared/config.ts';
import { createToCertificateVersion } from '../../shared/entra/credential/certificate.ts';
import type { ClientCredential } from '../../shared/entra/credential/client-credential.ts';
import { createFederatedCredential } from '../../shared/entra/credential/federated-credential.ts';
import { createProve } from '../../shared/entra/credential/home-tenant.ts';
import { createRotatingCredential } from '../../shared/entra/credential/rotating-credential.ts';
import { toSecretVersion } from '../../shared/entra/credential/secret.ts';
import type { VersionSelectorParts } from '../../shared/entra/credential/version-selector.ts';
import { createFindTenantOfDomain } from '../../shared/entra/openid-metadata.ts';
import { createRequestToken } from '../../shared/entra/token-endpoint.ts';
import { createResources, type Resources } from '../../shared/resources/resource.ts';
import { createNotedResolver, createTenantResolver } from '../../shared/tenants/tenant-name.ts';
import { createMatchToken } from '../../shared/tokens/claims/match-token.ts';
import { createTokenIssuer } from '../../shared/tokens/token-issuer.ts';
import type { Keys } from './keys.ts';
import type { Observer } from './observer.ts';

const { now } = Date;

/** What speaks to Entra and Key Vault, wired. */
export type Entra = ReturnType<typeof composeEntra>;

/** Wires the client credential and the token endpoint. */
export function composeEntra(
  config: Config,
  {
    azure,
    keys,
    recordEvent,
    observer,
  }: { azure: AzureClients; keys: Keys; recordEvent: RecordEvent; observer: Observer },
) {
  const { entraFetch: fetch, entraNow, log, metrics } = observer;
  const { authority, clientId } = config;
  const { vault } = keys;
  const resources = createResources(config.cloud);
  const prove = composeProve(config, { fetch, resources });
  const record = createRecordCredential({ recordEvent, log });
  const judges = { prove, record, metrics, log };
  const credential = composeCredential(config, { azure, vault, entraNow, ...judges });
  const requestToken = createRequestToken({ fetch, authority, clientId, resources, credential });
  const matchToken = createMatchToken({ resources, clientId, log });
  const findTenantOfDomain = createFindTenantOfDomain(fetch, authority);
  const budgets = createCallerBudgets(now);
  return {
    resources,
    budgets,
    ...keys,
    credential,
    requestToken,
    matchToken,
    issueToken: createTokenIssuer({ requestToken, matchToken }),
    resolveTenant: createNotedResolver(
      createTenantResolver({ findTenantOfDomain, budgets, now }),
      log,
    ),
  };
}

/**
 * The home tenant's word on a credential is asked for with a token of Microsoft Graph, which every
 * tenant has.
 */
function composeProve(
  { authority, partnerTenantId, clientId }: Config,
  { fetch, resources }: { fetch: Observer['entraFetch']; resources: Resources },
) {
  return createProve({
    fetch,
    tokenEndpoint: `${authority}/${partnerTenantId}/oauth2/v2.0/token`,
    clientId,
    scope: `${resources.graph.identifier}/.default`,
  });
}

/**
 * How the client proves itself: by a secret or certificate in Key Vault, or by its managed
 * identity.
 */
function composeCredential(
  { clientCredential, clientId, cloud, clientSecretName, clientCertificateName }: Config,
  {
    azure,
    vault,
    entraNow,
    ...judges
  }: { azure: AzureClients; vault: Vault; entraNow: () => number } & Pick<
    VersionSelectorParts,
    'prove' | 'record' | 'metrics' | 'log'
  >,
): ClientCredential {
  const versionsOf = (name: string) => ({
    list: () => vault.listVersions(name),
    read: (version: string) => vault.readVersion(name, version),
  });
  switch (clientCredential) {
    case 'secret':
      return createRotatingCredential({
        ...judges,
        kind: clientCredential,
        versions: versionsOf(clientSecretName),
        toVersion: toSecretVersion,
        now,
      });
    case 'certificate':
      return createRotatingCredential({
        ...judges,
        kind: clientCredential,
        versions: versionsOf(clientCertificateName),
        toVersion: createToCertificateVersion({ clientId, now: entraNow }),
        now,
      });
    case 'managed-identity':
      return createFederatedCredential({
        getIdentityToken: azure.identityToken,
        cloud,
        prove: judges.prove,
        now,
      });
  }
}
