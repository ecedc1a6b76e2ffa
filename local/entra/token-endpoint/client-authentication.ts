import type { Call, EntraState } from '../context.ts';
import type { Application } from '../directory/directory-model.ts';
import { EntraError } from '../errors.ts';
import { findEffect } from '../faults.ts';
import { verifyClientAssertion } from './client-assertion.ts';
import { type Form, requireParameter } from './form.ts';

/** How a client proved who it is, as `appidacr` tells it: 1 or 2. */
type Credential = 'secret' | 'certificate';

/** The client id and the proof that a request carries. */
interface ClientProof {
  readonly clientId: string;
  readonly secret: string | undefined;
  readonly assertion: string | undefined;
}

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * Reads client_id, client_secret and client_assertion from the form, or the first two from Basic.
 */
export function readClientProof(call: Call, form: Form): ClientProof {
  checkNoOrigin(call);
  const basic = readBasic(call.request.headers.get('authorization'));
  const clientId = basic?.clientId ?? requireParameter(form, 'client_id');
  call.notes.clientId = clientId;
  const assertion = form.get('client_assertion');
  const secret = basic?.secret ?? form.get('client_secret');
  const several = [basic, form.get('client_secret'), assertion].filter((one) => one !== undefined);
  if (several.length > 1 || (form.get('client_id') ?? clientId) !== clientId) {
    throw new EntraError(9002313, 'Invalid request. More than one way to authenticate was used.');
  }
  if (assertion !== undefined && form.get('client_assertion_type') !== ASSERTION_TYPE) {
    throw new EntraError(
      900144,
      `The request body must contain the following parameter: 'client_assertion_type' with the value '${ASSERTION_TYPE}'.`,
    );
  }
  return { clientId, secret, assertion };
}

/** Checks the proof of a registered application; throws what Entra answers to a wrong one. */
export async function authenticateClient(
  state: EntraState,
  call: Call,
  client: { readonly application: Application; readonly proof: ClientProof },
): Promise<Credential> {
  const { secret, assertion } = client.proof;
  if (assertion !== undefined) {
    await verifyClientAssertion(state, call, { application: client.application, assertion });
    return 'certificate';
  }
  if (secret === undefined) {
    throw new EntraError(
      7000218,
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    );
  }
  checkSecret(call, client.application, secret);
  return 'secret';
}

function checkSecret(call: Call, { clientId, secrets }: Application, value: string): void {
  const rotated = findEffect(call.effects, 'secret-rotated') !== undefined;
  const match = rotated ? undefined : secrets.find((secret) => secret.value === value);
  if (match === undefined) {
    throw new EntraError(
      7000215,
      'Invalid client secret provided. Ensure the secret being sent in the request is the client ' +
        `secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
    );
  }
  const expired = findEffect(call.effects, 'secret-expired') !== undefined;
  if (expired || match.expiresAt <= call.now) {
    throw new EntraError(
      7000222,
      `The provided client secret keys for app '${clientId}' are expired. Visit the Azure portal ` +
        'to create new keys for your app: https://aka.ms/NewClientSecret, or consider using ' +
        'certificate credentials for added security: https://aka.ms/certCreds.',
    );
  }
}

function checkNoOrigin({ request }: Call): void {
  const origin = request.headers.get('origin');
  if (origin === null) return;
  throw new EntraError(
    9002326,
    "Cross-origin token redemption is permitted only for the 'Single-Page Application' " +
      `client-type. Request origin: '${origin}'.`,
  );
}

function readBasic(header: string | null): { clientId: string; secret: string } | undefined {
  const encoded = header?.match(/^Basic (.+)$/i)?.[1];
  if (encoded === undefined) return undefined;
  const [clientId = '', ...rest] = Buffer.from(encoded, 'base64').toString().split(':');
  return { clientId: formDecode(clientId), secret: formDecode(rest.join(':')) };
}

// RFC 6749 section 2.3.1: both parts are form-encoded before they are joined.
function formDecode(text: string): string {
  return new URLSearchParams(`value=${text}`).get('value') ?? '';
}
