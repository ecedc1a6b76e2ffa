/** Text that is already HTML. */
export interface Html {
  readonly html: string;
}

/** A template tag that escapes every value that is not HTML yet. */
export function html(
  texts: TemplateStringsArray,
  ...values: readonly (string | Html | readonly Html[])[]
): Html {
  const parts = texts.map((text, index) => text + toHtml(values[index] ?? ''));
  return { html: parts.join('') };
}

/** A whole page as an answer, framed as a stand-in. */
export function pageResponse(
  title: string,
  body: Html,
  options: { readonly status?: number; readonly cookie?: string | undefined } = {},
): Response {
  const headers = new Headers({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  if (options.cookie !== undefined) headers.append('set-cookie', options.cookie);
  return new Response(toDocument(title, body), { status: options.status ?? 200, headers });
}

/** A redirect after which a browser sends GET. */
export function redirect(location: URL, cookie?: string): Response {
  const headers = new Headers({ location: location.href, 'cache-control': 'no-store' });
  if (cookie !== undefined) headers.append('set-cookie', cookie);
  return new Response(null, { status: 302, headers });
}

function toHtml(value: string | Html | readonly Html[]): string {
  if (typeof value === 'string') return toEscaped(value);
  return 'html' in value ? value.html : value.map((part) => part.html).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function toEscaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

const STYLE = `
  body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; color: #1b1b1b; background: #eef1f5; }
  main { max-width: 30rem; margin: 3rem auto; padding: 2rem; background: #fff; border-radius: .5rem; }
  .note { margin: 0 0 1rem; padding: .5rem .75rem; background: #fff4ce; border-radius: .25rem; }
  h1 { font-size: 1.4rem; line-height: 1.3; }
  ul { padding-left: 1.25rem; }
  button { font: inherit; padding: .5rem 1rem; margin: 0 .5rem .5rem 0; cursor: pointer;
    border: 1px solid #5c6670; border-radius: .25rem; background: #fff; color: inherit; }
  button.primary { background: #0f5ea8; border-color: #0f5ea8; color: #fff; }
  button.account { display: block; width: 100%; text-align: left; }
  button.account small { display: block; color: #4a525a; }
  button:focus-visible { outline: 3px solid #f2a900; outline-offset: 2px; }
  code { overflow-wrap: anywhere; }`;

function toDocument(title: string, body: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${{ html: STYLE }}</style>
</head>
<body>
<main>
<p class="note" role="note">Sandbox stand-in for Microsoft Entra ID, not Microsoft</p>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`.html;
}
