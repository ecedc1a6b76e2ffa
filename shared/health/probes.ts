import type { ClientCredentialKind } from '../config.ts';
import { BrokerError } from '../errors.ts';
import { DAY } from '../time.ts';
import type { Probe } from './health-check.ts';

/** What operators may know of the client credential; times in epoch milliseconds. */
export interface CredentialState {
  readonly kind: ClientCredentialKind;
  /** When the version in use was put into Key Vault. */
  readonly createdAt?: number | undefined;
  /** When it ends, as Key Vault and the certificate say. */
  readonly expiresAt?: number | undefined;
  /** What is wrong with versions that can't be used, each with its remedy. */
  readonly problems: readonly string[];
}

/**
 * Creates the probe of the client credential: a token of the home tenant, with the credential's age
 * and days left.
 */
export function createCredentialProbe({
  getHomeToken,
  describe,
  now,
}: {
  getHomeToken: () => Promise<unknown>;
  describe: () => CredentialState;
  now: () => number;
}): Probe {
  return async () => {
    await getHomeToken().catch((error: unknown) => {
      const { problems } = describe();
      throw problems.length > 0 ? toUnusableError(problems, error) : error;
    });
    const { kind, createdAt, expiresAt, problems } = describe();
    return {
      kind,
      ...(createdAt !== undefined && { version_age_days: toDays(now() - createdAt) }),
      ...(expiresAt !== undefined && { days_left: toDays(expiresAt - now()) }),
      ...(problems.length > 0 && { problems }),
    };
  };
}

/**
 * Creates the probe of the key ring: how many keys there are, how old the newest is, and the one
 * that seals.
 */
export function createKeyRingProbe({
  listVersions,
  current,
  now,
}: {
  listVersions: () => Promise<readonly { readonly createdAt: number }[]>;
  current: () => Promise<{ readonly createdAt: number }>;
  now: () => number;
}): Probe {
  return async () => {
    const versions = await listVersions();
    const newest = Math.max(...versions.map(({ createdAt }) => createdAt));
    const sealing = await current();
    return {
      keys: versions.length,
      ...(versions.length > 0 && { newest_key_age_days: toDays(now() - newest) }),
      sealing_key_age_days: toDays(now() - sealing.createdAt),
    };
  };
}

/** Creates the probe of the queues: what waits in each, and what failed for good. */
export function createQueueProbe(
  names: readonly string[],
  depthOf: (name: string) => Promise<number>,
): Probe {
  return async () => {
    const entries = names.map(async (name) => {
      const [depth, poison] = await Promise.all([depthOf(name), depthOf(`${name}-poison`)]);
      return [name, { depth, poison }] as const;
    });
    return { queues: Object.fromEntries(await Promise.all(entries)) };
  };
}

/** Entra's answer says less than the reason why nothing better could be shown. */
function toUnusableError(problems: readonly string[], cause: unknown): BrokerError {
  return new BrokerError('temporarily_unavailable', problems.join(' '), {
    owner: 'partner',
    remedy: 'Put a usable version into Key Vault.',
    cause,
  });
}

function toDays(milliseconds: number): number {
  return Math.floor(milliseconds / DAY);
}
