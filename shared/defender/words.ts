/** Names that are not Graph's word with a capital letter, and Graph's own former words. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['unSpecified', 'unknown'],
  ['notAvailable', 'unknown'],
  ['compromisedAccount', 'compromisedUser'],
  ['noEnoughDataToValidate', 'insufficientData'],
  ['notEnoughDataToValidate', 'insufficientData'],
  ['confirmedUserActivity', 'confirmedActivity'],
]);

/**
 * What the Defender XDR API takes in updates where its name is another ("Update incidents API").
 */
const XDR_NAMES: ReadonlyMap<string, string> = new Map([
  ['compromisedUser', 'CompromisedAccount'],
  ['insufficientData', 'NoEnoughDataToValidate'],
]);

/**
 * Either API's name of a value as Graph's word; one that is new passes, an empty one is `unknown`.
 */
export function toWord(name: string): string {
  if (name === '') return 'unknown';
  const word = `${name.slice(0, 1).toLowerCase()}${name.slice(1)}`;
  return RENAMED.get(word) ?? word;
}

/** Graph's word as the Defender XDR API's name. */
export function toXdrName(word: string): string {
  return XDR_NAMES.get(word) ?? `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}
