interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly host: string;
  readonly path: string;
  readonly secure: boolean;
}

/** The cookies of one browser; as in browsers, ports of a host share them. */
interface CookieJar {
  /** Keeps the `Set-Cookie` values of an answer. */
  readonly store: (url: URL, setCookies: readonly string[]) => void;
  /** The `Cookie` header of a request, or an empty string. */
  readonly header: (url: URL) => string;
}

/** An empty jar; `Secure` cookies need https, and `__Host-` ones what RFC 6265bis asks of them. */
export function createCookieJar(): CookieJar {
  const cookies = new Map<string, Cookie>();

  function storeOne(url: URL, setCookie: string): void {
    const [pair = '', ...rest] = setCookie.split(';').map((part) => part.trim());
    const [, name = '', value = ''] = pair.match(/^([^=]+)=(.*)$/) ?? [];
    const attributes = new Map(rest.map(toAttribute));
    const secure = attributes.has('secure');
    const path = attributes.get('path') ?? '/';
    if (secure && url.protocol !== 'https:') return;
    const isHostBound = secure && path === '/' && !attributes.has('domain');
    if (name.startsWith('__Host-') && !isHostBound) return;
    const key = `${url.hostname} ${path} ${name}`;
    cookies.delete(key);
    const maxAge = Number(attributes.get('max-age') ?? 1);
    if (maxAge > 0) cookies.set(key, { name, value, host: url.hostname, path, secure });
  }

  return {
    store: (url, setCookies) => {
      for (const one of setCookies) storeOne(url, one);
    },
    header: (url) =>
      [...cookies.values()]
        .filter((cookie) => applies(cookie, url))
        .map(({ name, value }) => `${name}=${value}`)
        .join('; '),
  };
}

function applies({ host, path, secure }: Cookie, url: URL): boolean {
  if (host !== url.hostname || (secure && url.protocol !== 'https:')) return false;
  return `${url.pathname}/`.startsWith(path.endsWith('/') ? path : `${path}/`);
}

function toAttribute(part: string): [string, string] {
  const [name = '', value = ''] = part.split('=');
  return [name.trim().toLowerCase(), value.trim()];
}
