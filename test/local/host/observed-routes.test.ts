import { describe, expect, it } from 'vitest';
import { parseEcho, toHead } from './raw.ts';
import { MASTER_KEY, setUpObserved } from './set-up.ts';

describe('a route', () => {
  it.each([
    ['POST', '/api/tenants/t/token', 'issueToken'],
    ['POST', '/common/oauth2/v2.0/token', 'tokenEndpoint'],
    ['GET', '/t/v2.0/.well-known/openid-configuration', 'metadata'],
    ['GET', '/nameless', 'nameless'],
    ['GET', '/ordered/new', 'firstByName'],
    ['GET', '/tail/one', 'catchAll'],
    ['GET', '/ORDERED/x/', 'firstByName'],
    ['GET', '/x/../ordered/x', 'firstByName'],
  ])('of %s %s is that of %s', async (method, path, name) => {
    const { send } = await setUpObserved();

    const { body } = await send(toHead(`${method} ${path} HTTP/1.1`, 'Host: app.test'));

    expect(parseEcho(body)).toMatchObject({ name });
  });

  it.each(['PATCH', 'HEAD', 'OPTIONS', 'FOO', 'PROPFIND'])(
    'with the undeclared method %s is 404, never 405',
    async (method) => {
      const { send } = await setUpObserved();

      const { status } = await send(toHead(`${method} /ordered/x HTTP/1.1`, 'Host: app.test'));

      expect(status).toBe(404);
    },
  );

  it('answers / when it is /, instead of the home page', async () => {
    const { get } = await setUpObserved({ EXTRA_ROUTE: '/' });

    const response = await get('/');

    expect(await response.json()).toMatchObject({
      name: 'extra',
      url: expect.stringMatching(/\/$/),
    });
  });

  it('that catches all is reached under /admin, but not where the host has a path', async () => {
    const { get } = await setUpObserved({ EXTRA_ROUTE: '{*any}' });

    const [unknown, known] = await Promise.all([get('/admin/x'), get('/admin/functions')]);

    expect([(await unknown.json()).name, known.status]).toEqual(['extra', 401]);
  });

  it.each([
    ['reserved', 'conflicts with one or more built in routes'],
    ['alsoReserved', 'conflicts with one or more built in routes'],
    ['sameAgain', "conflicts with the route defined by function 'literalByName'"],
  ])('of %s puts the function in error', async (name, reason) => {
    const { log } = await setUpObserved();

    expect(log.filter(({ level }) => level === 'error')).toContainEqual(
      expect.objectContaining({
        message: expect.stringMatching(`'${name}' .* in error.*${reason}`),
      }),
    );
  });

  it('with a key to present is 401 without it', async () => {
    const { get } = await setUpObserved();
    const headers = { 'x-functions-key': MASTER_KEY };

    const answers = [
      get('/locked'),
      get('/locked', { headers }),
      get('/locked?code=open%20sesame'),
    ];

    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    expect(statuses).toEqual([401, 200, 200]);
  });
});

describe("the host's own paths", () => {
  it('have a home page where no function answers /', async () => {
    const { get } = await setUpObserved();

    const response = await get('/');

    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html']);
  });

  it('have no home page where the settings say so', async () => {
    const { get } = await setUpObserved({ AzureWebJobsDisableHomepage: 'true' });

    expect(await get('/')).toMatchObject({ status: 204 });
  });

  it.each([
    ['/admin/host/status', 401, 'Bearer'],
    ['/admin/functions', 401, 'Bearer'],
    ['/admin/functions/tick', 401, 'Bearer'],
    ['/runtime/webhooks/x', 401, 'Bearer'],
    ['/admin/host/ping', 200, null],
    ['/admin/unknown', 404, null],
    ['/runtime/webhooks', 404, null],
  ])('answer %s without a key by %i', async (path, status, challenge) => {
    const { get } = await setUpObserved();

    const response = await get(path);

    expect([response.status, response.headers.get('www-authenticate')]).toEqual([
      status,
      challenge,
    ]);
  });
});
