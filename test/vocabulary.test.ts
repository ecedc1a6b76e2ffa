import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = dirname(import.meta.dirname);
const MAX_COLUMNS = 100;

/** Words that say nothing to a reader of this field, as names of types, functions or constants. */
const DENIED_NAMES = [
  /^(?:\w*Wish|\w*Setback|toSetBack|Hold|Detour|Trouble|Told|Handout|Findings|Look|Outcome)$/,
  /^(?:Scene|Stage|Cast|Player|World|rig|Verdict|Reading|Act|ActName|ACT_NAMES|toActJson)$/,
  /^(?:VersionShelf|VersionChoice|PATIENCE|AFTER_ERROR|(?:LONGEST|MOST|LARGEST)_\w+)$/,
  /^(?:toCalmer|toDoubting|toUndoubting|toBeyond|toBelow|goAround|setAside|noteSetAside)$/i,
  /^(?:spare|unspare|keepUp|upkeep|isDue|toFailure|toVerdict)$/,
];

/** A KQL pipeline has stages, and a test of a language names what it likes. */
const ALLOWED = new Set(['shared/hunting/kql/statement.ts Stage']);

const DECLARATION =
  /^\s*(?:export )?(?:declare )?(?:async )?(?:const|let|function\*?|interface|type|class) (\w+)/gm;

const paths = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
}).split('\n');
const sources = paths
  .filter((path) => /\.tsx?$/.test(path) && path !== 'docs/client/broker-api.ts')
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));

/** Places of declarations with a denied name. */
function findDenied({ path, text }: { path: string; text: string }): readonly string[] {
  return [...text.matchAll(DECLARATION)].flatMap(([, name = '']) =>
    DENIED_NAMES.some((denied) => denied.test(name)) && !ALLOWED.has(`${path} ${name}`)
      ? [`${path} ${name}`]
      : [],
  );
}

/** Comments with lines that are too long; the formatter sees to the code. */
function findLong({ path, text }: { path: string; text: string }): readonly string[] {
  return text.split('\n').flatMap((line, index) => {
    const isComment = /^\s*(?:\/\*\*|\* |\/\/)/.test(line) && !line.includes('biome-ignore');
    return isComment && [...line].length > MAX_COLUMNS ? [`${path}:${index + 1}`] : [];
  });
}

test('a denied name and a long comment are found', () => {
  const path = 'x.ts';
  expect(findDenied({ path, text: 'export interface Wish {}\nconst MOST_ROWS = 1;' })).toEqual([
    'x.ts Wish',
    'x.ts MOST_ROWS',
  ]);
  expect(findLong({ path, text: `// ${'a '.repeat(60)}` })).toEqual(['x.ts:1']);
});

test('names are words of the field', () => {
  expect(sources.flatMap(findDenied)).toEqual([]);
});

test(`comments have at most ${MAX_COLUMNS} columns`, () => {
  expect(sources.flatMap(findLong)).toEqual([]);
});
