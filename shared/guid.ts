const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether a value is a lower-case GUID: the only form that may become a key or a path segment. */
export function isGuid(value: string): boolean {
  return GUID.test(value);
}

/** The lower-case GUID in a value, `undefined` when it is none. */
export function findGuid(value: string): string | undefined {
  const lower = value.toLowerCase();
  return isGuid(lower) ? lower : undefined;
}
