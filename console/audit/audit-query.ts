import { route } from '../router.ts';

/** Rows of one page of the view, and of one page of an export. */
export const VIEW_PAGE = 50;
export const EXPORT_PAGE = 500;

/** A parameter of the view's address. */
export function readParameter(name: string): string | undefined {
  return route.value.query.get(name) || undefined;
}

/** What both lists are asked with; without a time they begin so long ago. */
export function toAuditQuery(lookBackMs: number) {
  const from = readParameter('from');
  const to = readParameter('to');
  // Whole minutes: a view that is drawn again asks the same.
  const start = Math.floor(Date.now() / 60_000) * 60_000 - lookBackMs;
  return {
    tenant: readParameter('tenant'),
    since: (from ? new Date(from) : new Date(start)).toISOString(),
    until: to ? new Date(to).toISOString() : undefined,
  };
}
