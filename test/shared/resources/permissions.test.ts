import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { microsoftApis } from '../../../local/entra/directory/resources.ts';
import { APP_ROOT } from '../../../local/sandbox/sandbox.ts';
import { TEXTS } from '../../../shared/consent/languages/languages.ts';
import { MEANINGS } from '../../../shared/consent/languages/meanings.ts';
import {
  listKnownPermissions,
  listPermissions,
  toPermission,
} from '../../../shared/resources/permissions.ts';
import type { ResourceName } from '../../../shared/resources/resources.ts';
import { RESOURCES } from '../../../shared/resources/resources.ts';

const keys = listKnownPermissions().map(({ resource, role }) => `${resource}:${role}`);

test('every permission that the registration can ask for is in the table', async () => {
  const text = await readFile(join(APP_ROOT, 'infra/entra/permissions.json'), 'utf8');
  const apis: Record<ResourceName, { roles: Record<string, string> }> = JSON.parse(text);
  const asked = Object.entries(apis).flatMap(([resource, { roles }]) =>
    Object.keys(roles).map((role) => `${resource}:${role}`),
  );
  expect(asked).toContain('graph:ThreatHunting.Read.All');
  expect(asked.filter((key) => !keys.includes(key))).toEqual([]);
});

test('every app role of the stand-ins is in the table, under the name of its API', () => {
  const apis = Object.entries(microsoftApis);
  const roles = apis.flatMap(([key, { appRoles }]) =>
    appRoles.map(({ value }) => `${key}:${value}`),
  );
  expect(roles.toSorted()).toEqual(keys.toSorted());
  expect(apis.map(([key, { displayName }]) => [key, displayName])).toEqual(
    Object.entries(RESOURCES).map(([name, { microsoftName }]) => [name, microsoftName]),
  );
});

test('what a permission can change shows in its name and in the table alike', () => {
  const reading = listKnownPermissions().filter(({ effect }) => effect === 'reads');
  expect(reading.every(({ role }) => role.endsWith('.Read.All'))).toBe(true);
  const changing = listKnownPermissions().filter(({ effect }) => effect === 'changes');
  expect(changing.some(({ role }) => role.endsWith('.Read.All'))).toBe(false);
  expect(reading.length + changing.length).toBe(keys.length);
});

test.each(Object.entries(MEANINGS))('what %s allows is said in every language', (_, meaning) => {
  expect(Object.keys(meaning)).toEqual(Object.keys(TEXTS));
  for (const words of Object.values(meaning)) expect(words).toMatch(/^\p{Lu}.{15,200}\.$/u);
});

test('every known permission has a meaning, in the same order', () => {
  expect(Object.keys(MEANINGS)).toEqual(keys);
});

test('French has a space that does not break before a colon', () => {
  const french = Object.values(MEANINGS).map(({ fr }) => fr);
  expect(french.join(' ')).not.toMatch(/[^\u00a0]:/);
});

test.each(['Mail.Read', 'toString', '__proto__', ''])(
  'the role %j is unknown, by its own name',
  (role) => {
    expect(toPermission('graph', role)).toEqual({
      resource: 'graph',
      role,
      key: undefined,
      effect: 'unknown',
      opensContent: true,
    });
  },
);

test('what is required and optional is one list without repetition, in the order of the APIs', () => {
  const required = new Map([['graph', ['SecurityIncident.Read.All']]] as const);
  const optional = new Map([
    ['graph', ['SecurityIncident.Read.All', 'ThreatHunting.Read.All']],
    ['defender-xdr', ['Incident.Read.All']],
  ] as const);
  const asked = listPermissions(required, optional).map(({ role }) => role);
  expect(asked).toEqual([
    'Incident.Read.All',
    'SecurityIncident.Read.All',
    'ThreatHunting.Read.All',
  ]);
});
