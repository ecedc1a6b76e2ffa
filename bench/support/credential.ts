import type { ClientCredential } from '../../shared/entra/credential/client-credential.ts';

/** A secret that needs no Key Vault and never changes. */
export function createFixedCredential(secret: string): ClientCredential {
  const authentication = { version: 'bench', proof: { client_secret: secret } };
  return {
    authenticate: () => Promise.resolve(authentication),
    noteAccepted: () => undefined,
    handleRefusal: () => Promise.resolve('unconfirmed'),
    describe: () => ({ kind: 'secret', problems: [] }),
  };
}
