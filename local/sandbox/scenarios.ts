import { randomBytes } from 'node:crypto';
import {
  disableServicePrincipal,
  dropRole,
  enableServicePrincipal,
  grantConsent,
  revokeConsent,
} from '../entra/directory/grants.ts';
import { getTenant } from '../entra/directory.ts';
import { clearFaults, injectFault } from '../entra/faults.ts';
import { CREDENTIAL_SCENARIOS } from './credential-scenarios.ts';
import { HUNTING_SCENARIOS } from './hunting-scenarios.ts';
import { INCIDENT_SCENARIOS } from './incident-scenarios.ts';
import type { Scenario } from './scenario.ts';

/** Whoever may change incidents may read them, too. */
const ROLES = ['Incident.Read.All', 'Incident.ReadWrite.All'];

/**
 * How long tokens live after `short-tokens`, in seconds: due for refresh while somebody still
 * watches.
 */
export const SHORT_TOKEN_SECONDS = 20;
const USUAL_TOKEN_SECONDS = 3599;

/** The switches by name; `calm` takes back what goes on until told otherwise. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'revoke-consent': {
    description: "The customer's admin deletes the enterprise application.",
    perTenant: true,
    apply: ({ partner }, where) => revokeConsent(partner.directory, where),
  },
  'grant-consent': {
    description: "The customer's admin grants every app role that the registration asks for.",
    perTenant: true,
    apply: ({ partner }, where) => {
      grantConsent(partner.directory, where);
    },
  },
  'drop-role': {
    description: `The customer's admin removes ${ROLES.join(' and ')}.`,
    perTenant: true,
    apply: ({ partner }, where) => {
      for (const role of ROLES) dropRole(partner.directory, { ...where, role });
    },
  },
  'disable-app': {
    description: "The customer's admin disables sign-in for the app.",
    perTenant: true,
    apply: ({ partner }, where) => disableServicePrincipal(partner.directory, where),
  },
  'enable-app': {
    description: "The customer's admin enables sign-in for the app again.",
    perTenant: true,
    apply: ({ partner }, where) => enableServicePrincipal(partner.directory, where),
  },
  'lag-roles': {
    description: 'Granted roles appear in tokens only 20 s after the grant.',
    perTenant: true,
    apply: ({ partner }, { tenantId }) => {
      injectFault(partner.directory, { kind: 'role-lag', ms: 20_000, tenantId });
    },
  },
  'short-tokens': {
    description: `Access tokens live ${SHORT_TOKEN_SECONDS} s (a real lifetime policy: 10 min at least).`,
    perTenant: true,
    apply: ({ partner }, { tenantId }) => {
      getTenant(partner.directory, tenantId).accessTokenLifetimeSeconds = SHORT_TOKEN_SECONDS;
    },
  },
  'usual-tokens': {
    description: 'Access tokens live about an hour again.',
    perTenant: true,
    apply: ({ partner }, { tenantId }) => {
      getTenant(partner.directory, tenantId).accessTokenLifetimeSeconds = USUAL_TOKEN_SECONDS;
    },
  },
  throttle: {
    description: 'Entra, Defender and Graph answer 429 with Retry-After: 60.',
    perTenant: true,
    apply: ({ partner, microsoft }, { tenantId }) => {
      injectFault(partner.directory, { kind: 'throttle', retryAfterSeconds: 60, tenantId });
      for (const { faults } of [microsoft.defender, microsoft.graph, microsoft.hunting]) {
        faults.inject({ kind: 'throttled', retryAfterSeconds: 60, tenantId });
      }
    },
  },
  outage: {
    description: 'Entra answers 503 to every token request.',
    perTenant: false,
    apply: ({ partner }) => {
      injectFault(partner.directory, { kind: 'server-error' });
    },
  },
  slow: {
    description: 'Entra takes 3 s for every token request.',
    perTenant: false,
    apply: ({ partner }) => {
      injectFault(partner.directory, { kind: 'slow', ms: 3000 });
    },
  },
  ...INCIDENT_SCENARIOS,
  ...HUNTING_SCENARIOS,
  ...CREDENTIAL_SCENARIOS,
  'rotate-token-key': {
    description: 'Key Vault gets a new key that seals tokens at rest.',
    perTenant: false,
    apply: ({ microsoft }) => {
      const key = randomBytes(32).toString('base64url');
      microsoft.keyVault.setSecret('token-encryption-key', key);
    },
  },
  'rotate-signing-keys': {
    description: 'Entra signs with a new key.',
    perTenant: false,
    apply: ({ microsoft }) => microsoft.entra.rotateSigningKeys(),
  },
  calm: {
    description: 'Entra, Key Vault, Defender and Graph work again.',
    perTenant: false,
    apply: ({ partner, microsoft }) => {
      clearFaults(partner.directory);
      microsoft.keyVault.faults.clear();
      microsoft.defender.faults.clear();
      microsoft.graph.faults.clear();
      microsoft.hunting.faults.clear();
    },
  },
};
