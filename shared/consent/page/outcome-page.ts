import { type Permission, toPermission } from '../../resources/permissions.ts';
import { RESOURCE_NAMES } from '../../resources/resources.ts';
import type { Tenant } from '../../tenants/tenant.ts';
import { findMissingRoles } from '../../tokens/token-issuer.ts';
import type { ConsentOutcome, ConsentStanding } from '../outcome.ts';
import { html } from './html.ts';
import { toDetails, toPermissionSection } from './parts.ts';
import type { PagePlan, Site } from './site.ts';

const TONES: Readonly<Record<ConsentStanding, PagePlan['tone']>> = {
  active: 'good',
  paused: 'good',
  verifying: 'wait',
  awaiting_approval: 'wait',
  partial: 'warn',
  not_found: 'warn',
};

/** How an accepted consent stands; `retryUrl` leads to the page before Microsoft's. */
export function toOutcomePage(
  site: Site,
  { outcome, person, tenant, nextLookSeconds }: ConsentOutcome,
  retryUrl: string | undefined,
): PagePlan {
  const { texts, context } = site;
  const { invitation, labels, permissions } = texts;
  const isShown = outcome === 'active' || outcome === 'partial';
  const granted = isShown ? listGranted(tenant) : [];
  const missing = outcome === 'partial' ? listMissing(tenant, context.required) : [];
  const optional = isShown ? listMissing(tenant, context.optional) : [];
  return {
    text: texts.outcomes[outcome],
    tone: TONES[outcome],
    refreshSeconds: nextLookSeconds,
    content: [
      toPermissionSection(texts, permissions.missing, missing),
      toAction(site, outcome, retryUrl),
      toPermissionSection(texts, permissions.granted, granted),
      toPermissionSection(texts, permissions.optionalMissing, optional),
      toDetails([
        [labels.signedInAs, person.userName],
        [labels.tenantId, toOrganisation(person)],
        [labels.app, context.partner.appName],
      ]),
      isShown
        ? html`<section><h2>${invitation.withdrawTitle}</h2><p>${invitation.withdraw}</p></section>`
        : undefined,
    ],
  };
}

/** Everything that tokens showed, over all APIs. */
function listGranted(tenant: Tenant | undefined): readonly Permission[] {
  return RESOURCE_NAMES.flatMap((resource) =>
    (tenant?.proofs[resource]?.granted ?? []).map((role) => toPermission(resource, role)),
  );
}

/** What was asked for and not granted; a write role includes its read role. */
function listMissing(
  tenant: Tenant | undefined,
  asked: readonly Permission[],
): readonly Permission[] {
  return asked.filter(({ resource, role }) => {
    const granted = tenant?.proofs[resource]?.granted ?? [];
    return findMissingRoles(granted, [role]).length > 0;
  });
}

function toOrganisation({ domain, tenantId }: ConsentOutcome['person']) {
  return domain === undefined
    ? html`<code>${tenantId}</code>`
    : html`${domain} <code>${tenantId}</code>`;
}

function toAction(
  { texts, context }: Site,
  outcome: ConsentStanding,
  retryUrl: string | undefined,
) {
  const { labels } = texts;
  if (outcome === 'verifying') {
    return html`<p class="go"><a class="action" href="${context.statusUrl}">${labels.lookAgain}</a></p>`;
  }
  const isRepairable = outcome === 'partial' || outcome === 'not_found';
  if (!isRepairable || retryUrl === undefined) return undefined;
  return html`<p class="go"><a class="action" href="${retryUrl}">${labels.tryAgain}</a></p>`;
}
