import type { Call } from '../context.ts';
import type { Application } from '../directory/directory-model.ts';
import { describeError, EntraError } from '../errors.ts';
import { redirect } from './html.ts';

/** Gets the redirect URI of a request when it is registered; throws 50011 or 900971. */
export function requireRedirectUri(application: Application, requested: string | null): string {
  if (requested === null) throw new EntraError(900971, 'No reply address provided.');
  if (application.redirectUris.some((uri) => matches(uri, requested))) return requested;
  throw new EntraError(
    50011,
    `The redirect URI '${requested}' specified in the request does not match the redirect URIs ` +
      `configured for the application '${application.clientId}'. Make sure the redirect URI sent ` +
      'in the request matches one added to your application in the Azure portal.',
  );
}

/** Sends the browser back with an answer; parameters without a value are left out. */
export function redirectBack(
  uri: string,
  parameters: Readonly<Record<string, string | null | undefined>>,
  cookie?: string,
): Response {
  const target = new URL(uri);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined) target.searchParams.set(name, value);
  }
  return redirect(target, cookie);
}

/** The parameters that tell a redirect URI about an error. */
export function errorParameters(call: Call, error: EntraError) {
  return {
    error: error.error,
    error_description: describeError(error, call),
    error_uri: `${call.origin}/error?code=${error.code}`,
    ...(error.code === 65004 ? { error_subcode: 'cancel' } : {}),
  };
}

/** What a person says who presses Cancel. */
export function declined(application: Application): EntraError {
  return new EntraError(
    65004,
    `User declined to consent to access the app '${application.displayName}'.`,
  );
}

function matches(registered: string, requested: string): boolean {
  if (registered === requested) return true;
  const known = loopbackWithoutPort(registered);
  return known !== undefined && known === loopbackWithoutPort(requested);
}

// "Localhost exceptions" of the redirect URI page: on loopback http any port is as good.
function loopbackWithoutPort(uri: string): string | undefined {
  return uri.match(/^http:\/\/(?:localhost|127\.0\.0\.1)(?=[:/?]|$)/) === null
    ? undefined
    : uri.replace(/^(http:\/\/[^:/?]+):\d+/, '$1');
}
