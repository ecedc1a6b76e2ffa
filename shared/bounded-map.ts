/** More keys than tenants × resources of any partner we plan for; ~4 KB each. */
const CAPACITY = 50_000;

/** A map of bounded size that forgets the oldest entry first. */
export interface BoundedMap<T> {
  get(key: string): T | undefined;
  set(key: string, value: T): void;
  delete(key: string): void;
  clear(): void;
}

/** Creates a map that holds at most `capacity` entries; reading costs the same at any size. */
export function createBoundedMap<T>(capacity = CAPACITY): BoundedMap<T> {
  const entries = new Map<string, T>();
  return {
    get: (key) => entries.get(key),
    set: (key, value) => {
      entries.delete(key);
      entries.set(key, value);
      if (entries.size <= capacity) return;
      for (const oldest of entries.keys()) {
        entries.delete(oldest);
        return;
      }
    },
    delete: (key) => {
      entries.delete(key);
    },
    clear: () => entries.clear(),
  };
}
