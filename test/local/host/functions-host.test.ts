import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FIXTURE, setUp } from './set-up.ts';

describe('the host', () => {
  it('lists the functions with their triggers', async () => {
    const { host } = await setUp();

    const listed = host.functions.filter(({ name }) => /thingById|tick|work/.test(name));

    expect(listed).toEqual([
      {
        ...{ name: 'thingById', type: 'httpTrigger', route: 'api/ids/{id:guid}' },
        ...{ methods: ['GET'], authLevel: 'anonymous' },
      },
      { name: 'tick', type: 'timerTrigger', schedule: '* * * * * *' },
      { name: 'work', type: 'queueTrigger', queueName: 'work' },
    ]);
  });

  it('runs one after the other in one process, each with its own app', async () => {
    const first = await setUp();
    await first.host.stop();
    const second = await setUp({ settings: { GREETING: 'again' } });

    const response = await second.get('/api/from/again');

    expect(response.status).toBe(200);
    expect([first.seen.loaded, second.seen.loaded]).toEqual([['hello'], ['again']]);
  });

  it('leaves the process as it was when it stops', async () => {
    const { host } = await setUp();

    await host.stop();

    expect(process.env.GREETING).toBeUndefined();
    expect(() => createRequire(import.meta.url)('@azure/functions-core')).toThrow('Cannot find');
  });

  it('finishes what is in flight and runs the terminate hooks before it has stopped', async () => {
    const { host, seen, get } = await setUp();
    const gate = Promise.withResolvers<void>();
    seen.gate = gate.promise;
    const answer = get('/api/slow');
    await expect.poll(() => seen.hooks).toEqual(['appStart', 'slow']);

    const stopped = host.stop();
    gate.resolve();

    expect(await (await answer).text()).toBe('done');
    await stopped;
    expect(seen.hooks).toEqual(['appStart', 'slow', 'appTerminate']);
  });

  it('runs hooks that turn an error into a response and rewrite a log line', async () => {
    const { get, log } = await setUp();

    const [teapot] = await Promise.all([get('/api/teapot'), get('/api/echo')]);

    expect(teapot.status).toBe(418);
    expect(log.filter(({ category }) => category === 'Function.echo.User')).toMatchObject([
      { level: 'warning', message: 'a [hidden]', functionName: 'echo' },
    ]);
  });

  it.each([
    [{ TICK: 'never' }, 'tick', "'never' is not an NCRONTAB schedule"],
    [{ AzureWebJobsStorage: '' }, 'work', 'needs a connection string'],
  ])('with %j goes on without the function %s', async (settings, name, reason) => {
    const { host, get, log } = await setUp({ settings });

    const response = await get('/api/from/hello');

    expect(response.status).toBe(200);
    expect(host.functions.map((fn) => fn.name)).not.toContain(name);
    expect(log.find(({ level }) => level === 'error')?.message).toMatch(
      new RegExp(`'${name}' function is in error: .*${reason}`),
    );
  });

  it('restores the process when the app cannot be loaded', async () => {
    const started = setUp({ appRoot: join(FIXTURE, '..') });

    await expect(started).rejects.toThrow('host.json');
    expect(process.env.GREETING).toBeUndefined();
  });
});
