/** The same port, each of whose functions takes its time first. */
export function toSlow<T extends object>(port: T, pause: () => Promise<void>): T {
  return new Proxy(port, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return async (...args: unknown[]) => {
        await pause();
        return Reflect.apply(value, target, args);
      };
    },
  });
}
