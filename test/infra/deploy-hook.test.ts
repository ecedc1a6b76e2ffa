import { expect, test } from 'vitest';
import { setUpHook } from './hook-runner.ts';

/** The calls of a run that meets an empty account. */
const CALLS = 10;

test('the package is put into its account, and the app starts with it', async () => {
  const { run, read } = await setUpHook('deploy.sh');
  const { failed, output } = await run();
  expect({ failed, running: await read('running') }).toEqual({
    failed: false,
    running: 'zip of 1\n',
  });
  expect(await read('synced')).toBe('synced\n');
  expect(output).toContain('The broker is up: https://func-x.azurewebsites.net');
});

test('who is signed in writes the package; the app has no part in it', async () => {
  const { run, read } = await setUpHook('deploy.sh');
  await run();
  const calls = await read('calls');
  expect(calls).toMatch(/az storage blob upload --account-name stpkgx .*--auth-mode login/);
  expect(calls).not.toMatch(/config-zip|role assignment|account-key/);
});

test.each(Array.from({ length: CALLS }, (_, index) => index + 1))(
  'a run that dies after call %i is completed by the next one',
  async (call) => {
    const { run, read, set } = await setUpHook('deploy.sh');
    await run({ DIE_AFTER: String(call) });
    await set('version', '2');
    expect(await run()).toMatchObject({ failed: false });
    expect([await read('package'), await read('running')]).toEqual(['zip of 2\n', 'zip of 2\n']);
  },
);

test('a whole run makes no more calls than those that die above', async () => {
  const { run, read } = await setUpHook('deploy.sh');
  await run();
  expect((await read('calls')).trim().split('\n')).toHaveLength(CALLS);
});

test('an app that does not come up is said, with what it says of itself and where to look', async () => {
  const { run, set } = await setUpHook('deploy.sh');
  await set('health', '{"status":"down","problems":["KEY_VAULT_URL is missing."]}');
  const { failed, output } = await run();
  expect(failed).toBe(true);
  expect(output).toContain('KEY_VAULT_URL is missing.');
  expect(output).toContain('The app does not take the package');
});

test('nothing is built or uploaded for somebody else', async () => {
  const { run, read } = await setUpHook('deploy.sh');
  expect(await run({ AZD_USER: 'eve@other.example' })).toMatchObject({ failed: true });
  expect(await read('calls')).not.toMatch(/npm|upload/);
});
