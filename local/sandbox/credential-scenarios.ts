import { randomBytes } from 'node:crypto';
import { setSecrets } from '../entra/directory/applications.ts';
import { toPfx } from '../key-vault/pfx.ts';
import {
  addCertificate,
  addPfxCertificate,
  createCertificate,
  keepCertificate,
  keepSecret,
  rotateSecret,
} from './credential.ts';
import type { Scenario } from './scenario.ts';

/** The switches of the broker's own credential, each for the kind that the sandbox runs with. */
export const CREDENTIAL_SCENARIOS: Readonly<Record<string, Scenario>> = {
  'rotate-secret': {
    description: 'The app registration gets a new secret, which is put into Key Vault.',
    perTenant: false,
    apply: rotateSecret,
  },
  'wrong-secret': {
    description: 'Somebody puts a new secret into Key Vault that Entra does not know.',
    perTenant: false,
    apply: (environment) => keepSecret(environment, randomBytes(30).toString('base64url')),
  },
  'expire-secret': {
    description: "The app registration's secret expires; Key Vault holds no newer one.",
    perTenant: false,
    apply: ({ partner: { client } }) => {
      const expired = client.secrets.map((secret) => ({ ...secret, expiresAt: Date.now() }));
      setSecrets(client, expired);
    },
  },
  'rotate-certificate': {
    description: 'The app registration gets a further certificate, which is put into Key Vault.',
    perTenant: false,
    apply: (environment) => {
      addCertificate(environment);
    },
  },
  'rotate-certificate-to-pfx': {
    description: 'The same, with the new certificate as PFX, which is the default of Key Vault.',
    perTenant: false,
    apply: async (environment) => {
      await addPfxCertificate(environment);
    },
  },
  'unreadable-certificate': {
    description: 'Somebody puts a PFX with a password into Key Vault.',
    perTenant: false,
    apply: async (environment) => {
      keepCertificate(
        environment,
        await toPfx(createCertificate(), 'a password'),
        'application/x-pkcs12',
      );
    },
  },
  'expire-certificate': {
    description: 'The app registration accepts none of the certificates of Key Vault any more.',
    perTenant: false,
    apply: ({ partner }) => {
      partner.client.certificates = [];
    },
  },
  'break-federation': {
    description: 'The app registration no longer trusts the managed identity.',
    perTenant: false,
    apply: ({ partner }) => {
      partner.client.federatedCredentials = [];
    },
  },
};
