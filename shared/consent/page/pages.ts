import type { Tenant } from '../../tenants/tenant.ts';
import type { Refusal } from '../refusal.ts';
import { type Page, renderPage } from './page.ts';
import type { Outcome, Texts } from './texts.ts';

/** Often enough to feel live, seldom enough for a page that stays open. */
const REFRESH_SECONDS = 4;

/** Who sees the page of a tenant's proof. */
export interface OutcomeView {
  readonly tenant: Tenant;
  readonly userName: string | undefined;
  /** Where the page asks again. */
  readonly statusUrl: string;
  /** Grants what is missing. */
  readonly consentUrl: string | undefined;
}

/** The page of an accepted consent: how its proof stands. */
export function renderOutcome(texts: Texts, view: OutcomeView): string {
  const outcome = toOutcome(view.tenant);
  const base = {
    texts,
    text: texts.outcomes[outcome],
    details: toDetails(texts, view),
    footer: texts.howToRevoke,
  };
  return renderPage({ ...base, ...toManner(texts, outcome, view) });
}

/** The page of a refused consent; nothing from the query string is on it but Entra's number. */
export function renderRefusal(
  texts: Texts,
  refusal: Refusal,
  { entraCode, correlationId }: { entraCode: number | undefined; correlationId: string },
): string {
  const code = entraCode === undefined ? [] : [[texts.errorCode, `AADSTS${entraCode}`] as const];
  return renderPage({
    texts,
    text: texts.refusals[refusal],
    tone: refusal === 'declined' || refusal === 'try_later' ? 'warn' : 'bad',
    details: [...code, [texts.reference, correlationId]],
  });
}

function toOutcome({ status, verification }: Tenant): Outcome {
  if (verification) return 'verifying';
  switch (status) {
    case 'active':
    case 'verifying':
    case 'partial':
      return status;
    case 'consent_revoked':
      return 'partial';
    case 'disabled':
    case 'offboarded':
      return 'paused';
    default:
      return status satisfies never;
  }
}

function toManner(texts: Texts, outcome: Outcome, view: OutcomeView): Omit<Page, 'texts' | 'text'> {
  switch (outcome) {
    case 'active':
    case 'paused':
      return { tone: 'good' };
    case 'verifying':
      return {
        tone: 'wait',
        refreshSeconds: REFRESH_SECONDS,
        action: { label: texts.lookAgain, url: view.statusUrl },
      };
    case 'partial':
      return {
        tone: 'warn',
        ...(view.consentUrl && { action: { label: texts.consentAgain, url: view.consentUrl } }),
      };
    default:
      return outcome satisfies never;
  }
}

function toDetails(texts: Texts, { tenant, userName }: OutcomeView) {
  const proofs = Object.values(tenant.proofs);
  const granted = proofs.flatMap((proof) => proof.granted);
  const missing = proofs.flatMap((proof) => proof.missing);
  const rows: (readonly [string, string | undefined])[] = [
    [texts.signedInAs, userName],
    [texts.tenantId, tenant.tenantId],
    [texts.granted, granted.join(', ')],
    [texts.missing, missing.join(', ')],
  ];
  return rows.flatMap(([label, value]) => (value ? [[label, value] as const] : []));
}
