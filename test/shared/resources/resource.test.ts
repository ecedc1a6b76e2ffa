import { expect, test } from 'vitest';
import {
  createResourceParser,
  createResources,
  isAudienceOf,
} from '../../../shared/resources/resource.ts';

const resources = createResources('global');
const parseResource = createResourceParser(resources);

test.each([
  ['defender-xdr', 'defender-xdr'],
  ['https://api.security.microsoft.com', 'defender-xdr'],
  ['https://api.security.microsoft.com/.default', 'defender-xdr'],
  ['8ee8fdad-f234-4243-8f3b-15c294843740', 'defender-xdr'],
  ['https://api.securitycenter.windows.com', 'defender-endpoint'],
  ['https://api.securitycenter.microsoft.com/.default', 'defender-endpoint'],
  ['https://securitycenter.onmicrosoft.com/windowsatpservice/.default', 'defender-endpoint'],
  ['https://GRAPH.microsoft.com/', 'graph'],
])('%s names %s', (value, name) => {
  expect(parseResource(value)).toBe(name);
});

test.each(['', 'mail', 'https://api.security.microsoft.com.evil.example', '/.default'])(
  '%j names no resource',
  (value) => {
    expect(() => parseResource(value)).toThrow(
      expect.objectContaining({ code: 'invalid_target', status: 400 }),
    );
  },
);

test('an audience is any name of the resource, but no prefix of one', () => {
  const { 'defender-xdr': xdr } = resources;
  expect(isAudienceOf(xdr, 'https://api.security.microsoft.com/')).toBe(true);
  expect(isAudienceOf(xdr, '8ee8fdad-f234-4243-8f3b-15c294843740')).toBe(true);
  expect(isAudienceOf(xdr, 'https://api.security.microsoft.com.evil.example')).toBe(false);
  expect(isAudienceOf(xdr, 'https://graph.microsoft.com')).toBe(false);
});
