import { createHash } from 'node:crypto';
import { type Html, html } from './html.ts';
import { STYLE } from './style.ts';

/** One consent page. */
export interface Page {
  /** BCP 47 tag. */
  readonly language: string;
  readonly title: string;
  /** `ask`: a decision lies before the reader. */
  readonly tone: 'ask' | 'good' | 'wait' | 'warn' | 'bad';
  /** The partner's name, above the heading. */
  readonly by: string | undefined;
  readonly content: readonly (Html | undefined)[];
  readonly footer: Html | undefined;
}

/** What the headers of a page depend on. */
interface PageKind {
  /** Where a form's redirects lead; `undefined`: the page has no form. */
  readonly formTarget: string | undefined;
  /** Seconds after which the browser loads the page again. */
  readonly refreshSeconds: number | undefined;
}

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/**
 * The headers of a page. Nothing is loaded, framed or run. A form posts to ourselves, from where
 * the browser is sent on: browsers hold a form's redirects to the policy, too.
 */
export function toPageHeaders({ formTarget, refreshSeconds }: PageKind) {
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${STYLE_HASH}'`,
    "base-uri 'none'",
    `form-action ${formTarget === undefined ? "'none'" : `'self' ${new URL(formTarget).origin}`}`,
    "frame-ancestors 'none'",
  ];
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy.join('; '),
    'cache-control': 'no-store',
    // Under `no-referrer` browsers hide the origin of a form's request, which shows that it is
    // ours.
    'referrer-policy': formTarget === undefined ? 'no-referrer' : 'same-origin',
    'x-frame-options': 'DENY',
    ...(refreshSeconds !== undefined && { refresh: String(refreshSeconds) }),
  };
}

/** Renders a page as a whole HTML document. */
export function renderDocument(page: Page): string {
  const { language, title, tone, by, content, footer } = page;
  const { markup } = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${by === undefined ? title : `${title} – ${by}`}</title>
${toStyleElement()}
</head>
<body>
<main class="${tone}">
${by === undefined ? undefined : html`<p class="by">${by}</p>`}
<h1>${title}</h1>
${content.filter((part) => part !== undefined)}
${footer && html`<footer>${footer}</footer>`}
</main>
</body>
</html>
`;
  return markup;
}

/**
 * The hash in the policy is of the exact text, so it is not escaped; it holds nothing from outside.
 */
function toStyleElement(): Html {
  return { markup: `<style>${STYLE}</style>` };
}
