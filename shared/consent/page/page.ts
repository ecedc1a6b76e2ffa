import { createHash } from 'node:crypto';
import { type Html, html } from './html.ts';
import { STYLE } from './style.ts';
import type { PageText, Texts } from './texts.ts';

/** One consent page. */
export interface Page {
  readonly texts: Texts;
  readonly text: PageText;
  readonly tone: 'good' | 'wait' | 'warn' | 'bad';
  /** Label and value pairs below the message. */
  readonly details?: readonly (readonly [string, string])[];
  readonly action?: { readonly label: string; readonly url: string };
  /** Seconds after which the page asks again. */
  readonly refreshSeconds?: number;
  readonly footer?: string;
}

/** Nothing is loaded, framed, posted or run: the page is text and its own style sheet. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The headers of every consent page and redirect. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': POLICY,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

/** Renders a page as a whole HTML document. */
export function renderPage({ texts, text, tone, ...rest }: Page): string {
  const { details = [], action, refreshSeconds, footer } = rest;
  const { markup } = html`<!doctype html>
<html lang="${texts.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
${refreshSeconds === undefined ? undefined : html`<meta http-equiv="refresh" content="${refreshSeconds}">`}
<title>${text.title}</title>
${toStyleElement()}
</head>
<body>
<main class="${tone}"${refreshSeconds === undefined ? undefined : html` aria-live="polite"`}>
<h1>${text.title}</h1>
${text.lines.map((line) => html`<p>${line}</p>\n`)}
${action && html`<p><a class="action" href="${action.url}">${action.label}</a></p>`}
${details.length === 0 ? undefined : html`<dl>${details.map(toDetail)}</dl>`}
${footer === undefined ? undefined : html`<footer>${footer}</footer>`}
</main>
</body>
</html>
`;
  return markup;
}

/** The hash in the policy is of the exact text, so it is not escaped; it holds nothing from outside. */
function toStyleElement(): Html {
  return { markup: `<style>${STYLE}</style>` };
}

function toDetail([label, value]: readonly [string, string]): Html {
  return html`<dt>${label}</dt><dd>${value}</dd>`;
}
