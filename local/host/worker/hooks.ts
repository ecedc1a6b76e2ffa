/** The life-cycle events that an app can hook into. */
type HookName = 'appStart' | 'appTerminate' | 'preInvocation' | 'postInvocation' | 'log';

/** What the library registers; `log` hooks are called without being awaited. */
export type HookCallback = (context: object) => unknown;

/** The registered hooks, in the order of their registration. */
export interface Hooks {
  readonly add: (name: string, callback: HookCallback) => () => void;
  readonly has: (name: HookName) => boolean;
  /** Awaits each hook in turn; the first one that throws ends the run. */
  readonly run: (name: HookName, context: object) => Promise<void>;
  readonly runNow: (name: HookName, context: object) => void;
}

/** Keeps hooks by event; an unknown event is the RangeError the library looks for. */
export function createHooks(): Hooks {
  const registered = new Map<string, HookCallback[]>(
    ['appStart', 'appTerminate', 'preInvocation', 'postInvocation', 'log'].map((name) => [
      name,
      [],
    ]),
  );
  const hooksOf = (name: HookName) => registered.get(name) ?? [];
  return {
    add: (name, callback) => {
      const callbacks = registered.get(name);
      if (!callbacks) throw unknownHook(name);
      callbacks.push(callback);
      return () => callbacks.splice(callbacks.indexOf(callback), 1);
    },
    has: (name) => hooksOf(name).length > 0,
    run: async (name, context) => {
      for (const callback of hooksOf(name)) await callback(context);
    },
    runNow: (name, context) => {
      for (const callback of hooksOf(name)) callback(context);
    },
  };
}

/** Makes properties of a hook's context refuse assignment, as the real worker does. */
export function withReadOnly<T extends object>(
  context: T,
  values: Readonly<Record<string, unknown>>,
) {
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(context, name, {
      enumerable: true,
      get: () => value,
      set: () => {
        throw systemError(new TypeError(`Cannot assign to read only property '${name}'`));
      },
    });
  }
  return context;
}

/** Marks an error as raised by the platform and not by the app. */
export function systemError<E extends Error>(error: E): E {
  return Object.assign(error, { isAzureFunctionsSystemError: true });
}

function unknownHook(name: string) {
  return systemError(new RangeError(`Unrecognized hook "${name}"`));
}
