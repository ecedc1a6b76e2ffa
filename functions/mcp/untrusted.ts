/**
 * Control and format characters but tab and line feed, and all that Unicode shows as nothing: tags,
 * selectors of variants, fillers. They hide text from people that a model still reads.
 */
const HIDDEN = /(?![\t\n])[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029]/gu;

const MAX_TEXT_LENGTH = 2000;

/** A text that an attacker may have written, without what hides in it, and bounded. */
function toVisibleText(text: string): string {
  const visible = text.replace(HIDDEN, '');
  return visible.length <= MAX_TEXT_LENGTH ? visible : `${visible.slice(0, MAX_TEXT_LENGTH)}…`;
}

/** Cleans every text in a JSON value. */
export function toVisible(value: unknown): unknown {
  if (typeof value === 'string') return toVisibleText(value);
  if (Array.isArray(value)) return value.map(toVisible);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [toVisibleText(key), toVisible(item)]);
  return Object.fromEntries(entries);
}
