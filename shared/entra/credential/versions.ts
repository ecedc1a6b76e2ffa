import type { ClientProof } from './client-credential.ts';

/** A version of a secret in Key Vault, without its value; times in epoch milliseconds. */
export interface VersionInfo {
  readonly version: string;
  readonly createdAt: number;
  readonly expiresAt: number | undefined;
}

/** A version's value. */
interface VersionValue {
  readonly value: string;
}

/** The versions of one secret in Key Vault. */
export interface VersionStore {
  /** The enabled versions, newest first; rejects when the vault does not answer. */
  list(): Promise<readonly VersionInfo[]>;
  /** `undefined`: disabled or gone meanwhile; rejects when the vault does not answer. */
  read(version: string): Promise<VersionValue | undefined>;
}

/** A version that can prove the client. */
export interface CredentialVersion extends VersionInfo {
  readonly present: (tokenEndpoint: string) => Promise<ClientProof>;
}

/** Makes a version usable; rejects with UnusableVersion for one that never will be. */
export type ToCredentialVersion = (
  info: VersionInfo,
  value: VersionValue,
) => Promise<CredentialVersion>;

/**
 * A version that can't prove anybody; its message names the reason and the remedy, and holds no
 * value.
 */
export class UnusableVersion extends Error {
  override readonly name = 'UnusableVersion';
}
