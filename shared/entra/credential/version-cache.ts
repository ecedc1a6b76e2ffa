import type { Log } from '../../log.ts';
import {
  type CredentialVersion,
  type ToCredentialVersion,
  UnusableVersion,
  type VersionInfo,
  type VersionStore,
} from './versions.ts';

/** The usable versions of a credential, as far as they were read. */
interface VersionCache {
  /** The newest usable versions, newest first; rejects when the vault does not answer. */
  load(): Promise<readonly CredentialVersion[]>;
  /** Those of the last `load`. */
  known(): readonly CredentialVersion[];
  /** What is wrong with the others, each with its remedy. */
  problems(): readonly string[];
}

/** The version in use, the one before it, and a new one. */
const CACHE_SIZE = 3;

/** Who stores unusable versions one after the other must not push the good one out of the cache. */
const MAX_READ_COUNT = 12;

/** Creates the cache: a value is read once, a problem is logged once. */
export function createVersionCache({
  versions,
  toVersion,
  log,
}: {
  versions: VersionStore;
  toVersion: ToCredentialVersion;
  log: Log;
}): VersionCache {
  let known: readonly CredentialVersion[] = [];
  let problems = new Map<string, string>();

  const read = async (info: VersionInfo): Promise<CredentialVersion | string | undefined> => {
    const held = known.find(({ version }) => version === info.version);
    if (held) return { ...held, expiresAt: info.expiresAt ?? held.expiresAt };
    const value = await versions.read(info.version);
    try {
      return value && (await toVersion(info, value));
    } catch (error) {
      if (error instanceof UnusableVersion) return error.message;
      throw error;
    }
  };

  return {
    async load() {
      const infos = (await versions.list()).slice(0, MAX_READ_COUNT);
      const found: Awaited<ReturnType<typeof read>>[] = [];
      while (found.length < infos.length && !found.some(isUsable)) {
        const next = infos.slice(found.length, found.length + CACHE_SIZE);
        found.push(...(await Promise.all(next.map(read))));
      }
      const unusable = infos.flatMap(({ version }, index) => {
        const problem = found[index];
        return typeof problem === 'string' ? [[version, problem] as const] : [];
      });
      for (const [version, problem] of unusable) {
        if (!problems.has(version)) log.error('credential.unusable', { version, problem });
      }
      problems = new Map(unusable);
      known = found.filter(isUsable);
      return known;
    },
    known: () => known,
    problems: () => [...problems.values()],
  };
}

function isUsable(found: CredentialVersion | string | undefined): found is CredentialVersion {
  return typeof found === 'object';
}
