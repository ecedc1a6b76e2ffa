/**
 * Creates what loads a chunk once, when somebody first needs it: every other cold start goes
 * without it. After a failure the next one who needs it tries again.
 */
export function createLoadOnce<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}
