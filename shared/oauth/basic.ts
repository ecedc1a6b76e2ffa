/** A user and a password of the Basic scheme (RFC 7617). */
interface Basic {
  readonly user: string;
  readonly password: string;
}

const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

/**
 * Parses Basic credentials; `undefined`: they are none. OAuth wants both parts form-encoded (RFC
 * 6749 section 2.3.1), which half of the clients don't do: a part that is not encoded is taken as
 * it is.
 */
export function parseBasic(credentials: string): Basic | undefined {
  if (!BASE64.test(credentials)) return undefined;
  const text = findText(Buffer.from(credentials, 'base64'));
  const colon = text?.indexOf(':') ?? -1;
  if (text === undefined || colon < 0) return undefined;
  const [user, password] = [text.slice(0, colon), text.slice(colon + 1)].map(formDecode);
  return user && password ? { user, password } : undefined;
}

/** A plus sign alone is a plus sign: Entra's older secrets have them, and none has a space. */
function formDecode(part: string): string {
  if (!part.includes('%')) return part;
  try {
    return decodeURIComponent(part.replaceAll('+', ' '));
  } catch {
    return part;
  }
}

function findText(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
