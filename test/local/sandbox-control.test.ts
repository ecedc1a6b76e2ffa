import { describe, expect, it } from 'vitest';
import { groupSwitches } from '../../local/sandbox/control/switch-groups.ts';
import { SCENARIOS } from '../../local/sandbox/scenarios.ts';
import { startEnvironment } from '../functions/set-up.ts';

const { sandbox, customer } = await startEnvironment();
const { url } = sandbox.microsoft;

/** Presses a button of the page, as a browser does. */
function press(path: string, fields: Record<string, string> = {}, origin = url) {
  const body = new URLSearchParams({ page: '1', ...fields });
  return fetch(`${url}${path}`, { method: 'POST', headers: { origin }, body, redirect: 'manual' });
}

async function readPage(path = '/'): Promise<string> {
  const response = await fetch(`${url}${path}`);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  return await response.text();
}

describe('the page of the stand-ins', () => {
  it('has a button for each switch, and everybody who may sign in', async () => {
    const page = await readPage();

    const buttons = [...page.matchAll(/formaction="\/sandbox\/scenarios\/([^"]+)">/g)];
    expect(new Set(buttons.map(([, name]) => name))).toEqual(new Set(Object.keys(SCENARIOS)));
    expect(page).toContain('olivia@northwind.example');
    expect(page).toContain('admin@contoso.example');
    expect(page).toContain(`href="${sandbox.url}/"`);
  });

  it('has every switch in a group with a name', () => {
    const groups = [...groupSwitches(true), ...groupSwitches(false)];

    expect(groups.filter(({ title }) => title === 'More')).toEqual([]);
  });

  it('throws a switch for the chosen customer, then says so and keeps the choice', async () => {
    const { tenant } = customer('Fabrikam');

    const response = await press('/sandbox/scenarios/incident', { tenant: tenant.defaultDomain });

    const location = new URL(response.headers.get('location') ?? '');
    const page = await readPage(`${location.pathname}${location.search}`);
    expect(response.status).toBe(303);
    expect(page).toContain('<p role="status">fabrikam.example: Defender raises an incident.</p>');
    expect(page).toContain('<option selected>fabrikam.example</option>');
    expect(sandbox.microsoft.incidents.listIncidents(tenant.tenantId)).toHaveLength(1);
  });

  it('shows what goes wrong now, until it is calm again', async () => {
    await press('/sandbox/scenarios/throttle', { tenant: 'contoso.example' });
    const troubled = await readPage();
    await press('/sandbox/scenarios/calm');
    const calm = await readPage();

    expect(troubled).toMatch(/Entra, Contoso: <code>throttle, retryAfterSeconds 60/);
    expect(troubled).toMatch(/Defender, Contoso: <code>throttled, retryAfterSeconds 60/);
    expect(calm).toContain('<p>Nothing.</p>');
  });

  it('escapes what an address makes it say', async () => {
    const page = await readPage('/?said=%3Cscript%3E');

    expect(page).toContain('<p role="status">&lt;script&gt;</p>');
  });
});

describe('a switch', () => {
  it('is not thrown for a page of another site', async () => {
    const response = await press('/sandbox/scenarios/outage', {}, 'https://evil.example');

    expect(response.status).toBe(403);
    expect(sandbox.partner.directory.faults.size).toBe(0);
  });

  it.each([
    ['/sandbox/scenarios/incident?tenant=contoso.example', 200],
    ['/sandbox/scenarios/incident', 400],
    ['/sandbox/scenarios/unknown', 404],
    ['/sandbox/timers/syncIncidents', 200],
    ['/sandbox/timers/unknown', 500],
    ['/sandbox/unknown', 404],
  ])('thrown by a command at %s is answered %i in JSON', async (path, status) => {
    const response = await fetch(`${url}${path}`, { method: 'POST' });

    expect([response.status, typeof (await response.json())]).toEqual([status, 'object']);
  });
});

describe('the credentials of the tools', () => {
  it('opens the standard OAuth face by curl -u', async () => {
    const client = await (await fetch(`${url}/sandbox/client/playbook`)).text();
    const { clientId, secret } = sandbox.partner.tools.playbook;

    expect(client).toBe(`${clientId}:${secret}`);
    expect((await fetch(`${url}/sandbox/client/nobody`)).status).toBe(404);
  });
});
