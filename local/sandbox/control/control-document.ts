import { type Html, html } from '../../entra/sign-in/html.ts';

/** Frames the page of the switches; it needs no script. */
export function toDocument(body: Html, { origin }: URL): Response {
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Stand-ins for Microsoft</title>
<style>${{ html: STYLE }}</style>
</head>
<body>
<header><h1>Stand-ins for Microsoft</h1>
<p>A sandbox on this machine, not Microsoft. For commands: <code>curl -s ${origin}/sandbox/</code></p></header>
<main>
${body}
</main>
</body>
</html>
`;
  return new Response(document.html, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      'x-content-type-options': 'nosniff',
    },
  });
}

const STYLE = `
  :root { color-scheme: light dark; --edge: light-dark(#cfd6de, #3d4650); --card: light-dark(#fff, #1d2329);
    --ink: light-dark(#1b1f24, #e6e9ed); --soft: light-dark(#4a525a, #aab3bd); --link: light-dark(#0f5ea8, #7cb8f2); }
  body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: light-dark(#eef1f5, #12161a); }
  header, main { max-width: 64rem; margin: 0 auto; padding: 0 1rem; }
  header { padding-top: 1.5rem; }
  h1 { font-size: 1.5rem; margin: 0; }
  h2 { font-size: 1.1rem; margin: 0 0 .5rem; }
  section { background: var(--card); border: 1px solid var(--edge); border-radius: .5rem; padding: 1rem;
    margin: 1rem 0; }
  [role="status"] { background: light-dark(#dff3e3, #163d22); border-radius: .5rem; padding: .75rem 1rem; }
  a { color: var(--link); }
  fieldset { border: 0; padding: 0; margin: .75rem 0 0; }
  legend { font-weight: 600; padding: 0; }
  fieldset p { display: grid; grid-template-columns: 15rem 1fr; gap: .75rem; align-items: center; margin: .25rem 0; }
  span, small, td { color: var(--soft); }
  button, select { font: inherit; color: inherit; background: light-dark(#f4f6f8, #2a323a); cursor: pointer;
    border: 1px solid var(--edge); border-radius: .25rem; padding: .3rem .75rem; text-align: left; }
  button:hover { border-color: var(--link); }
  :focus-visible { outline: 3px solid #f2a900; outline-offset: 2px; }
  .wide { overflow-x: auto; }
  table { border-collapse: collapse; width: 100%; }
  th, td { text-align: left; padding: .35rem .75rem .35rem 0; border-top: 1px solid var(--edge); vertical-align: top; }
  thead th { border-top: 0; }
  th small { font-weight: normal; }
  .number, th:nth-last-child(-n+2) { text-align: right; }
  code { overflow-wrap: anywhere; }
  @media (max-width: 40rem) { fieldset p { grid-template-columns: 1fr; gap: 0; margin-bottom: .75rem; } }`;
