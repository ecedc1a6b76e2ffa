import type { Refusal, RefusalDetails } from '../../invitations/refusal.ts';
import { html } from './html.ts';
import { toButton, toRequest } from './invitation-page.ts';
import { toDetails } from './parts.ts';
import type { PagePlan, Site } from './site.ts';

/** What a refusal's page shows, with the id by which the partner finds it in the log. */
export interface RefusalView extends RefusalDetails {
  readonly refusal: Refusal;
  readonly correlationId: string;
}

/** Another try with the same link would end the same way. */
const FINAL: ReadonlySet<Refusal> = new Set([
  'invitation_unknown',
  'invitation_expired',
  'invitation_used',
  'invitation_revoked',
  'tenant_offboarded',
]);

/** What somebody chose or what passes by itself is no failure. */
const MILD: ReadonlySet<Refusal> = new Set(['declined', 'try_later', 'being_prepared']);

/** The page of a refused consent; nothing from the query string is on it but Entra's number. */
export function toRefusalPage(site: Site, view: RefusalView): PagePlan {
  const { refusal, entraCode, invitationId, correlationId } = view;
  const { refusals, labels, invitation } = site.texts;
  const isRetried = invitationId !== undefined && !FINAL.has(refusal);
  const code = entraCode === undefined ? undefined : html`<code>AADSTS${entraCode}</code>`;
  const details = toDetails([
    [labels.errorCode, code],
    [labels.reference, html`<code>${correlationId}</code>`],
  ]);
  return {
    text: refusals[refusal],
    tone: MILD.has(refusal) ? 'warn' : 'bad',
    content: [
      ...(isRetried && refusal === 'declined' ? toRequest(site) : []),
      isRetried
        ? html`<div class="go">${toButton(site, invitationId, refusal === 'declined' ? invitation.button : labels.tryAgain)}</div>`
        : undefined,
      // Who declined did what they wanted: there is nothing to report.
      refusal === 'declined' ? undefined : details,
    ],
    hasForm: isRetried,
  };
}
