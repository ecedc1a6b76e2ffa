import { createCookieJar } from './cookie-jar.ts';

/** What a browser needs of the world. */
interface AdminBrowserOptions {
  /** By default the global fetch, for loopback addresses only. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  readonly acceptLanguage?: string;
}

/** A person's browser: one tab, a cookie jar, links and forms, no scripts. */
export interface AdminBrowser {
  /** The address, status and content of the page that is shown. */
  readonly url: string;
  readonly status: number;
  readonly html: string;
  readonly headers: Headers;
  /** Every address that was requested, oldest first, redirects included. */
  readonly visited: readonly string[];
  /** The `Cookie` header that it would send to an address. */
  readonly cookies: (url: string) => string;
  readonly open: (url: string) => Promise<void>;
  /** Opens an invitation and presses the button that leads to Microsoft. */
  readonly begin: (url: string) => Promise<void>;
  /** Presses the button that shows this text. */
  readonly press: (label: string) => Promise<void>;
  /** Follows the link that shows this text. */
  readonly follow: (label: string) => Promise<void>;
  readonly chooseAccount: (userPrincipalName: string) => Promise<void>;
  readonly accept: () => Promise<void>;
  readonly cancel: () => Promise<void>;
}

// What browsers allow before they report a redirect loop.
const MAX_REDIRECTS = 20;

interface Page {
  readonly url: string;
  readonly status: number;
  readonly html: string;
  readonly headers: Headers;
}

/** Creates a browser without cookies. */
export function createAdminBrowser(options: AdminBrowserOptions = {}): AdminBrowser {
  const visited: string[] = [];
  const jar = createCookieJar();
  const load = createLoader(options, { visited, jar });
  let page: Page = { url: 'about:blank', status: 0, html: '', headers: new Headers() };

  async function open(url: string): Promise<void> {
    page = await load(url, {});
  }

  async function press(label: string): Promise<void> {
    const { action, body } = findForm(page.html, label);
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      origin: toFormOrigin(page),
    };
    const target = new URL(action, page.url).href;
    page = await load(target, { method: 'POST', headers, body: body.toString() });
  }

  return {
    get url() {
      return page.url;
    },
    get status() {
      return page.status;
    },
    get html() {
      return page.html;
    },
    get headers() {
      return page.headers;
    },
    visited,
    cookies: (url) => jar.header(new URL(url)),
    open,
    begin: async (url) => {
      await open(url);
      if (page.html.includes('<form')) await press('');
    },
    press,
    follow: (label) => open(new URL(findLink(page.html, label), page.url).href),
    chooseAccount: press,
    accept: () => press('Accept'),
    cancel: () => press('Cancel'),
  };
}

/**
 * The `Origin` of a form's request (Fetch, "append a request Origin header"): a page that shows no
 * referrer hides it.
 */
function toFormOrigin({ url, headers }: Page): string {
  return headers.get('referrer-policy') === 'no-referrer' ? 'null' : new URL(url).origin;
}

function createLoader(
  options: AdminBrowserOptions,
  { visited, jar }: { visited: string[]; jar: ReturnType<typeof createCookieJar> },
) {
  const send = options.fetch ?? fetchLoopback;

  async function request(url: string, init: RequestInit): Promise<Response> {
    visited.push(url);
    const headers = new Headers(init.headers);
    headers.set('accept', 'text/html');
    headers.set('accept-language', options.acceptLanguage ?? 'en');
    const cookies = jar.header(new URL(url));
    if (cookies !== '') headers.set('cookie', cookies);
    const response = await send(url, { ...init, headers, redirect: 'manual' });
    jar.store(new URL(url), response.headers.getSetCookie());
    return response;
  }

  return async function load(start: string, init: RequestInit): Promise<Page> {
    let url = start;
    let response = await request(url, init);
    for (let hops = 0; isRedirect(response); hops += 1) {
      if (hops === MAX_REDIRECTS) throw new Error(`Too many redirects, the last to ${url}`);
      url = new URL(response.headers.get('location') ?? '', url).href;
      response = await request(url, {});
    }
    const { status, headers } = response;
    return { url, status, headers, html: await response.text() };
  };
}

function isRedirect({ status, headers }: Response): boolean {
  return status >= 300 && status < 400 && headers.has('location');
}

async function fetchLoopback(url: string, init: RequestInit): Promise<Response> {
  const { hostname } = new URL(url);
  if (hostname === 'localhost' || hostname === '127.0.0.1') return await fetch(url, init);
  return new Response('This browser stays on loopback', { status: 502 });
}

function findForm(html: string, label: string): { action: string; body: URLSearchParams } {
  for (const [, attributes = '', content = ''] of html.matchAll(/<form([^>]*)>(.*?)<\/form>/gs)) {
    const button = [...content.matchAll(/<button([^>]*)>(.*?)<\/button>/gs)].find(
      ([, , text = '']) => textOf(text).includes(label),
    );
    if (button === undefined) continue;
    const body = new URLSearchParams();
    for (const [, hidden = ''] of content.matchAll(/<input([^>]*)>/g)) addField(body, hidden);
    addField(body, button[1] ?? '');
    return { action: attribute(attributes, 'action'), body };
  }
  throw new Error(`The page has no button "${label}"`);
}

function findLink(html: string, label: string): string {
  const links = [...html.matchAll(/<a\s([^>]*)>(.*?)<\/a>/gs)];
  const link = links.find(([, , text = '']) => textOf(text).includes(label));
  if (link === undefined) throw new Error(`The page has no link "${label}"`);
  return attribute(link[1] ?? '', 'href');
}

function addField(body: URLSearchParams, attributes: string): void {
  const name = attribute(attributes, 'name');
  if (name !== '') body.set(name, attribute(attributes, 'value'));
}

function attribute(attributes: string, name: string): string {
  return toText(attributes.match(new RegExp(`(?:^|\\s)${name}="([^"]*)"`))?.[1] ?? '');
}

function textOf(html: string): string {
  return toText(html.replace(/<[^>]*>/g, ' '));
}

const CHARACTERS: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};

function toText(html: string): string {
  return html.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => CHARACTERS[entity] ?? entity);
}
