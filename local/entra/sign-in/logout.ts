import type { Call, EntraState } from '../context.ts';
import { html, pageResponse } from './html.ts';

/** Ends the session of this browser. */
export function logout({ sessions }: EntraState, { request }: Call): Response {
  const cookie = sessions.end(request.headers.get('cookie'));
  return pageResponse('You signed out', html`<p>You can close this page.</p>`, { cookie });
}
