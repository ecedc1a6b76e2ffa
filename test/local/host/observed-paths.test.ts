import { describe, expect, it } from 'vitest';
import { parseEcho, toHead } from './raw.ts';
import { setUpObserved } from './set-up.ts';

const PROXY = '/api/tenants/t/apis/graph';

/** The address as a client sends it that does not tidy it up. */
function getRaw(target: string): string {
  return toHead(`GET ${target} HTTP/1.1`, 'Host: app.test');
}

describe('a path below a catch-all', () => {
  it.each([
    ["security/incidents('1')", undefined, undefined],
    ['a;b=1/c', undefined, undefined],
    ['a+b', undefined, undefined],
    ['UPPER/Case', undefined, undefined],
    ['a%40b.example/x%20y', 'a@b.example/x%20y', 'a@b.example/x y'],
    ['a%2Fb', 'a%2Fb', 'a%2Fb'],
    ['a%252Fb', 'a%2Fb', 'a%2Fb'],
    ['v1.0//x', undefined, undefined],
    ['v1.0/x/', undefined, undefined],
    ['a%5Cb', 'a%5Cb', 'a\\b'],
    ['a%3Fb', 'a%3Fb', 'a?b'],
    ['a%23b', 'a%23b', 'a#b'],
    ['%E2%82%AC/%c3%a4', '%E2%82%AC/%C3%A4', '€/ä'],
    ['%zz/%ff', '%25zz/%ff', '%zz/%ff'],
    ['', '', undefined],
  ])(
    '%s arrives as it did at the real host',
    async (sent, url = sent, path = sent || undefined) => {
      const { send } = await setUpObserved();

      const { body } = await send(getRaw(`${PROXY}/${sent}`));

      expect(parseEcho(body)).toMatchObject({
        name: 'callApi',
        url: `http://app.test${PROXY}/${url}`,
        params: { tenant: 't', resource: 'graph', ...(path !== undefined && { path }) },
      });
    },
  );

  it.each(['%2e%2e/x', '../x', 'y/../../x', './../x'])(
    '%s is resolved before the route is chosen',
    async (sent) => {
      const { send } = await setUpObserved();

      const { body } = await send(getRaw(`${PROXY}/${sent}`));

      expect(parseEcho(body)).toMatchObject({ params: { resource: 'x' } });
    },
  );

  it('keeps its query as it was sent, with apostrophes escaped', async () => {
    const { send } = await setUpObserved();
    const query = "?$filter=status%20eq%20'a'&$top=5&$top=6&a=1%2B2&b=1+2&c=%26";

    const { body } = await send(getRaw(`${PROXY}/x${query}`));

    expect(parseEcho(body)).toMatchObject({
      url: `http://app.test${PROXY}/x${query.replaceAll("'", '%27')}`,
      query: { $filter: "status eq 'a'", $top: '5,6', a: '1+2', b: '1 2', c: '&' },
    });
  });

  it('with a NUL is refused', async () => {
    const { send } = await setUpObserved();

    const { status } = await send(getRaw(`${PROXY}/a%00b`));

    expect(status).toBe(400);
  });
});
