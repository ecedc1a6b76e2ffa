/** App settings by name. */
export type Settings = Readonly<Record<string, string>>;

/**
 * Replaces each `%NAME%` with that app setting, as the host does in schedules, routes and queues.
 */
export function resolveSettings(text: string, settings: Settings): string {
  return text.replace(/%([^%]+)%/g, (_, name: string) => {
    const value = settings[name];
    if (value === undefined) throw new Error(`'%${name}%' does not resolve to a value.`);
    return value;
  });
}

/** Puts the settings into this process's environment; the result puts back what was there. */
export function applySettings(settings: Settings): () => void {
  const { env } = process;
  const before = Object.keys(settings).map((name) => [name, env[name]] as const);
  Object.assign(env, settings);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete env[name];
      else env[name] = value;
    }
  };
}
