/** Turns an absolute address of an API into one of the proxy; `undefined`: it is none. */
export type ToProxyUrl = (url: string) => string | undefined;

/**
 * Creates the translation. Only path and query are taken over: wherever a link pointed to, at the proxy it leads to the API
 * that the caller may call, and no caller's token follows it elsewhere.
 */
export function createToProxyUrl(proxyUrl: string, basePath: string): ToProxyUrl {
  return (url) => {
    const parsed = URL.parse(url);
    if (!parsed || (parsed.protocol !== 'https:' && parsed.protocol !== 'http:')) return undefined;
    const { pathname, search } = parsed;
    const path = pathname.startsWith(`${basePath}/`) ? pathname.slice(basePath.length) : pathname;
    return `${proxyUrl}${path}${search}`;
  };
}

/** The names of OData's links to what comes next, as they end within JSON. */
const LINK = /(?:@odata\.nextLink|@odata\.deltaLink)"\s*:\s*"/g;

/**
 * Rewrites the links to next pages within JSON. The text stays as it is otherwise: parsing and writing it anew would round
 * large numbers. A quotation mark within a string is escaped, so no text of an incident is taken for a link.
 */
export function rewriteLinks(json: string, toProxyUrl: ToProxyUrl): string {
  const parts: string[] = [];
  let done = 0;
  for (const { 0: match, index } of json.matchAll(LINK)) {
    const start = index + match.length;
    const end = findEnd(json, start);
    const url = end === undefined ? undefined : findText(json.slice(start, end));
    const rewritten = url === undefined ? undefined : toProxyUrl(url);
    if (end === undefined || rewritten === undefined) continue;
    parts.push(json.slice(done, start), JSON.stringify(rewritten).slice(1, -1));
    done = end;
  }
  return parts.length === 0 ? json : parts.join('') + json.slice(done);
}

/** Where the string ends that begins here. */
function findEnd(json: string, start: number): number | undefined {
  let end = json.indexOf('"', start);
  while (end > 0 && isEscaped(json, end)) end = json.indexOf('"', end + 1);
  return end < 0 ? undefined : end;
}

/** An odd number of backslashes stands before. */
function isEscaped(json: string, at: number): boolean {
  let backslashes = 0;
  while (json[at - 1 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 1;
}

function findText(content: string): string | undefined {
  try {
    const text: unknown = JSON.parse(`"${content}"`);
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}
