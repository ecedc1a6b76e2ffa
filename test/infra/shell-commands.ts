/**
 * The shell of a document: its blocks, and what stands in a line as code and begins with one of the
 * tools.
 */
export function findShell(markdown: string): readonly string[] {
  const blocks = [...markdown.matchAll(/^ *```sh\n(.*?)^ *```/gms)].map(([, block = '']) => block);
  const inline = [...markdown.matchAll(/`(az [^`]+ --[^`]+|azd [^`]+)`/g)];
  return [...blocks, ...inline.map(([, code = '']) => code)];
}

/** Calls of a tool in a script, those inside of `$(…)` included, each on one line. */
export function findCalls(script: string, tool: string): readonly string[] {
  const text = script
    .replaceAll(/^\s*#.*$/gm, '')
    .replaceAll(/\\\n\s*/g, ' ')
    .replaceAll(/<[\w ]+>/g, 'placeholder');
  // A call begins a line or a part of one; words in a sentence that is printed do not.
  const begin = String.raw`(?:^\s*(?:if |until )?|\$\(|[;|&] |try \d+ "[^"]*" )`;
  const start = new RegExp(`(?<=${begin})${tool} (?=[a-z])`, 'gm');
  return [...text.matchAll(start)].map(({ index, 0: { length } }) =>
    takeCall(text.slice(index + length)),
  );
}

/** To the end of the call: the first unquoted newline, pipe, bracket or redirection. */
function takeCall(text: string): string {
  let quote = '';
  let depth = 0;
  for (const [index, char] of [...text].entries()) {
    if (depth === 0 && quote === '' && /[\n|;)&>`]/.test(char)) return text.slice(0, index).trim();
    if (char === '(' && text[index - 1] === '$') depth += 1;
    else if (char === ')' && depth > 0) depth -= 1;
    else if (depth === 0 && /["']/.test(char) && text[index - 1] !== '\\')
      quote = toQuote(quote, char);
  }
  return text.trim();
}

function toQuote(quote: string, char: string): string {
  if (quote === '') return char;
  return quote === char ? '' : quote;
}

/** The words that name the command, and its options, of `storage blob show --name x`. */
export function toCommand(call: string): {
  readonly name: string;
  readonly options: readonly string[];
} {
  const [words = ''] = /^[a-z][a-z-]*(?: [a-z][a-z-]*)*/.exec(call) ?? [];
  const options = [...call.matchAll(/(?<=\s)--[a-z][a-z-]+/g)].map(([option]) => option);
  return { name: words, options };
}
