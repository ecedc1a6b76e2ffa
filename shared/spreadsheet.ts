/**
 * What a spreadsheet takes for a formula, also behind spaces and in the wide letters of East Asia
 * ("CSV Injection", OWASP).
 */
const FORMULA = /^\s*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/** A text for a cell that no spreadsheet runs. */
export function toCellText(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}
