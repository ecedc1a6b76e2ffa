import { expect, test } from 'vitest';
import { toFailuresText } from '../../local/failures/document.ts';
import { CODES, SIGN_IN_CODES } from '../../shared/entra/entra-codes.ts';
import { CAUSES, FAILURES } from '../../shared/tokens/failure-table.ts';
import { findPaths, readText } from './project.ts';

test('docs/failures.md is what the tables say: npm run failures', async () => {
  expect(await readText('docs/failures.md')).toBe(toFailuresText());
});

test('every back-off of the product stands in the table of schedules', async () => {
  const files = await findPaths('{shared,functions}/**/*.ts');
  const others = files.filter((path) => !path.startsWith('shared/retry/'));
  const texts = await Promise.all(
    others.map(async (path) => [path, await readText(path)] as const),
  );
  const wait = /Math\.random|\*\* \(?(?:attempt|tries|count|failures)|(?:RETRY|BACKOFF)_MS\b/;
  expect(texts.filter(([, text]) => wait.test(text)).map(([path]) => path)).toEqual([]);
});

test('no AADSTS number stands in two rows', () => {
  const codes = [...Object.values(CODES).flat(), ...SIGN_IN_CODES];
  expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
});

test('every cause names its owner, says what happened and what to do', () => {
  const wanting = CAUSES.filter((cause) => {
    const { description, remedy, owner } = FAILURES[cause];
    return !/^[A-Z].*\.$/.test(description) || !/^[A-Z].*\.$/.test(remedy) || !owner;
  });
  expect(wanting).toEqual([]);
});

test('only what somebody has to repair in one tenant changes its status', () => {
  const demoting = CAUSES.filter((cause) => FAILURES[cause].demotesTo);
  const others = demoting.filter(
    (cause) => !FAILURES[cause].permanent || FAILURES[cause].scope !== 'tenant',
  );
  expect(demoting).toHaveLength(9);
  expect(others).toEqual([]);
});
