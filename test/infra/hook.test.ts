import { execFile } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ROOT } from './project.ts';

const HOME_TENANT = '11111111-1111-1111-1111-111111111111';
const PASSWORD = 'canary~Password.8Q';

/** An `az` that keeps secrets as files, notes its command lines, and needs a second try for the vault. */
const AZ = `#!/bin/sh
echo "$*" >> "$STAGE/calls"
value() { while [ $# -gt 0 ]; do [ "$1" = "$want" ] && echo "$2"; shift; done; }
case "$*" in
"account show"*) echo "$SIGNED_IN" ;;
"keyvault secret list"*)
  [ -e "$STAGE/tried" ] || { : > "$STAGE/tried"; echo Forbidden >&2; exit 1; }
  ls "$STAGE/vault" ;;
"keyvault secret set"*)
  want=--name; name=$(value "$@"); want=--file; file=$(value "$@")
  cat "$file" > "$STAGE/vault/$name" ;;
"ad app credential reset"*) echo '${PASSWORD}' ;;
*) echo "unexpected: $*" >&2; exit 2 ;;
esac
`;

/** A vault, an `az` and a way to run the hook. */
async function setUp() {
  const stage = await mkdtemp(join(tmpdir(), 'hook-'));
  onTestFinished(() => rm(stage, { recursive: true, force: true }));
  for (const folder of ['bin', 'vault', 'tmp']) await mkdir(join(stage, folder));
  await writeFile(join(stage, 'bin/az'), AZ);
  await chmod(join(stage, 'bin/az'), 0o755);
  const run = (env: Record<string, string> = {}) =>
    new Promise<{ failed: boolean; said: string }>((resolve) => {
      const all = {
        PATH: `${join(stage, 'bin')}:/usr/local/bin:/usr/bin:/bin`,
        STAGE: stage,
        TMPDIR: join(stage, 'tmp'),
        HOOK_WAIT_SECONDS: '0',
        SIGNED_IN: HOME_TENANT,
        AZURE_TENANT_ID: HOME_TENANT,
        AZURE_KEY_VAULT_NAME: 'kv-x',
        BROKER_CLIENT_ID: 'client-x',
        BROKER_CLIENT_CREDENTIAL: 'secret',
        ...env,
      };
      const hook = join(ROOT, 'infra/hooks/postprovision.sh');
      execFile('sh', [hook], { env: all }, (error, out, err) =>
        resolve({ failed: error !== null, said: out + err }),
      );
    });
  const held = (name: string) => readFile(join(stage, 'vault', name), 'utf8');
  const names = () => readdir(join(stage, 'vault'));
  const calls = () => readFile(join(stage, 'calls'), 'utf8');
  const left = () => readdir(join(stage, 'tmp'));
  return { run, held, names, calls, left };
}

test('a sealing key and a client secret are put into the vault', async () => {
  const { run, held, calls } = await setUp();
  expect(await run()).toMatchObject({ failed: false });
  const key = await held('token-encryption-key');
  expect(key).toMatch(/^[\w-]{43}$/);
  expect(Buffer.from(key, 'base64url')).toHaveLength(32);
  expect(await held('partner-client-secret')).toBe(PASSWORD);
  expect(await calls()).toMatch(/secret set .*--name partner-client-secret .*--expires 20\d\d-/);
});

test('a key that signs receipts is put into the vault', async () => {
  const { run, held } = await setUp();
  await run();
  const key = createPrivateKey(await held('receipt-signing-key'));
  expect(key.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
});

test('no value is printed, on a command line, or left in a file', async () => {
  const { run, held, calls, left } = await setUp();
  const { said } = await run();
  const key = await held('token-encryption-key');
  const line = (await held('receipt-signing-key')).split('\n')[1] ?? '';
  const seen = `${said}\n${await calls()}`;
  expect([PASSWORD, key, line].filter((value) => seen.includes(value))).toEqual([]);
  expect(await left()).toEqual([]);
});

test('what the vault holds stays when the hook runs again', async () => {
  const { run, held, calls } = await setUp();
  await run();
  const key = await held('token-encryption-key');
  expect(await run()).toMatchObject({ failed: false });
  expect(await held('token-encryption-key')).toBe(key);
  expect((await calls()).match(/secret set|credential reset/g)).toHaveLength(4);
});

test('a managed identity needs no client secret', async () => {
  const { run, names, calls } = await setUp();
  expect(await run({ BROKER_CLIENT_CREDENTIAL: 'managed-identity' })).toMatchObject({
    failed: false,
  });
  expect(await names()).toEqual(['receipt-signing-key', 'token-encryption-key']);
  expect(await calls()).not.toContain('credential reset');
});

test.each([
  ['az is signed in to another tenant', { SIGNED_IN: '2222' }, 'az login --tenant'],
  ['the credential is not known', { BROKER_CLIENT_CREDENTIAL: 'guess' }, 'is not known'],
  ['it does not run through azd', { AZURE_KEY_VAULT_NAME: '' }, 'azd hooks run'],
])('it stops with a word when %s', async (_, env, word) => {
  const { run } = await setUp();
  expect(await run(env)).toEqual({ failed: true, said: expect.stringContaining(word) });
});
