import { randomBytes } from 'node:crypto';
import { Refusal } from '../defender/http/refusal.ts';

/** What can be said of a secret version besides its value; times in epoch milliseconds. */
export interface SecretProperties {
  readonly enabled?: boolean;
  readonly expiresOn?: number;
  readonly notBefore?: number;
  readonly contentType?: string;
}

/** One version of a secret. */
export interface SecretVersion {
  readonly name: string;
  readonly version: string;
  readonly value: string;
  readonly created: number;
  readonly updated: number;
  readonly properties: SecretProperties;
}

/** Which secret, and which of its versions; the current one when absent. */
interface SecretKey {
  readonly name: string;
  readonly version?: string | undefined;
}

/** The secrets of one vault; names know no case. */
export type Secrets = ReturnType<typeof createSecrets>;

/** Starts empty; the version that was added last is the current one, be it enabled or not. */
export function createSecrets(now: () => number) {
  const versionsByName = new Map<string, readonly SecretVersion[]>();
  return { list, get, add, change, all, put };

  function all(): readonly SecretVersion[] {
    return [...versionsByName.values()].flat();
  }

  function put(version: SecretVersion): void {
    versionsByName.set(version.name.toLowerCase(), [...list(version.name), version]);
  }

  function list(name: string): readonly SecretVersion[] {
    return versionsByName.get(name.toLowerCase()) ?? [];
  }

  function get({ name, version }: SecretKey): SecretVersion {
    const found = version ? list(name).find((one) => one.version === version) : list(name).at(-1);
    if (found) return found;
    const id = version ? `${name}/${version}` : name;
    const message = `A secret with (name/id) ${id} was not found in this key vault.`;
    throw new Refusal(404, 'SecretNotFound', { message });
  }

  function add(name: string, value: string, properties: SecretProperties = {}): SecretVersion {
    const version = randomBytes(16).toString('hex');
    // The vault tells ages in whole seconds: versions of one second would have no order.
    const last = list(name).at(-1)?.created ?? Number.NEGATIVE_INFINITY;
    const created = Math.max(now(), last + 1000);
    const added = { name, version, value, created, updated: created, properties };
    versionsByName.set(name.toLowerCase(), [...list(name), added]);
    return added;
  }

  function change(key: SecretKey, properties: SecretProperties): SecretVersion {
    const old = get(key);
    const changed = {
      ...old,
      updated: now(),
      properties: { ...old.properties, ...properties },
    };
    const versions = list(key.name).map((one) => (one === old ? changed : one));
    versionsByName.set(key.name.toLowerCase(), versions);
    return changed;
  }
}
