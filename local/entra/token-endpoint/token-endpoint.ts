import type { Call, EntraState } from '../context.ts';
import { EntraError } from '../errors.ts';
import { isTenantIndependent, requireTenant } from '../tenant-segment.ts';
import { redeemCode } from './authorization-code.ts';
import { clientCredentials } from './client-credentials.ts';
import { readForm, requireParameter } from './form.ts';

/** The token endpoint, v1 and v2. */
export async function tokenEndpoint(state: EntraState, call: Call): Promise<Response> {
  if (call.request.method !== 'POST') {
    throw new EntraError(
      900561,
      `The endpoint only accepts POST requests. Received a ${call.request.method} request.`,
    );
  }
  if (!isTenantIndependent(call.segment)) requireTenant(call);
  const form = await readForm(call.request);
  call.notes.grantType = form.get('grant_type') ?? '';
  call.notes.clientId = form.get('client_id') ?? '';
  call.notes.scope = form.get('scope') ?? form.get('resource') ?? '';
  const grantType = requireParameter(form, 'grant_type');
  switch (grantType) {
    case 'client_credentials':
      return await clientCredentials(state, call, form);
    case 'authorization_code':
      return await redeemCode(state, call, form);
    default:
      throw new EntraError(70003, `The app requested an unsupported grant type '${grantType}'.`);
  }
}
