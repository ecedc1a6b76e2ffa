import { type ToCredentialVersion, UnusableVersion } from './versions.ts';

/** A Key Vault secret as `client_secret_post` (RFC 6749 section 2.3.1). */
export const toSecretVersion: ToCredentialVersion = (info, { value }) =>
  value === ''
    ? Promise.reject(new UnusableVersion('The client secret is empty: store its value.'))
    : Promise.resolve({ ...info, present: () => Promise.resolve({ client_secret: value }) });
