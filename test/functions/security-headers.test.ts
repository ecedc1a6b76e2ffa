import { expect, test } from 'vitest';
import { ROUTES } from '../../functions/routes.ts';
import { startFunctionsHost } from '../../local/host/functions-host.ts';
import { APP_ROOT } from '../../local/sandbox/sandbox.ts';
import { startEnvironment } from './set-up.ts';

const { sandbox } = await startEnvironment();
const token = await (await fetch(`${sandbox.microsoft.url}/sandbox/token/operator`)).text();

const REQUESTS = ROUTES.flatMap((route) => {
  const { id, method, path } = route;
  const head = 'head' in route && route.head === true ? [`HEAD ${path} (${id})`] : [];
  return [`${method} ${path} (${id})`, ...head];
});

/** Asks a route, about a tenant and things that nobody knows. */
async function ask(url: string, request: string, headers: Record<string, string>) {
  const [method = '', path = ''] = request.split(' ');
  const filled = path
    .replace('{resource}', 'graph')
    .replace('{*path}', 'v1.0/organization')
    .replaceAll(/\{\w+\}/g, '6c3a8d2f-a1e5-4d7c-9b62-4a2f7b8e3ca1');
  const address = `${url}/${filled.replace(/^\//, '')}`;
  return await fetch(address, { method, headers, redirect: 'manual' });
}

function securityOf({ headers }: Response) {
  return [headers.get('strict-transport-security'), headers.get('x-content-type-options')];
}

const SECURE = ['max-age=31536000', 'nosniff'];

test.each(REQUESTS)('%s is answered with them, with a token and without', async (request) => {
  const known = await ask(sandbox.url, request, { authorization: `Bearer ${token}` });
  const unknown = await ask(sandbox.url, request, {});
  expect([securityOf(known), securityOf(unknown)]).toEqual([SECURE, SECURE]);
});

test('an app without settings answers with them, too', async () => {
  const settings = {
    TOKEN_REFRESH_SCHEDULE: '0 */5 * * * *',
    INCIDENT_SYNC_SCHEDULE: '0 * * * * *',
    AzureWebJobsStorage: 'UseDevelopmentStorage=true',
  };
  const host = await startFunctionsHost({ appRoot: APP_ROOT, settings, timers: false });
  const answers = await Promise.all(REQUESTS.map((request) => ask(host.url, request, {})));
  await host.stop();
  expect(answers.filter((answer) => securityOf(answer).join() !== SECURE.join())).toEqual([]);
});
