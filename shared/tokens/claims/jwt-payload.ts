import { decodeJwt, decodeProtectedHeader } from 'jose';

/** A JWT's claims before anything is known of them. */
type JwtPayload = Readonly<Record<string, unknown>>;

/**
 * The payload of a JWT (RFC 7519), unverified; `undefined` for anything else. A payload that names
 * a member twice is none either: two readers could each believe another one of them.
 */
export function readPayload(token: string): JwtPayload | undefined {
  try {
    decodeProtectedHeader(token);
    const payload = decodeJwt(token);
    const json = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
    return hasTwins(json) ? undefined : { ...payload };
  } catch {
    return undefined;
  }
}

/** The texts and brackets of a JSON text; a text with a colon behind it is the name of a member. */
const JSON_PARTS = /"(?:[^"\\]|\\.)*"(?<isName>\s*:)?|[{}[\]]/gs;

/** Whether a name stands twice in the outermost object. */
function hasTwins(json: string): boolean {
  const names = new Set<unknown>();
  let depth = 0;
  for (const { 0: part, groups } of json.matchAll(JSON_PARTS)) {
    if (part === '{' || part === '[') depth++;
    else if (part === '}' || part === ']') depth--;
    else if (groups?.isName !== undefined && depth === 1) {
      const name: unknown = JSON.parse(part.slice(0, part.lastIndexOf('"') + 1));
      if (names.has(name)) return true;
      names.add(name);
    }
  }
  return false;
}
