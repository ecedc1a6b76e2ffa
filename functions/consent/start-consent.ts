import type { HttpRequest } from '@azure/functions';
import * as v from 'valibot';
import { ConsentRefused } from '../../shared/invitations/refusal.ts';
import { readForm } from '../input/read-body.ts';
import type { PageRoute } from '../route.ts';
import { assertSameOrigin, findConsentCookie, toRedirect } from './browser.ts';

/** `POST /consent/start`: the button. Only here an attempt begins and a cookie is set. */
export const startConsent: PageRoute = {
  kind: 'page',
  id: 'startConsent',
  method: 'POST',
  path: 'api/consent/start',
  form: v.object({ invitation: v.string() }),
  summary: "Begin an attempt with the form's invitation: sends the customer's admin to sign in.",
  answer: async (request, services) => {
    assertSameOrigin(request, services);
    const invitationId = await readInvitationId(request);
    const { consentFlow, findOutcome, pageContext, isSecure } = services;
    const known = findConsentCookie(request, services);
    try {
      const { location, cookie } = await consentFlow.start(invitationId, known);
      return toRedirect(location, { value: cookie, isSecure });
    } catch (error) {
      const isUsed = error instanceof ConsentRefused && error.refusal === 'invitation_used';
      if (!isUsed || !(await findOutcome(known, invitationId))) throw error;
      return toRedirect(pageContext.statusUrl);
    }
  },
};

async function readInvitationId(request: HttpRequest): Promise<string> {
  try {
    return new URLSearchParams(await readForm(request)).get('invitation') ?? '';
  } catch {
    // A body that a browser would not send: what a tool is told about it has no place on a page.
    throw new ConsentRefused('invitation_unknown');
  }
}
