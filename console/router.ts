import { signal } from '@preact/signals';

/** Where the page is: `#/customers/1a1e…?tag=gold`. */
interface Route {
  /** `['customers', '1a1e…']`; empty at the start. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

/** The view that the address names. */
export const route = signal<Route>(readRoute());

addEventListener('hashchange', () => {
  route.value = readRoute();
});

/** The address without `#`, as it stands. */
export function currentHash(): string {
  return location.hash.slice(1) || '/';
}

/** The address of a view; parameters without a value are left out. */
export function toHref(
  path: readonly string[],
  query: Readonly<Record<string, string | undefined>> = {},
): string {
  const set = Object.entries(query).filter((entry): entry is [string, string] => !!entry[1]);
  const search = set.length > 0 ? `?${new URLSearchParams(set)}` : '';
  return `#/${path.map(encodeURIComponent).join('/')}${search}`;
}

/**
 * Changes parameters of the address in place: filters survive a reload and can be sent to a
 * colleague.
 */
export function setQuery(changes: Readonly<Record<string, string | undefined>>): void {
  const { path, query } = route.value;
  const merged = { ...Object.fromEntries(query), ...changes };
  history.replaceState(null, '', toHref(path, merged));
  route.value = readRoute();
}

function readRoute(): Route {
  const [path = '', search = ''] = currentHash().split('?', 2);
  const parts = path.split('/').filter(Boolean).map(decodePart);
  return { path: parts, query: new URLSearchParams(search) };
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
