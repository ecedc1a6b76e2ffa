/** A function's place in the routing table. */
interface Row {
  readonly name: string;
  readonly route: string;
  readonly methods: readonly string[];
}

/**
 * The only route that may end in a tail: the proxy's, below which the customer's API has its own
 * addresses.
 */
const ALLOWED_TAIL = 'api/tenants/{tenant}/apis/{resource}/{*path}';

/**
 * What the host would decide by the order of names: routes that can match one address with one
 * method. Constraints of parameters are not looked at, so `{id:guid}` overlaps with `{name}`. Tails
 * are listed, too, but the proxy's.
 */
export function findOverlaps(table: readonly Row[]): readonly string[] {
  const tails = table.filter(({ route }) => route.includes('{*') && route !== ALLOWED_TAIL);
  const pairs = table.flatMap((row, index) =>
    table.slice(index + 1).flatMap((other) => (overlap(row, other) ? [[row, other] as const] : [])),
  );
  return [
    ...tails.map(({ name }) => `${name} catches all`),
    ...pairs.map(([row, other]) => `${row.name} and ${other.name}`),
  ];
}

function overlap(row: Row, other: Row): boolean {
  const shared = row.methods.some((method) => other.methods.includes(method));
  return shared && matchOne(toSegments(row.route), toSegments(other.route));
}

function toSegments(route: string): readonly string[] {
  return route
    .replace(/^\/|\/$/g, '')
    .toLowerCase()
    .split('/')
    .filter(Boolean);
}

/** Whether one address matches both, from these segments on. */
function matchOne(left: readonly string[], right: readonly string[]): boolean {
  const [[a, ...restOfLeft], [b, ...restOfRight]] = [left, right];
  if (a?.startsWith('{*') || b?.startsWith('{*')) return true;
  if (a?.endsWith('?}') && matchOne(restOfLeft, right)) return true;
  if (b?.endsWith('?}') && matchOne(left, restOfRight)) return true;
  if (a === undefined || b === undefined) return a === b;
  const isParameter = a.startsWith('{') || b.startsWith('{');
  return (isParameter || a === b) && matchOne(restOfLeft, restOfRight);
}
