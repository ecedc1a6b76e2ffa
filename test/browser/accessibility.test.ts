import { expect } from 'vitest';
import { TEXTS } from '../../shared/consent/languages/languages.ts';
import type { ConsentOutcome, ConsentStanding } from '../../shared/consent/outcome.ts';
import { createPages, type Pages } from '../../shared/consent/page/pages.ts';
import type { PageContext, RenderedPage } from '../../shared/consent/page/site.ts';
import { listKnownPermissions, listPermissions } from '../../shared/resources/permissions.ts';
import { createTenant } from '../../shared/tenants/tenant.ts';
import { TENANT } from '../support/tokens.ts';
import { type BrowserOptions, findBarriers, inBrowser, openPage, SLOW } from './set-up.ts';

const ALL_TEXTS = Object.values(TEXTS);

const CORRELATION_ID = '3f1c7a52-8f0e-4c55-9d0b-6a2f5d1e7c10';
const INVITATION = 'a'.repeat(32);

/** A partner that asks for everything, and for something that nobody knows. */
const CONTEXT: PageContext = {
  partner: {
    name: 'Northwind Security',
    contact: 'soc@northwind.example',
    privacyUrl: 'https://northwind.example/privacy',
    appName: 'Northwind Defender Broker',
  },
  clientId: '0f9e8d7c-6b5a-4c3d-9e1f-a2b3c4d5e6f7',
  required: listKnownPermissions(),
  optional: listPermissions(new Map([['graph', ['ExternalUserProfile.ReadWrite.All']]])),
  authority: 'https://login.microsoftonline.com',
  startUrl: 'https://broker.example/api/consent/start',
  statusUrl: 'https://broker.example/api/consent/status',
};

const WINDOWS: readonly (readonly [string, BrowserOptions])[] = [
  ['a desktop, light', { viewport: { width: 1280, height: 800 }, colorScheme: 'light' }],
  ['a small phone, dark', { viewport: { width: 320, height: 640 }, colorScheme: 'dark' }],
];

function toOutcome(outcome: ConsentStanding): ConsentOutcome {
  const granted = ['SecurityIncident.Read.All'];
  const proofs = { graph: { granted, missing: [], checkedAt: 0 } };
  return {
    outcome,
    person: {
      tenantId: TENANT,
      userName: 'an.administrator.with.a.very.long.name@department.contoso.example',
      domain: 'contoso.example',
      mayConsent: true,
    },
    tenant: { ...createTenant(TENANT, 0), proofs },
    invitationId: INVITATION,
    nextLookSeconds: undefined,
  };
}

/** Each page that looks different. */
function listPages(pages: Pages): readonly (readonly [string, RenderedPage])[] {
  const refusal = { invitationId: INVITATION, correlationId: CORRELATION_ID, entraCode: 650052 };
  return [
    ['invitation', pages.invitation({ invitationId: INVITATION, organisation: 'a.example' })],
    ['active', pages.outcome(toOutcome('active'), undefined)],
    ['partial', pages.outcome(toOutcome('partial'), '/again')],
    ['verifying', pages.outcome(toOutcome('verifying'), undefined)],
    ['awaiting', pages.outcome(toOutcome('awaiting_approval'), undefined)],
    ['declined', pages.refusal({ ...refusal, refusal: 'declined' })],
    ['no_subscription', pages.refusal({ ...refusal, refusal: 'no_subscription' })],
    ['wait', pages.wait()],
  ];
}

inBrowser.for(WINDOWS)(
  'every page can be read by everybody, in every language: on %s',
  SLOW,
  async ([, window]) => {
    const page = await openPage(window);
    const barriers: string[] = [];
    for (const { language } of ALL_TEXTS) {
      for (const [name, { body }] of listPages(createPages(CONTEXT, language))) {
        await page.setContent(body);
        const found = await findBarriers(page);
        barriers.push(...found.map((barrier) => `${language} ${name}: ${barrier}`));
        const excess = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        if (excess > 0) barriers.push(`${language} ${name} is ${excess} px too wide`);
      }
    }
    expect(barriers).toEqual([]);
  },
);

inBrowser('the button is reached and pressed by keyboard, and is seen to be', SLOW, async () => {
  const page = await openPage();
  const { body } = createPages(CONTEXT, 'en').invitation({
    ...{ invitationId: INVITATION, organisation: undefined },
  });
  await page.setContent(body);
  const focused = [];
  for (let step = 0; step < 3; step++) {
    await page.keyboard.press('Tab');
    focused.push(await page.evaluate(() => document.activeElement?.textContent));
  }
  expect(focused).toEqual([
    'soc@northwind.example',
    'https://northwind.example/privacy',
    'Continue to Microsoft',
  ]);
  const outline = await page.evaluate(() => {
    return document.activeElement && getComputedStyle(document.activeElement).outlineStyle;
  });
  expect(outline).toBe('solid');
});
