/** A text, or what opens, ends or parts the members of an object or a list. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[[\]{}:,]/g;

/**
 * The first key that an object in the JSON has twice; `undefined`: there is none. `JSON.parse`
 * would keep the last one in silence. The text has to be JSON.
 */
export function findDoubledKey(json: string): string | undefined {
  const keysOfObjects: Set<string>[] = [];
  let text: string | undefined;
  for (const token of json.match(TOKEN) ?? []) {
    if (token === ':' && text !== undefined) {
      const key: string = JSON.parse(text);
      const keys = keysOfObjects.at(-1);
      if (keys?.has(key)) return key;
      keys?.add(key);
    }
    if (token === '{') keysOfObjects.push(new Set());
    if (token === '}') keysOfObjects.pop();
    text = token.startsWith('"') ? token : undefined;
  }
  return undefined;
}
