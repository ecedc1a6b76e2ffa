/** Markup that was built by `html`, so its parts are escaped already. */
export interface Html {
  readonly markup: string;
}

/**
 * What may stand in a template: text is escaped, markup is not, lists are joined, `undefined` is
 * nothing.
 */
type HtmlPart = string | number | Html | readonly Html[] | undefined;

/** Builds markup; every text value is escaped for element content and quoted attributes alike. */
export function html(literals: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return { markup: String.raw({ raw: literals }, ...parts.map(toMarkup)) };
}

function toMarkup(part: HtmlPart): string {
  if (part === undefined) return '';
  if (typeof part === 'string' || typeof part === 'number') return escapeText(String(part));
  if ('markup' in part) return part.markup;
  return part.map(({ markup }) => markup).join('');
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}
