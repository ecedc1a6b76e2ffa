import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { chooseTexts, TEXTS } from '../../../../shared/consent/languages/languages.ts';
import type { ConsentOutcome, ConsentStanding } from '../../../../shared/consent/outcome.ts';
import { html } from '../../../../shared/consent/page/html.ts';
import { createPages } from '../../../../shared/consent/page/pages.ts';
import type { PageContext } from '../../../../shared/consent/page/site.ts';
import { REFUSALS } from '../../../../shared/invitations/refusal.ts';
import { listPermissions } from '../../../../shared/resources/permissions.ts';
import { createTenant, type Tenant } from '../../../../shared/tenants/tenant.ts';
import { TENANT } from '../../../support/tokens.ts';

const ALL_TEXTS = Object.values(TEXTS);

const INVITATION = 'a'.repeat(32);
const CORRELATION_ID = '3f1c7a52-8f0e-4c55-9d0b-6a2f5d1e7c10';
const NOBODY = { name: undefined, contact: undefined, privacyUrl: undefined, appName: undefined };

function toContext(change: Partial<PageContext> = {}): PageContext {
  return {
    partner: {
      name: 'Northwind Security',
      contact: 'soc@northwind.example',
      privacyUrl: 'https://northwind.example/privacy?a=1&b=2',
      appName: 'Northwind Broker',
    },
    clientId: '0f9e8d7c-6b5a-4c3d-9e1f-a2b3c4d5e6f7',
    required: listPermissions(new Map([['defender-xdr', ['Incident.Read.All']]])),
    optional: listPermissions(
      new Map([
        ['defender-xdr', ['Incident.ReadWrite.All']],
        ['graph', ['ThreatHunting.Read.All']],
      ]),
    ),
    authority: 'https://login.microsoftonline.com',
    startUrl: 'https://broker.example/api/consent/start',
    statusUrl: 'https://broker.example/api/consent/status',
    ...change,
  };
}

function showInvitation(change: Partial<PageContext> = {}, language = 'en') {
  const pages = createPages(toContext(change), language);
  return pages.invitation({ invitationId: INVITATION, organisation: 'contoso.example' });
}

function toOutcome(outcome: ConsentStanding, tenant: Partial<Tenant> = {}): ConsentOutcome {
  const userName = 'admin@contoso.example';
  return {
    outcome,
    person: { tenantId: TENANT, userName, domain: 'contoso.example', mayConsent: true },
    tenant: { ...createTenant(TENANT, 0), ...tenant },
    invitationId: INVITATION,
    nextLookSeconds: outcome === 'verifying' ? 7 : undefined,
  };
}

function toProof(granted: readonly string[]) {
  return { granted, missing: [], checkedAt: 0 };
}

/** The app roles on a page, below the heading. */
function listRoles(body: string, heading: string): readonly (string | undefined)[] {
  const [, section = ''] = body.split(`<h2>${heading}</h2>`);
  const [list = ''] = section.split('</section>');
  return [...list.matchAll(/<code lang="en">([^<]*)<\/code>/g)].map(([, role]) => role);
}

test.each([
  [undefined, 'en'],
  ['', 'en'],
  ['es-MX,es;q=0.9,en;q=0.8', 'es'],
  ['nl-NL, it;q=0.5, en;q=0.4', 'it'],
  ['en;q=0.2, es;q=0.8', 'es'],
  ['es;q=0, it', 'it'],
  ['de-AT', 'de'],
  ['fr-CA,fr;q=0.9', 'fr'],
  ['pt-BR', 'pt'],
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

test('a hostile user name, partner or link is shown as text', () => {
  const hostile = '"><script>alert(1)</script>$&';
  const partner = { name: hostile, contact: hostile, privacyUrl: undefined, appName: hostile };
  const pages = createPages(toContext({ partner }), 'en');
  const outcome = toOutcome('active', { proofs: { graph: toProof([hostile]) } });
  const shown = [
    pages.outcome({ ...outcome, person: { ...outcome.person, userName: hostile } }, undefined),
    pages.invitation({ invitationId: hostile, organisation: hostile }),
  ];
  for (const { body } of shown) {
    expect(body).not.toContain('<script');
    expect(body).toContain('&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;$&amp;');
  }
});

test('the policy allows exactly the style sheet of the page, and nothing else', () => {
  const page = createPages(toContext(), 'en').refusal({
    refusal: 'invitation_used',
    correlationId: 'c',
  });
  const [, style = ''] = /<style>(.*?)<\/style>/s.exec(page.body) ?? [];
  const hash = createHash('sha256').update(style).digest('base64');
  expect(page.headers).toMatchObject({
    'content-security-policy': `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
  });
  expect(page.body).not.toMatch(/<script|<link|<img|<iframe|style=|\son[a-z]+=|http-equiv="set/i);
});

test('the button posts to ourselves, and from there to Entra only', () => {
  const { headers, body } = showInvitation();
  expect(headers['content-security-policy']).toContain(
    "form-action 'self' https://login.microsoftonline.com;",
  );
  expect(headers['referrer-policy']).toBe('same-origin');
  expect(body.match(/<form/g)).toHaveLength(1);
  expect(body).toContain('<form method="post" action="https://broker.example/api/consent/start">');
  expect(body).toContain(`<input type="hidden" name="invitation" value="${INVITATION}">`);
});

test('the page before Microsoft’s says who asks', () => {
  const { body } = showInvitation();
  for (const part of [
    '<h1>Northwind Security asks for access to your Microsoft Defender</h1>',
    '<a href="mailto:soc@northwind.example">',
    '<a href="https://northwind.example/privacy?a=1&amp;b=2" rel="noopener noreferrer">',
    'Northwind Broker',
    '0f9e8d7c-6b5a-4c3d-9e1f-a2b3c4d5e6f7',
    'contoso.example',
  ]) {
    expect(body).toContain(part);
  }
});

test('a partner without a name is called one, at the beginning of a sentence and within', () => {
  expect(showInvitation({ partner: NOBODY }, 'it').body).toContain(
    '<h1>Il suo partner di sicurezza chiede',
  );
  const pages = createPages(toContext({ partner: NOBODY }), 'it');
  expect(pages.outcome(toOutcome('partial'), undefined).body).toContain(
    'di cui il suo partner di sicurezza ha bisogno',
  );
});

test('every permission that is asked for is listed with what it allows and whether it changes something', () => {
  const { body } = showInvitation();
  expect(listRoles(body, 'What you would allow')).toEqual([
    'Incident.Read.All',
    'Incident.ReadWrite.All',
    'ThreatHunting.Read.All',
  ]);
  expect(body.match(/<span class="mark changes">Can change something<\/span>/g)).toHaveLength(1);
  expect(body.match(/<span class="mark reads">Reads only<\/span>/g)).toHaveLength(2);
});

test('what the access leaves out depends on what is asked for', () => {
  const reading = { optional: [] };
  const opening = listPermissions(new Map([['defender-endpoint', ['Machine.LiveResponse']]]));
  const limitsOf = (change: Partial<PageContext>) =>
    [...showInvitation(change).body.matchAll(/<li>(.*?)<\/li>/g)].map(([, text]) => text);
  const { identity, content, changeNothing, changeNothingElse } =
    chooseTexts('en').invitation.limits;
  expect(limitsOf(reading)).toEqual([identity, content, changeNothing]);
  expect(limitsOf({})).toEqual([identity, content, changeNothingElse]);
  expect(limitsOf({ optional: opening })).toEqual([identity, changeNothingElse]);
});

test('a permission that the table does not know is shown by its name, and nothing is promised', () => {
  const optional = listPermissions(new Map([['graph', ['Mail.Read']]]));
  const { body } = showInvitation({ optional });
  const { permissions, invitation } = chooseTexts('en');
  expect(body).toContain('<code lang="en">Mail.Read</code>');
  expect(body).toContain(permissions.unknown);
  expect(body).toContain('<span class="mark unknown">May change something</span>');
  expect(body).toContain(invitation.limitsUnknown);
  expect(body).not.toContain(invitation.limits.content);
});

test.each([
  [{}, 'Privileged Role Administrator or Global Administrator.', false],
  [{ optional: [] }, 'Cloud Application Administrator', true],
])('who may accept depends on whether Graph is asked: %o', (change, roles, isWide) => {
  const { body } = showInvitation(change);
  expect(body).toContain(roles);
  expect(body.includes('Cloud Application Administrator')).toBe(isWide);
});

test('the end page lists all that was granted, over all APIs', () => {
  const proofs = {
    'defender-xdr': toProof(['Incident.Read.All', 'Incident.ReadWrite.All']),
    'defender-endpoint': toProof(['Machine.Read.All']),
    graph: toProof(['Some.Other.Role']),
  };
  const pages = createPages(toContext(), 'en');
  const { body } = pages.outcome(toOutcome('active', { proofs }), undefined);
  expect(listRoles(body, 'Permissions in place')).toEqual([
    'Incident.Read.All',
    'Incident.ReadWrite.All',
    'Machine.Read.All',
    'Some.Other.Role',
  ]);
  expect(listRoles(body, 'Optional permissions that are not in place')).toEqual([
    'ThreatHunting.Read.All',
  ]);
});

test('the page of an incomplete consent says what is missing, and that the button asks for all', () => {
  const required = listPermissions(
    new Map([['defender-xdr', ['Incident.Read.All', 'AdvancedHunting.Read.All']]]),
  );
  const proofs = { 'defender-xdr': toProof(['Incident.Read.All']) };
  const pages = createPages(toContext({ required }), 'en');
  const { body } = pages.outcome(toOutcome('partial', { proofs }), '/again');
  expect(listRoles(body, 'Permissions that are missing')).toEqual(['AdvancedHunting.Read.All']);
  expect(body).toContain('Microsoft then lists all permissions');
  expect(body).toContain('<a class="action" href="/again">Try again</a>');
});

test('roles lag behind a fresh consent: the page reloads by itself and by hand', () => {
  const pages = createPages(toContext(), 'es');
  const { body, headers } = pages.outcome(toOutcome('verifying'), undefined);
  expect(body).toContain('<html lang="es">');
  expect(headers).toMatchObject({ refresh: '7' });
  expect(pages.outcome(toOutcome('active'), undefined).headers).not.toHaveProperty('refresh');
  expect(body).toContain(
    '<a class="action" href="https://broker.example/api/consent/status">Comprobar ahora</a>',
  );
});

test('who waits for an approval sees nothing of the tenant', () => {
  const proofs = { graph: toProof(['ThreatHunting.Read.All']) };
  const pages = createPages(toContext(), 'en');
  const { body } = pages.outcome(toOutcome('awaiting_approval', { proofs }), undefined);
  expect(body).not.toContain('ThreatHunting.Read.All');
});

test('who declined sees once more what is asked for, with the button', () => {
  const pages = createPages(toContext(), 'en');
  const refusal = { refusal: 'declined', invitationId: INVITATION, entraCode: 65004 } as const;
  const { body } = pages.refusal({ ...refusal, correlationId: CORRELATION_ID });
  expect(listRoles(body, 'What you would allow')).toHaveLength(3);
  expect(body).toContain('<button type="submit">Continue to Microsoft</button>');
  expect(body).not.toContain('AADSTS65004');
});

test.each([
  ['no_subscription', INVITATION, true],
  ['no_subscription', undefined, false],
  ['invitation_used', INVITATION, false],
  ['tenant_offboarded', INVITATION, false],
] as const)('%s with the link %s can be tried again: %s', (refusal, invitationId, isRetried) => {
  const pages = createPages(toContext(), 'en');
  const { body, headers } = pages.refusal({
    ...{ refusal, invitationId, entraCode: 650052, correlationId: CORRELATION_ID },
  });
  expect(body.includes('<form')).toBe(isRetried);
  expect(headers['content-security-policy'].includes("form-action 'none'")).toBe(!isRetried);
  expect(body).toContain('AADSTS650052');
  expect(body).toContain(CORRELATION_ID);
});

test.each(REFUSALS)('the refusal %s has its own words in every language', (refusal) => {
  const titles = ALL_TEXTS.map(({ refusals }) => refusals[refusal].title);
  expect(new Set(titles).size).toBe(ALL_TEXTS.length);
  for (const { refusals } of ALL_TEXTS) {
    const same = Object.values(refusals).filter(({ title }) => title === refusals[refusal].title);
    expect(same).toHaveLength(1);
  }
});

/** Every text of a language, wherever it stands. */
function listTexts(part: unknown): readonly string[] {
  if (typeof part === 'string') return [part];
  return typeof part === 'object' && part !== null ? Object.values(part).flatMap(listTexts) : [];
}

test.each(ALL_TEXTS)('the texts in $language are complete and typeset', (texts) => {
  const all = listTexts(texts);
  expect(all).toHaveLength(listTexts(ALL_TEXTS[0]).length);
  for (const text of all) {
    expect(text).toBe(text.trim());
    expect(text).not.toMatch(/['"]| {2}|\.\.\.|\{(?!partner\})/);
  }
});

test('French has a space that does not break at double punctuation and within quotation marks', () => {
  const french = ALL_TEXTS.find(({ language }) => language === 'fr');
  for (const text of listTexts(french)) expect(text).not.toMatch(/[^\u00a0][:;?!»]|«[^\u00a0]/);
});
