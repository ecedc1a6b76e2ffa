import { createPrivateKey } from 'node:crypto';
import { expect, test } from 'vitest';
import { setUpHook, VAULT } from './hook-runner.ts';

const SECRETS = ['partner-client-secret', 'receipt-signing-key', 'token-encryption-key'];

/** The calls of a run that meets an empty vault. */
const CALLS = 10;

/** Client secrets on the registration, as `key id|label|value`. */
async function readCredentials(read: (name: string) => Promise<string>) {
  return (await read('credentials')).split('\n').filter((line) => line !== '');
}

test('a sealing key and a client secret are put into the vault', async () => {
  const { run, read } = await setUpHook('postprovision.sh');
  expect(await run()).toMatchObject({ failed: false });
  const key = await read('vault/token-encryption-key');
  expect(key).toMatch(/^[\w-]{43}$/);
  expect(Buffer.from(key, 'base64url')).toHaveLength(32);
  expect(await read('vault/partner-client-secret')).toBe('canary~Password.1');
  expect(await read('calls')).toMatch(
    /secret set .*--name partner-client-secret .*--expires 20\d\d-.* --tags key-id=key-1\n/,
  );
});

test('a key that signs receipts is put into the vault', async () => {
  const { run, read } = await setUpHook('postprovision.sh');
  await run();
  const key = createPrivateKey(await read('vault/receipt-signing-key'));
  expect(key.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
});

test('no value is printed, on a command line, or left in a file', async () => {
  const { run, read, list } = await setUpHook('postprovision.sh');
  const { output } = await run();
  const line = (await read('vault/receipt-signing-key')).split('\n')[1] ?? '';
  const values = [
    await read('vault/partner-client-secret'),
    await read('vault/token-encryption-key'),
    line,
  ];
  const seen = `${output}\n${await read('calls')}`;
  expect(values.filter((value) => seen.includes(value))).toEqual([]);
  expect(await list('tmp')).toEqual([]);
});

test('what the vault holds stays when the hook runs again', async () => {
  const { run, read } = await setUpHook('postprovision.sh');
  await run();
  const key = await read('vault/token-encryption-key');
  expect(await run()).toMatchObject({ failed: false });
  expect(await read('vault/token-encryption-key')).toBe(key);
  expect((await read('calls')).match(/secret set|credential reset/g)).toHaveLength(4);
});

test.each(['managed-identity', 'certificate'])(
  'a %s needs no client secret',
  async (credential) => {
    const { run, read, list } = await setUpHook('postprovision.sh');
    expect(await run({ BROKER_CLIENT_CREDENTIAL: credential })).toMatchObject({ failed: false });
    expect(await list('vault')).toEqual(['receipt-signing-key', 'token-encryption-key']);
    expect(await read('calls')).not.toContain('credential reset');
  },
);

test('a client secret that could not be stored is said, and removed from the registration', async () => {
  const { run, read, set } = await setUpHook('postprovision.sh');
  await set('refused-secret', 'partner-client-secret');
  const { failed, output } = await run();
  expect(failed).toBe(true);
  expect(output).toContain(`partner-client-secret could not be stored in ${VAULT}`);
  expect(output).toContain('key-1 is in no vault and was removed');
  expect(await readCredentials(read)).toEqual([]);
});

test('a client secret that could be neither stored nor removed is said, with the command', async () => {
  const { run, set } = await setUpHook('postprovision.sh');
  await set('refused-secret', 'partner-client-secret');
  await set('credential-stays', '');
  const { output } = await run();
  expect(output).toContain('az ad app credential delete --id client-x --key-id key-1');
});

test.each(Array.from({ length: CALLS }, (_, index) => index + 1))(
  'a run that dies after call %i is completed by the next one',
  async (call) => {
    const { run, read, list } = await setUpHook('postprovision.sh');
    expect(await run({ DIE_AFTER: String(call) })).toMatchObject({ failed: true });
    expect(await run()).toMatchObject({ failed: false });
    expect(await list('vault')).toEqual(SECRETS);
    const credentials = await readCredentials(read);
    expect(credentials).toHaveLength(1);
    expect(credentials[0]).toContain(`|${await read('vault/partner-client-secret')}`);
  },
);

test('a whole run makes no more calls than those that die above', async () => {
  const { run, read } = await setUpHook('postprovision.sh');
  await run();
  expect((await read('calls')).trim().split('\n')).toHaveLength(CALLS);
});

test('secrets of other people and other vaults stay on the registration', async () => {
  const { run, read, set } = await setUpHook('postprovision.sh');
  await set('credentials', 'key-a|broker kv-other 2026|a\nkey-b|made by hand|b\n');
  await run();
  const ids = (await readCredentials(read)).map((line) => line.split('|')[0]);
  expect(ids).toEqual(['key-a', 'key-b', 'key-1']);
});

test.each([
  ['az is signed in to another directory', { AZ_TENANT: '2222' }, 'az login --tenant'],
  ['the credential is not known', { BROKER_CLIENT_CREDENTIAL: 'guess' }, 'is not known'],
  ['the client is not known', { BROKER_CLIENT_ID: '' }, 'azd hooks run'],
])('it stops with a sentence when %s', async (_, env, sentence) => {
  const { run } = await setUpHook('postprovision.sh');
  expect(await run(env)).toEqual({ failed: true, output: expect.stringContaining(sentence) });
});

test('a preview, which made no vault, puts nothing anywhere', async () => {
  const { run, read } = await setUpHook('postprovision.sh');
  const { failed, output } = await run({ AZURE_KEY_VAULT_NAME: '' });
  expect({ failed, output }).toEqual({
    failed: false,
    output: expect.stringContaining('Nothing is provisioned yet'),
  });
  expect(await read('calls')).not.toMatch(/secret|credential/);
});
