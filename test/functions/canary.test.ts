import { TableClient, TableServiceClient } from '@azure/data-tables';
import { expect, test } from 'vitest';
import { createAdminBrowser } from '../../local/entra/admin-browser.ts';
import { injectFault } from '../../local/entra/faults.ts';
import { startEnvironment } from './set-up.ts';

const { sandbox, operator, playbook, logs, invite, customer } = await startEnvironment();
const storage = sandbox.settings.AzureWebJobsStorage ?? '';
const LOCAL = { allowInsecureConnection: true };

/** Every row of every table, as text. */
async function readAllRows(): Promise<string> {
  const rows: unknown[] = [];
  for await (const { name = '' } of TableServiceClient.fromConnectionString(
    storage,
    LOCAL,
  ).listTables()) {
    for await (const row of TableClient.fromConnectionString(storage, name, LOCAL).listEntities()) {
      rows.push(row);
    }
  }
  return JSON.stringify(rows);
}

/** A run with everything that is secret in it, and everything that was shown. */
async function play() {
  const secrets = [sandbox.partner.clientSecret, sandbox.settings.IDENTITY_HEADER ?? ''];
  const shown: string[] = [];
  const browser = createAdminBrowser();
  const link = await invite({ tenant: 'contoso.example', flow: 'authorize' });
  const { headers } = await fetch(link, { redirect: 'manual' });
  secrets.push(...headers.getSetCookie().map((cookie) => cookie.split(/[=;]/)[1] ?? ''));
  await browser.begin(link);
  await browser.chooseAccount(customer('Contoso').admin);
  await browser.accept();
  shown.push(browser.html, browser.url);
  for (const url of browser.visited) {
    const query = new URL(url).searchParams;
    if (url.startsWith(sandbox.url))
      secrets.push(query.get('code') ?? '', query.get('state') ?? '');
  }
  for (const resource of ['defender-xdr', 'graph']) {
    const { body } = await playbook.call('POST', '/tenants/contoso.example/token', { resource });
    secrets.push(body.access_token);
    const seen = await playbook.call('POST', '/tokens/validate', {
      access_token: body.access_token,
    });
    shown.push(JSON.stringify(seen.body));
  }
  const { tenantId } = customer('Contoso').tenant;
  injectFault(sandbox.partner.directory, { kind: 'wrong-tenant', answerTenantId: tenantId });
  const refused = [
    await playbook.call('POST', '/tenants/contoso.example/token', {
      resource: 'defender-endpoint',
    }),
    await playbook.call('POST', '/tokens/validate', {
      access_token: `${secrets.at(-1)}x`,
      resource: 'x',
    }),
    await operator.call('GET', '/tenants'),
  ];
  shown.push(JSON.stringify(refused.map(({ body }) => body)));
  return { secrets: secrets.filter((secret) => secret.length >= 10), shown };
}

test('no secret of a run is in a log, an answer, a page, an address or a row', async () => {
  const { secrets, shown } = await play();
  const places = { shown: shown.join('\n'), logs: JSON.stringify(logs), rows: await readAllRows() };
  expect(secrets.length).toBeGreaterThanOrEqual(8);
  expect(places.rows).toContain('"sealed"');
  const leaks = Object.entries(places).flatMap(([place, text]) =>
    secrets
      .filter((secret) => text.includes(secret))
      .map((secret) => `${place}: ${secret.slice(0, 6)}…`),
  );
  expect(leaks).toEqual([]);
});
