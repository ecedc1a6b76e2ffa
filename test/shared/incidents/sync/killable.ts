/** Everything a process does to the outside, one step after the other. */
export interface Steps {
  /** The same functions, each a step. */
  readonly watch: <T extends object>(port: T) => T;
}

/**
 * A process that is killed at a step: what it does then never happens, or happens without its
 * knowing.
 */
export function createKilled(after: number, isDone: boolean): Steps {
  let left = after;
  return createSteps(async (act) => {
    left--;
    if (left > 0) return await act();
    if (left === 0 && isDone) await act();
    throw new Error('killed');
  });
}

/** A process that pauses at a step until the environment has moved on. */
export function createPaused(after: number, meanwhile: () => Promise<void>): Steps {
  let left = after;
  return createSteps(async (act) => {
    left--;
    if (left === 0) await meanwhile();
    return await act();
  });
}

/** A process that lives on. */
export const UNHARMED: Steps = { watch: (port) => port };

function createSteps(take: (act: () => unknown) => unknown): Steps {
  return {
    watch: (port) =>
      new Proxy(port, {
        get: (target, name) => {
          const value: unknown = Reflect.get(target, name);
          if (typeof value !== 'function') return value;
          return (...args: unknown[]) => take(() => Reflect.apply(value, target, args));
        },
      }),
  };
}
