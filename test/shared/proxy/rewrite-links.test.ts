import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createToProxyUrl, rewriteLinks } from '../../../shared/proxy/rewrite-links.ts';
import { joinPieces, toBytes } from '../../../shared/proxy/whole-body.ts';
import { runs } from '../../support/runs.ts';

const PROXY = 'https://broker.example/api/tenants/t/apis/graph';

function rewrite(json: string, basePath = ''): string {
  const body = joinPieces([Buffer.from(json)]);
  const rewritten = rewriteLinks(body, createToProxyUrl(PROXY, basePath));
  return Buffer.from(toBytes(rewritten)).toString();
}

test.each([
  [
    '{"@odata.nextLink":"https://graph.microsoft.com/v1.0/x?a=1"}',
    `{"@odata.nextLink":"${PROXY}/v1.0/x?a=1"}`,
  ],
  ['{"@odata.deltaLink" : "https://other.example/x"}', `{"@odata.deltaLink" : "${PROXY}/x"}`],
  [
    '{"alerts@odata.nextLink":"https:\\/\\/g.example\\/x?a\\u0026b"}',
    `{"alerts@odata.nextLink":"${PROXY}/x?a&b"}`,
  ],
  ['{"@odata.nextLink":null}', '{"@odata.nextLink":null}'],
  ['{"@odata.nextLink":"/relative"}', '{"@odata.nextLink":"/relative"}'],
  ['{"@odata.nextLink":"javascript:alert(1)"}', '{"@odata.nextLink":"javascript:alert(1)"}'],
  [
    '{"@odata.context":"https://g.example/$metadata"}',
    '{"@odata.context":"https://g.example/$metadata"}',
  ],
  ['{"@odata.nextLink":"https://g.example/x', '{"@odata.nextLink":"https://g.example/x'],
  ['["x@odata.nextLink"]', '["x@odata.nextLink"]'],
  ['', ''],
])('%s becomes %s', (json, expected) => {
  expect(rewrite(json)).toBe(expected);
});

test('the path of the API’s own address is not the proxy’s', () => {
  const json = '{"@odata.nextLink":"https://gateway.example/base/v1.0/x"}';
  expect(rewrite(json, '/base')).toBe(`{"@odata.nextLink":"${PROXY}/v1.0/x"}`);
});

/** JSON whose texts look like links. */
const tricky = fc.string({
  unit: fc.constantFrom('"', '\\', '@odata.nextLink"', ':', 'https://evil.example/', 'ü', ' ', '{'),
  maxLength: 12,
});

test('no text is taken for a link, and only links change', () => {
  const property = fc.property(tricky, tricky, fc.webUrl(), (title, key, link) => {
    const page = { title, [`k${key}`]: title, value: [{ title }], '@odata.nextLink': link };
    const { pathname, search } = new URL(link);
    const expected = { ...page, '@odata.nextLink': `${PROXY}${pathname}${search}` };
    expect(JSON.parse(rewrite(JSON.stringify(page)))).toEqual(expected);
    expect(JSON.parse(rewrite(JSON.stringify(page, undefined, 2)))).toEqual(expected);
  });
  fc.assert(property, { numRuns: runs(334) });
});
