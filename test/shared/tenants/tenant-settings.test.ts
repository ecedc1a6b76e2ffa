import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { APP_ROOT } from '../../../local/sandbox/sandbox.ts';
import { createTenant } from '../../../shared/tenants/tenant.ts';
import {
  createSettings,
  patchSettings,
  pickSettings,
  SETTINGS,
  toSettingsJson,
  toSettingsPatch,
} from '../../../shared/tenants/tenant-settings.ts';

const SET = { displayName: 'Contoso', tags: ['gold'], incidentRetentionDays: 90 };

test('what a patch leaves out stays, and null takes a value back', () => {
  expect(patchSettings(SET, { tags: ['silver'] })).toEqual({ ...SET, tags: ['silver'] });
  const none = { displayName: null, tags: null, incidentRetentionDays: null };
  expect(patchSettings(SET, none)).toEqual(createSettings());
});

test('a request names settings as the API does, and a word twice counts once', () => {
  const patch = toSettingsPatch({ tags: ['b', 'a', 'b'], status: 'disabled' });
  expect(patch).toEqual({ tags: ['b', 'a'] });
  const json = { display_name: 'Contoso', tags: ['gold'], incident_retention_days: 90 };
  expect(toSettingsJson(SET)).toEqual(json);
});

test('settings are what an operator sets, and nothing else of a tenant', () => {
  const tenant = { ...createTenant('11111111-1111-4111-8111-111111111111', 0), ...SET };
  expect(pickSettings(tenant)).toEqual(SET);
});

test('the API takes and shows every setting under its name', async () => {
  const { paths, components } = JSON.parse(
    await readFile(join(APP_ROOT, 'docs/openapi.json'), 'utf8'),
  );
  const { requestBody } = paths['/api/tenants/{tenant}'].patch;
  const names = SETTINGS.map(({ name }) => name);
  expect(Object.keys(requestBody.content['application/json'].schema.properties)).toEqual(
    expect.arrayContaining(names),
  );
  expect(Object.keys(components.schemas.Tenant.properties)).toEqual(expect.arrayContaining(names));
});
