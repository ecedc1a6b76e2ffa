/**
 * Decodes the path of a request target as Kestrel does, `undefined` where it holds `%00`. An
 * encoded slash stays `%2F` and so does what is not UTF-8; dot segments are resolved afterwards, so
 * `%2e%2e/x` leaves its folder.
 */
export function decodePath(raw: string): string | undefined {
  const path = raw.includes('%') ? raw.replace(UTF8_ESCAPES, decodeEscapes) : raw;
  return path.includes('\0') ? undefined : resolveDotSegments(path);
}

/**
 * Encodes a decoded path again as ASP.NET Core does: what already looks like an escape is left
 * alone.
 */
export function encodePath(path: string): string {
  return path.replace(NOT_IN_PATHS, (text) =>
    text.length === 3 ? text : encodeURIComponent(text),
  );
}

/** A path cut at its slashes; one slash at the end counts for nothing, except to a catch-all. */
export function splitPath(path: string): readonly string[] {
  const trimmed = path.endsWith('/') ? path.slice(1, -1) : path.slice(1);
  return trimmed === '' ? [] : trimmed.split('/');
}

// One character each: ASCII, then two, three and four bytes.
const UTF8_ESCAPES =
  /%[0-7][0-9a-f]|%[c-d][0-9a-f]%[89ab][0-9a-f]|%e[0-9a-f](?:%[89ab][0-9a-f]){2}|%f[0-4](?:%[89ab][0-9a-f]){3}/gi;

const NOT_IN_PATHS = /%[0-9A-Fa-f]{2}|[^A-Za-z0-9_\-.~!$&'()*+,;=:@/]/gu;

function decodeEscapes(escapes: string): string {
  if (escapes.toLowerCase() === '%2f') return escapes;
  try {
    return decodeURIComponent(escapes);
  } catch {
    return escapes;
  }
}

function resolveDotSegments(path: string): string {
  if (!path.includes('/.')) return path;
  const segments = path.split('/').slice(1);
  const kept: string[] = [];
  for (const segment of segments) {
    if (segment === '..') kept.pop();
    else if (segment !== '.') kept.push(segment);
  }
  const endsInFolder = /^\.\.?$/.test(segments.at(-1) ?? '');
  return `/${kept.join('/')}${endsInFolder && kept.length > 0 ? '/' : ''}`;
}
