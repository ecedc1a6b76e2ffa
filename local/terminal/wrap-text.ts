import { stripVTControlCharacters } from 'node:util';

/** How many characters a text takes on a terminal. */
function widthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}

/**
 * Breaks a text between words into lines of at most `width` characters; a longer word stays whole.
 */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && widthOf(longer) <= width) lines.splice(-1, 1, longer);
    else lines.push(word);
  }
  return lines;
}
