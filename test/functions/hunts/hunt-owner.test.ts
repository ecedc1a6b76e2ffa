import { expect, test } from 'vitest';
import { createAdminBrowser } from '../../../local/entra/admin-browser.ts';
import { operatorIdOf } from '../../../local/sandbox/partner.ts';
import { type HuntedTenantJson, startHunting } from './set-up.ts';

const { sandbox, operator } = await startHunting('Contoso', 'Fabrikam');
const PERSON = `/callers/${operatorIdOf('Olivia')}`;
const CONSOLE = `/callers/${sandbox.partner.client.clientId}`;
const RULES = [{ id: 'hunt', effect: 'allow', tenants: ['*'], resources: ['hunting'] }];

/** A person who may hunt, as the console asks for them. */
async function signIn() {
  await operator.call('PUT', PERSON, { rules: RULES, blocked: false });
  const browser = createAdminBrowser();
  await browser.open(`${sandbox.url}/auth/sign-in`);
  await browser.chooseAccount('Olivia');
  const headers = {
    cookie: browser.cookies(sandbox.url),
    'x-requested-with': 'console',
    origin: sandbox.url,
    'content-type': 'application/json',
  };
  return async (method: string, path: string, body?: unknown) => {
    const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
    return await (await fetch(`${sandbox.url}/api${path}`, init)).json();
  };
}

/** A hunt whose messages wait while something is done, and what it shows once that is undone. */
async function huntWhile(act: () => Promise<unknown>, undo: () => Promise<unknown>) {
  const call = await signIn();
  const { hunt_id } = await call('POST', '/hunts', { query: 'DeviceInfo | count' });
  await act();
  await sandbox.host.drainQueues();
  await undo();
  const { value, status } = await call('GET', `/hunts/${hunt_id}`);
  return { status, ...toCalls(value) };
}

function toCalls(tenants: readonly HuntedTenantJson[]) {
  return {
    problems: tenants.map(({ problem }) => problem),
    calls: tenants.map(({ calls }) => calls),
  };
}

const block = (path: string, blocked: boolean) => () => operator.call('PUT', path, { blocked });

test('a hunt goes on for a person whom nobody blocks', async () => {
  const nothing = () => Promise.resolve();
  expect(await huntWhile(nothing, nothing)).toEqual({
    status: 'complete',
    problems: [undefined, undefined],
    calls: [1, 1],
  });
});

test.each([
  ['a block of the person ends the hunt, and asks no further customer', PERSON],
  [
    'a block of the application through which the person asked ends the hunt, and asks no further customer',
    CONSOLE,
  ],
])('%s', async (_, path) => {
  expect(await huntWhile(block(path, true), block(path, false))).toEqual({
    status: 'incomplete',
    problems: ['caller_blocked', 'caller_blocked'],
    calls: [0, 0],
  });
});

test('a grant that is gone asks no further customer', async () => {
  const remove = () => operator.call('DELETE', PERSON);
  const grant = () => operator.call('PUT', PERSON, { rules: RULES });
  expect(await huntWhile(remove, grant)).toEqual({
    status: 'incomplete',
    problems: ['not_granted', 'not_granted'],
    calls: [0, 0],
  });
});
