import { createAudit } from '../shared/audit/audit.ts';
import { createRecordAct } from '../shared/audit/record-act.ts';
import { createRecordIssuance } from '../shared/audit/record-issuance.ts';
import { createSweep } from '../shared/audit/sweep.ts';
import { toTenantHash } from '../shared/audit/tenant-hash.ts';
import { createActTable, createIssuanceTable } from '../shared/azure/audit-tables.ts';
import { type AzureClients, createAzureClients } from '../shared/azure/clients.ts';
import { createInvitationTable, createUsedStateTable } from '../shared/azure/consent-tables.ts';
import { createEpochTable } from '../shared/azure/epoch-table.ts';
import { createGrantTable } from '../shared/azure/grant-table.ts';
import { readQueueDepth } from '../shared/azure/queue-depth.ts';
import { createSendMessage } from '../shared/azure/queue-sender.ts';
import { createOpenTable } from '../shared/azure/table-store.ts';
import { createTenantTable } from '../shared/azure/tenant-table.ts';
import { createTimerTable } from '../shared/azure/timer-table.ts';
import { createTokenTable } from '../shared/azure/token-table.ts';
import { createVault, type Vault } from '../shared/azure/vault.ts';
import { createBrokerToken } from '../shared/broker-token.ts';
import { createCachedDirectory } from '../shared/cached-directory.ts';
import { createAuthenticate } from '../shared/callers/authenticate.ts';
import { createAuthorize } from '../shared/callers/authorize.ts';
import { createGrantAdministration } from '../shared/callers/grant-administration.ts';
import { createSimulate } from '../shared/callers/simulation.ts';
import type { Config } from '../shared/config.ts';
import { createConsentFlow } from '../shared/consent/consent-flow.ts';
import { createConsentSeal } from '../shared/consent/consent-seal.ts';
import { createInvite } from '../shared/consent/invitation.ts';
import { createProveTenant } from '../shared/consent/proof.ts';
import { createGetConsentUrl } from '../shared/consent/reconsent.ts';
import { createVerifier } from '../shared/consent/verification.ts';
import { createConsentEndpoints } from '../shared/entra/consent-endpoints.ts';
import { createToCertificateVersion } from '../shared/entra/credential/certificate.ts';
import type { ClientCredential } from '../shared/entra/credential/client-credential.ts';
import { createFederatedCredential } from '../shared/entra/credential/federated-credential.ts';
import { createProve, type Prove } from '../shared/entra/credential/home-tenant.ts';
import { createRotatingCredential } from '../shared/entra/credential/rotating-credential.ts';
import { toSecretVersion } from '../shared/entra/credential/secret.ts';
import { createVerifyIdToken } from '../shared/entra/id-token.ts';
import { createFindTenantOfDomain, toMetadataUrl } from '../shared/entra/openid-metadata.ts';
import { createPublishedKeys } from '../shared/entra/published-keys.ts';
import { createRequestToken } from '../shared/entra/token-endpoint.ts';
import { createEpochWatch } from '../shared/epoch.ts';
import { createHealthCheck } from '../shared/health/health-check.ts';
import { createCredentialProbe, createQueueProbe } from '../shared/health/probes.ts';
import { createNoteTimerRun, createTimerProbe } from '../shared/health/timer-runs.ts';
import type { Log } from '../shared/log.ts';
import { createRefresher } from '../shared/refresh/refresh.ts';
import { createTenantAdministration } from '../shared/tenants/administration.ts';
import { createTenantDirectory } from '../shared/tenants/tenant-directory.ts';
import { createTenantResolver, type ResolveTenant } from '../shared/tenants/tenant-name.ts';
import { createOutcomeReporter } from '../shared/tenants/tenant-outcome.ts';
import { createIssueToken } from '../shared/tokens/issue-token.ts';
import { createKeyRing } from '../shared/tokens/key-ring.ts';
import { createLeases } from '../shared/tokens/lease.ts';
import { createResourceParser, createResources } from '../shared/tokens/resource.ts';
import { createTokenSeal } from '../shared/tokens/sealed-token.ts';
import { createTokenBroker } from '../shared/tokens/token-broker.ts';
import { createTokenSource } from '../shared/tokens/token-source.ts';
import { createResealRows } from '../shared/tokens/upkeep.ts';
import { createValidateToken } from '../shared/tokens/validate-token.ts';
import { QUEUES, REFRESH_QUEUE, VERIFICATION_QUEUE } from './queues.ts';
import type { Services } from './services.ts';

const { now } = Date;

/** Wires the whole broker from its configuration; nothing is connected before it is used. */
export function compose(config: Config, log: Log): Services {
  const azure = createAzureClients(config);
  const storage = composeStorage(azure, log);
  const entra = composeEntra(config, azure, log);
  const tokens = composeTokens(config, { storage, entra, log });
  const consent = composeConsent(config, { storage, entra, tokens, log });
  const { tenants, grants } = storage;
  const { resolveTenant, resources } = entra;
  const { directory, broker, watch } = tokens;
  const { verifier, getConsentUrl } = consent;
  const changes = { tenants, advanceEpoch: watch.advance, log, now };
  const parseResource = createResourceParser(resources);
  const { requiredRoles, clientId } = config;
  return {
    ...consent,
    authenticate: composeAuthenticate(config),
    brokerToken: createBrokerToken({
      epoch: watch,
      resolveTenant,
      parseResource,
      recordIssuance: createRecordIssuance({ issuances: storage.issuances, now }),
      authorize: createAuthorize({ grants: tokens.grants, log, now }),
      directory,
      broker,
      getConsentUrl,
    }),
    parseResource,
    validateToken: createValidateToken({ resources, requiredRoles, clientId, now }),
    tenants,
    administration: createTenantAdministration({ ...changes, resolveTenant, verifier }),
    grantAdministration: createGrantAdministration({ ...changes, grants }),
    simulate: createSimulate({ grants, tenants, resolveTenant, parseResource }),
    ...composeAudit(config, { storage, resolveTenant, log }),
    refresher: composeRefresher(config, { storage, tokens, log }),
    getHealth: composeHealth(config, { azure, storage, entra }),
    noteTimerRun: createNoteTimerRun({ runs: storage.timerRuns, log, now }),
    isSecure: config.publicBaseUrl.startsWith('https:'),
    log,
  };
}

type Storage = ReturnType<typeof composeStorage>;

function composeStorage(azure: AzureClients, log: Log) {
  const open = (name: string) => createOpenTable(() => azure.table(name));
  const send = (name: string) => createSendMessage(() => azure.queue(name));
  const invitations = createInvitationTable(open('invitations'));
  const usedStates = createUsedStateTable(open('usedstates'));
  const sendVerification = send(VERIFICATION_QUEUE);
  const sendRefresh = send(REFRESH_QUEUE);
  return {
    tenants: createTenantTable(open('tenants'), log),
    tokens: createTokenTable(open('tokens'), log),
    grants: createGrantTable(open('callers'), log),
    epoch: createEpochTable(open('epoch')),
    timerRuns: createTimerTable(open('timers')),
    issuances: createIssuanceTable(open('issuances'), log),
    acts: createActTable(open('acts'), log),
    invitations,
    usedStates,
    enqueueVerification: (tenantId: string, delayMs: number) =>
      sendVerification({ tenantId }, delayMs),
    enqueueRefresh: (keys: readonly unknown[]) => sendRefresh({ keys }),
    removeExpired: async (time: number) =>
      (await invitations.removeExpired(time)) + (await usedStates.removeExpired(time)),
  };
}

type Entra = ReturnType<typeof composeEntra>;

function composeEntra(config: Config, azure: AzureClients, log: Log) {
  const { authority, clientId } = config;
  const vault = createVault(azure.secrets, { log, now });
  const resources = createResources(config.cloud);
  const prove = createProve({
    fetch,
    tokenEndpoint: `${authority}/${config.partnerTenantId}/oauth2/v2.0/token`,
    clientId,
    scope: `${resources.graph.identifier}/.default`,
  });
  const credential = composeCredential(config, { azure, vault, prove, log });
  const requestToken = createRequestToken({ fetch, authority, clientId, resources, credential });
  const findTenantOfDomain = createFindTenantOfDomain(fetch, authority);
  const [firstRequired = 'defender-xdr'] = config.requiredRoles.keys();
  return {
    resources,
    vault,
    credential,
    requestToken,
    ring: createKeyRing({ loadKeys: () => vault.readKeys(config.tokenKeyName), log, now }),
    issueToken: createIssueToken({ requestToken, resources, clientId, log }),
    resolveTenant: createTenantResolver({ findTenantOfDomain, now }),
    interactive: createConsentEndpoints({
      fetch,
      authority,
      clientId,
      redirectUri: `${config.publicBaseUrl}/api/consent/callback`,
      scope: `${resources[firstRequired].identifier}/.default`,
      credential,
      verifyIdToken: createVerifyIdToken({ fetch, authority, clientId, now }),
    }),
  };
}

/** How the client proves itself: by a secret or certificate in Key Vault, or by its managed identity. */
function composeCredential(
  { clientCredential, clientId, cloud, clientSecretName, clientCertificateName }: Config,
  { azure, vault, ...parts }: { azure: AzureClients; vault: Vault; prove: Prove; log: Log },
): ClientCredential {
  const versionsOf = (name: string) => ({
    list: () => vault.listVersions(name),
    read: (version: string) => vault.readVersion(name, version),
  });
  switch (clientCredential) {
    case 'secret':
      return createRotatingCredential({
        ...parts,
        kind: clientCredential,
        versions: versionsOf(clientSecretName),
        toVersion: toSecretVersion,
        now,
      });
    case 'certificate':
      return createRotatingCredential({
        ...parts,
        kind: clientCredential,
        versions: versionsOf(clientCertificateName),
        toVersion: createToCertificateVersion({ clientId, now }),
        now,
      });
    case 'managed-identity':
      return createFederatedCredential({ getIdentityToken: azure.identityToken, cloud, now });
  }
}

type Tokens = ReturnType<typeof composeTokens>;

function composeTokens(
  { requiredRoles }: Config,
  { storage, entra, log }: { storage: Storage; entra: Entra; log: Log },
) {
  const { tenants, tokens, epoch } = storage;
  const directory = createTenantDirectory({ tenants, now });
  const grants = createCachedDirectory({ records: storage.grants, now });
  const forget = () => {
    directory.forget();
    grants.forget();
    broker.forget();
  };
  const watch = createEpochWatch({ epoch, forget, now });
  const advanceEpoch = watch.advance;
  const seal = createTokenSeal(entra.ring);
  const source = createTokenSource({
    tokens,
    leases: createLeases({ tokens, now }),
    seal,
    issueToken: entra.issueToken,
    requiredRoles,
    report: createOutcomeReporter({ tenants, directory, advanceEpoch, requiredRoles, log, now }),
    now,
  });
  const broker = createTokenBroker({ source, now });
  const resealRows = createResealRows({ tokens, seal, ring: entra.ring, log, now });
  return { directory, grants, broker, watch, resealRows };
}

function composeConsent(
  { publicBaseUrl, requiredRoles }: Config,
  { storage, entra, tokens, log }: { storage: Storage; entra: Entra; tokens: Tokens; log: Log },
) {
  const { tenants, invitations, usedStates, enqueueVerification } = storage;
  const { issueToken, resolveTenant, ring, interactive } = entra;
  const { keep, clearSetbacks } = tokens.broker;
  const invite = createInvite({ invitations, resolveTenant, publicBaseUrl, now });
  const verifier = createVerifier({
    tenants,
    invitations,
    proveTenant: createProveTenant({ issueToken, keep, requiredRoles, now }),
    enqueue: enqueueVerification,
    clearSetbacks,
    advanceEpoch: tokens.watch.advance,
    log,
    now,
  });
  const statusUrl = `${publicBaseUrl}/api/consent/status`;
  const consentFlow = createConsentFlow({
    invitations,
    usedStates,
    seal: createConsentSeal(ring, now),
    entra: interactive,
    acceptConsent: verifier.acceptConsent,
    statusUrl,
    log,
    now,
  });
  const getConsentUrl = createGetConsentUrl({ invite, tenants, publicBaseUrl, now });
  return { invite, verifier, consentFlow, getConsentUrl, statusUrl };
}

function composeRefresher(
  { incidentSource }: Config,
  { storage, tokens, log }: { storage: Storage; tokens: Tokens; log: Log },
) {
  return createRefresher({
    tenants: storage.tenants,
    tokens: storage.tokens,
    directory: tokens.directory,
    broker: tokens.broker,
    watch: tokens.watch,
    syncResource: incidentSource,
    enqueue: storage.enqueueRefresh,
    enqueueVerification: storage.enqueueVerification,
    resealRows: tokens.resealRows,
    log,
    now,
  });
}

/** What the broker cannot do without, each really touched. */
function composeHealth(
  { partnerTenantId, tokenKeyName }: Config,
  { azure, storage, entra }: { azure: AzureClients; storage: Storage; entra: Entra },
) {
  const { requestToken, credential, vault } = entra;
  const depthOf = (name: string) => readQueueDepth(() => azure.queue(name));
  return createHealthCheck({
    probes: {
      credential: createCredentialProbe({
        getHomeToken: () => requestToken({ tenantId: partnerTenantId, resource: 'graph' }),
        describe: credential.describe,
        now,
      }),
      key_vault: async () => ({ keys: (await vault.listVersions(tokenKeyName)).length }),
      tables: async () => ({ epoch: (await storage.epoch.read()) !== '' }),
      queues: createQueueProbe(QUEUES, depthOf),
      timers: createTimerProbe({ runs: storage.timerRuns, now }),
    },
    now,
  });
}

const DAY = 24 * 60 * 60_000;

function composeAudit(
  { auditRetentionDays }: Config,
  { storage, resolveTenant, log }: { storage: Storage; resolveTenant: ResolveTenant; log: Log },
) {
  const { issuances, acts, tenants, removeExpired } = storage;
  return {
    audit: createAudit({ issuances, acts, tenants, now }),
    recordAct: createRecordAct({ acts, now }),
    resolveTenantHash: async (name: string) => {
      const tenantId = await resolveTenant(name);
      return tenantId && toTenantHash(tenantId);
    },
    sweep: createSweep({
      removeExpired,
      ledgers: [issuances, acts],
      retentionMs: auditRetentionDays * DAY,
      log,
      now,
    }),
  };
}

/** A v2 token's audience is the client id, a v1 token's the App ID URI. */
function composeAuthenticate({ authority, partnerTenantId, apiAudience }: Config) {
  const issuers = (['v2.0', 'v1.0'] as const).map((version) =>
    createPublishedKeys({
      fetch,
      metadataUrl: toMetadataUrl(authority, partnerTenantId, version),
      now,
    }),
  );
  const audiences = [apiAudience, apiAudience.replace(/^api:\/\//, '')];
  return createAuthenticate({ issuers, audiences, homeTenantId: partnerTenantId, now });
}
