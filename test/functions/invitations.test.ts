import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { createAdminBrowser } from '../../local/entra/admin-browser.ts';
import { consent, headingOf, startEnvironment } from './set-up.ts';

const { sandbox, operator, playbook, customer, forgeConsent } = await startEnvironment();

/** Makes an invitation; answers the link, and the id by which lists know it. */
async function invite(body: Record<string, unknown> = {}) {
  const { consent_url, invitation_id } = (await operator.call('POST', '/invitations', body)).body;
  const hash = createHash('sha256').update(invitation_id).digest('base64url');
  return { link: consent_url as string, id: invitation_id as string, hash };
}

async function find(hash: string) {
  const { body } = await operator.call('GET', '/invitations?limit=500');
  return body.value.find((one: { invitation_id: string }) => one.invitation_id === hash);
}

test('an invitation is seen on its way from sent to used', async () => {
  const { link, hash } = await invite({
    tenant: 'contoso.example',
    note: 'Call',
    flow: 'authorize',
  });
  const seen = [(await find(hash)).status];
  const browser = createAdminBrowser();
  await browser.begin(link);
  seen.push((await find(hash)).status);
  await browser.chooseAccount(customer('Contoso').admin);
  seen.push((await find(hash)).status);
  await browser.accept();
  expect([...seen, (await find(hash)).status]).toEqual(['sent', 'opened', 'signed_in', 'used']);
  const { tenantId } = customer('Contoso').tenant;
  expect(await find(hash)).toMatchObject({
    ...{ tenant_id: tenantId, domain: 'contoso.example', note: 'Call', flow: 'authorize' },
    ...{ used_by: tenantId, claims: [] },
  });
});

test('an invitation of a known customer shows its name of now, and does not give it back', async () => {
  const { tenantId } = customer('Contoso').tenant;
  const { link, hash } = await invite({ tenant: tenantId, note: 're-consent' });
  const renamed = { display_name: 'Contoso Renamed' };
  await operator.call('PATCH', `/tenants/${tenantId}`, renamed);
  expect(await find(hash)).toMatchObject({ ...renamed, status: 'sent', tenant_id: tenantId });
  await consent(link, customer('Contoso').admin);
  expect(await find(hash)).toMatchObject({ ...renamed, status: 'used' });
  expect((await operator.call('GET', `/tenants/${tenantId}`)).body).toMatchObject(renamed);
});

test('a list never shows the link again', async () => {
  const { id, hash } = await invite();
  const { body } = await operator.call('GET', '/invitations');
  expect(JSON.stringify(body)).toContain(hash);
  expect(JSON.stringify(body)).not.toContain(id);
  const byHash = await fetch(`${sandbox.url}/api/consent/start?invitation=${hash}`);
  expect(byHash.status).toBe(404);
});

test('a list is filtered by status and read in pages', async () => {
  await Promise.all([invite(), invite(), invite()]);
  const first = await operator.call('GET', '/invitations?status=sent&limit=2');
  const next = encodeURIComponent(first.body.next_cursor);
  const second = await operator.call('GET', `/invitations?status=sent&limit=2&cursor=${next}`);
  const all = [...first.body.value, ...second.body.value];
  expect(first.body.value).toHaveLength(2);
  expect(new Set(all.map((one) => one.invitation_id)).size).toBe(all.length);
  expect(all.every(({ status }) => status === 'sent')).toBe(true);
  expect(first.body.funnel.sent).toEqual({
    count: all.length,
    oldest_since: all.at(-1)?.status_since,
  });
});

test.each(['status=open', 'cursor=x', 'limit=0', 'limit=501', 'tenant=x'])(
  'the query %s is refused',
  async (query) => {
    const { status, body } = await operator.call('GET', `/invitations?${query}`);
    expect([status, body.error]).toEqual([400, 'invalid_request']);
  },
);

test('a link that is withdrawn lets nobody in, and can be withdrawn again', async () => {
  const { link, id, hash } = await invite();
  for (const name of [id, hash]) {
    const { status, body } = await operator.call('DELETE', `/invitations/${name}`);
    expect([status, body.status]).toEqual([200, 'revoked']);
  }
  const browser = createAdminBrowser();
  await browser.open(link);
  expect([browser.status, headingOf(browser)]).toEqual([410, 'This link was withdrawn']);
  const acts = (await operator.call('GET', '/audit/acts?since=2020-01-01T00:00:00Z')).body.value;
  const mine = acts.filter(({ subject }: { subject?: string }) => subject === hash);
  expect(mine.map(({ act }: { act: string }) => act)).toEqual([
    'invitation.create',
    'invitation.revoke',
    'invitation.revoke',
  ]);
});

test('a link that is withdrawn after the sign-in ends there', async () => {
  const { link, id } = await invite();
  const browser = createAdminBrowser();
  await browser.begin(link);
  await browser.chooseAccount(customer('Fabrikam').admin);
  await operator.call('DELETE', `/invitations/${id}`);
  await browser.accept();
  expect(headingOf(browser)).toBe('This link was withdrawn');
  const { tenantId } = customer('Fabrikam').tenant;
  expect((await operator.call('GET', `/tenants/${tenantId}`)).status).toBe(404);
});

test('many invitations are made at once: each has a link or an error of its own', async () => {
  const { status, body } = await operator.call('POST', '/invitations/batch', {
    invitations: [
      { tenant: 'contoso.example', note: 'one' },
      { tenant: 'nobody.example' },
      { expires_in: 1 },
      'three',
      {},
    ],
  });
  expect(status).toBe(207);
  expect(body.value.map((one: { status: number }) => one.status)).toEqual([
    201, 400, 400, 400, 201,
  ]);
  expect(body.value[0]).toEqual({
    status: 201,
    invitation_id: expect.stringMatching(/^[\w-]{32}$/),
    consent_url: expect.stringContaining('/api/consent/start?invitation='),
    expires_at: expect.any(String),
  });
  expect(body.value[1]).toMatchObject({ error: 'invalid_request', owner: 'caller' });
  expect(body.value[2].error_description).toBe('The parameter expires_in is not acceptable.');
});

test.each([
  {},
  { invitations: [] },
  { invitations: Array.from({ length: 101 }, () => ({})) },
  { invitations: {} },
  { invitations: [{}], more: 1 },
])('a batch that is none is refused as a whole: %o', async (batch) => {
  const { status, body } = await operator.call('POST', '/invitations/batch', batch);
  expect([status, body.error]).toEqual([400, 'invalid_request']);
});

test.each([
  ['GET', '/invitations'],
  ['POST', '/invitations/batch'],
  ['DELETE', `/invitations/${'A'.repeat(43)}`],
  ['POST', `/invitations/${'A'.repeat(43)}/approve`],
])('%s %s is for who manages tenants', async (method, path) => {
  const { status, body } = await playbook.call(method, path);
  expect([status, body.error]).toEqual([403, 'insufficient_scope']);
});

test.each(['x', 'A'.repeat(32), 'A'.repeat(43)])('there is no invitation %j', async (id) => {
  const missing = { status: 404, body: { error: 'invitation_not_found', owner: 'caller' } };
  expect(await operator.call('DELETE', `/invitations/${id}`)).toMatchObject(missing);
  expect(await operator.call('POST', `/invitations/${id}/approve`)).toMatchObject(missing);
});

test('who waits for an approval is named with what the sign-in showed', async () => {
  const { link, hash } = await invite();
  const { tenant, user } = customer('Adatum');
  await forgeConsent(link, user);
  const claim = { tenant_id: tenant.tenantId, domain: 'adatum.example', user_name: user };
  expect(await find(hash)).toMatchObject({
    status: 'awaiting_approval',
    claims: [{ ...claim, claimed_at: expect.any(String) }],
  });
});

test('an approval of an invitation that nobody waits for is refused', async () => {
  const { id } = await invite();
  const { status, body } = await operator.call('POST', `/invitations/${id}/approve`);
  expect([status, body.error_description]).toEqual([
    400,
    'Nobody waits for an approval of this invitation.',
  ]);
});

test('the name and the domain of an onboarded tenant come from its invitation and its sign-in', async () => {
  const named = await invite({ display_name: 'Litware Inc' });
  await consent(named.link, customer('Litware').admin);
  const { body } = await operator.call('GET', '/tenants/litware.example');
  expect(body).toMatchObject({ display_name: 'Litware Inc', domain: 'litware.example' });
});
