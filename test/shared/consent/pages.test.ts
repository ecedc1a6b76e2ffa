import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { EN } from '../../../shared/consent/page/en.ts';
import { ES } from '../../../shared/consent/page/es.ts';
import { html } from '../../../shared/consent/page/html.ts';
import { IT } from '../../../shared/consent/page/it.ts';
import { chooseTexts } from '../../../shared/consent/page/language.ts';
import { PAGE_HEADERS } from '../../../shared/consent/page/page.ts';
import { renderOutcome, renderRefusal } from '../../../shared/consent/page/pages.ts';
import { REFUSALS } from '../../../shared/consent/refusal.ts';
import { createTenant } from '../../../shared/tenants/tenant.ts';
import { TENANT } from '../../support/tokens.ts';

test.each([
  [undefined, 'en'],
  ['', 'en'],
  ['es-MX,es;q=0.9,en;q=0.8', 'es'],
  ['de-DE, it;q=0.5, en;q=0.4', 'it'],
  ['en;q=0.2, es;q=0.8', 'es'],
  ['es;q=0, it', 'it'],
  ['ja', 'en'],
  ['*', 'en'],
])('Accept-Language %j chooses %s', (header, language) => {
  expect(chooseTexts(header).language).toBe(language);
});

test('text is escaped in content and attributes, markup is not escaped twice', () => {
  const hostile = `<img src=x onerror="a('b')">&`;
  const { markup } = html`<p title="${hostile}">${html`<b>${hostile}</b>`}</p>`;
  const escaped = '&lt;img src=x onerror=&quot;a(&#39;b&#39;)&quot;&gt;&amp;';
  expect(markup).toBe(`<p title="${escaped}"><b>${escaped}</b></p>`);
});

test('a hostile user name is shown as text', () => {
  const tenant = { ...createTenant(TENANT, 0), status: 'active' as const };
  const view = {
    tenant,
    userName: '<script>alert(1)</script>',
    statusUrl: '/',
    consentUrl: undefined,
  };
  expect(renderOutcome(EN, view)).not.toContain('<script');
});

test('the policy allows exactly the style sheet of the page, and nothing else', () => {
  const page = renderRefusal(EN, 'declined', { entraCode: 65004, correlationId: 'c' });
  const [, style = ''] = /<style>(.*?)<\/style>/s.exec(page) ?? [];
  const hash = createHash('sha256').update(style).digest('base64');
  expect(PAGE_HEADERS['content-security-policy']).toBe(
    `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  );
  expect(page).not.toMatch(/<script|<link|<img|<iframe|style=|\son[a-z]+=|http-equiv="set/i);
});

test.each(REFUSALS)('the refusal %s has its own words in every language', (refusal) => {
  const titles = [EN, ES, IT].map(({ refusals }) => refusals[refusal].title);
  expect(new Set(titles).size).toBe(3);
  for (const { refusals } of [EN, ES, IT]) {
    const same = Object.values(refusals).filter(({ title }) => title === refusals[refusal].title);
    expect(same).toHaveLength(1);
  }
});

test('roles lag behind a fresh consent: the page reloads by itself and by hand', () => {
  const view = {
    tenant: createTenant(TENANT, 0),
    userName: 'a@b.example',
    statusUrl: '/s',
    consentUrl: undefined,
  };
  const page = renderOutcome(ES, view);
  expect(page).toContain('<html lang="es">');
  expect(page).toContain('<meta http-equiv="refresh" content="4">');
  expect(page).toContain('<a class="action" href="/s">Comprobar ahora</a>');
});

test('an incomplete consent names what is missing and links to granting it', () => {
  const proof = {
    granted: ['Incident.Read.All'],
    missing: ['AdvancedHunting.Read.All'],
    checkedAt: 0,
  };
  const tenant = {
    ...createTenant(TENANT, 0),
    status: 'partial' as const,
    proofs: { 'defender-xdr': proof },
  };
  const page = renderOutcome(IT, {
    tenant,
    userName: undefined,
    statusUrl: '/s',
    consentUrl: '/again',
  });
  expect(page).toContain('<dt>Mancanti</dt><dd>AdvancedHunting.Read.All</dd>');
  expect(page).toContain('href="/again"');
});
