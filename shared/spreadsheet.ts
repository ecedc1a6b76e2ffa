/**
 * What a spreadsheet takes for a formula, also behind spaces and in the wide letters of East Asia
 * ("CSV Injection", OWASP).
 */
const FORMULA = /^\s*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/**
 * The same inside a text, behind what begins a cell where the list separator of Windows is `;`: a
 * spreadsheet there splits a file with commas at each `;`, and its quotes in the middle of a cell
 * keep nothing together. Example: `x;=1+1;y` would be three cells, the second one a formula. Its
 * spaces hold no separator, so that a long run of them is looked at once.
 */
const INNER_FORMULA = /[;\t\r\n](?=[^\S\t\r\n]*[=+\-@\uff1d\uff0b\uff0d\uff20])/g;

/** A text for a cell that no spreadsheet runs, whichever separator it splits at. */
export function toCellText(text: string): string {
  return (FORMULA.test(text) ? `'${text}` : text).replace(INNER_FORMULA, "$&'");
}

/** JSON for a cell: it begins with none of these characters, and may hold any. */
export function toCellJson(json: string): string {
  return json.replace(INNER_FORMULA, "$&'");
}
