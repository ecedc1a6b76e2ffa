import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { formatHelp, parseStartOptions } from '../../../local/terminal/start-options.ts';

test('without arguments all is as the documents say', () => {
  expect(parseStartOptions([])).toEqual({
    ...{ port: 7071, microsoftPort: 7072, tlsPort: undefined, customers: 6, credential: 'secret' },
    ...{ persist: false, verbose: false, help: false },
  });
});

test('each option is read', () => {
  const args = '--port 1 --microsoft-port 2 --customers 60 --credential certificate --persist';
  expect(
    parseStartOptions([...args.split(' '), '--tls', '--tls-port', '3', '--verbose', '--help']),
  ).toEqual({
    ...{ port: 1, microsoftPort: 2, tlsPort: 3, customers: 60, credential: 'certificate' },
    ...{ persist: true, verbose: true, help: true },
  });
});

test.each([
  ['--port 0', '--port must be a number from 1 to 65535, not "0".'],
  ['--port x', '--port must be a number from 1 to 65535, not "x".'],
  ['--customers 501', '--customers must be a number from 1 to 500, not "501".'],
  ['--customers 1.5', '--customers must be a number from 1 to 500, not "1.5".'],
  ['--credential key', /^--credential must be one of secret, certificate, managed-identity, not/],
  ['--nonsense', /^Unknown option '--nonsense'.*--help lists the options\.$/],
  ['more', /^Unexpected argument 'more'.*--help lists the options\.$/],
])('%s is refused in one sentence', (args, message) => {
  expect(() => parseStartOptions(args.split(' '))).toThrow(message);
});

test('the help names every option, fits a terminal, and says what the documents say', async () => {
  const help = formatHelp();
  const names = help.match(/--[a-z-]+/g);
  const document = await readFile(new URL('../../../docs/sandbox.md', import.meta.url), 'utf8');
  expect(names).toEqual([
    ...['--port', '--microsoft-port', '--customers', '--persist', '--credential'],
    ...['--tls', '--tls-port', '--verbose', '--help'],
  ]);
  expect(help.split('\n').filter((line) => line.length > 80)).toEqual([]);
  expect(names?.filter((name) => !document.includes(`\`${name}`))).toEqual([]);
});
