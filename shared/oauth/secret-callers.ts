import { createCachedDirectory } from '../cached-directory.ts';
import type { GrantStore } from '../callers/grants.ts';

/** The callers whose record lets them present their client secret, as this process knows them. */
export interface SecretCallers {
  /** Whether the caller is one of them; costs no I/O for ids that nobody knows. */
  has(clientId: string): Promise<boolean>;
  /** Forgets them all. */
  forget(): void;
}

/**
 * Creates the view: callers are some dozens, so one read knows them all, and strangers cause none.
 */
export function createSecretCallers({
  grants,
  now,
}: {
  grants: Pick<GrantStore, 'list'>;
  now: () => number;
}): SecretCallers {
  const find = async () => {
    const optedIn = (await grants.list()).filter(({ clientSecret }) => clientSecret);
    return { value: new Set(optedIn.map(({ callerId }) => callerId)), etag: '' };
  };
  const directory = createCachedDirectory<ReadonlySet<string>>({ records: { find }, now });
  return {
    has: async (clientId) => (await directory.get('all'))?.has(clientId) ?? false,
    forget: directory.forget,
  };
}
