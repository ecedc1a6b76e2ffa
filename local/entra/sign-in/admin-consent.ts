import type { Call, EntraState } from '../context.ts';
import type { Application, Directory } from '../directory/directory-model.ts';
import { getResource } from '../directory.ts';
import { EntraError } from '../errors.ts';
import { type BrowserRequest, readBrowserRequest, requireQuery } from './authorize-request.ts';
import { decideConsent } from './consent.ts';
import { eligibleAccounts, type Interaction, readInteraction } from './interaction.ts';
import { accountPage } from './pages.ts';
import { declined, errorParameters, redirectBack } from './redirect-uri.ts';

/** The admin consent endpoint, v1 and v2 ("Admin consent on the Microsoft identity platform"). */
export async function adminConsent(state: EntraState, call: Call): Promise<Response> {
  if (call.segment === 'consumers' || (call.version === 2 && call.segment === 'common')) {
    throw new EntraError(
      50059,
      'No tenant-identifying information found in either the request or implied by any provided ' +
        `credentials: the admin consent endpoint does not take '${call.segment}'.`,
    );
  }
  const asked = readBrowserRequest(state, call);
  const interaction = await readInteraction(state, call);
  try {
    if (call.version === 2) checkScope(asked.query);
    return consent(state, call, { asked, interaction });
  } catch (error) {
    if (!(error instanceof EntraError)) throw error;
    call.notes.errorCode = error.code;
    return redirectBack(asked.redirectUri, {
      ...errorParameters(call, error),
      admin_consent: 'True',
      tenant: interaction.account?.tenant.tenantId ?? call.tenant?.tenantId,
      state: asked.query.get('state'),
    });
  }
}

function consent(
  state: EntraState,
  call: Call,
  { asked, interaction }: { readonly asked: BrowserRequest; readonly interaction: Interaction },
): Response {
  const { application } = asked;
  const { account, action, cookie } = interaction;
  if (action === 'cancel') throw declined(application);
  if (account === undefined || action === 'switch') {
    return accountPage(call, application, eligibleAccounts(state, call));
  }
  const question = { directory: state.directory, application, account, cookie };
  const { page } = decideConsent(call, question, action === 'accept');
  if (page !== undefined) return page;
  return redirectBack(asked.redirectUri, {
    admin_consent: 'True',
    tenant: account.tenant.tenantId,
    state: asked.query.get('state'),
    scope: call.version === 2 ? grantedScope(state.directory, application) : null,
  });
}

// Application permissions can only be asked for with /.default, and this stand-in knows no others.
function checkScope(query: URLSearchParams): void {
  const scope = requireQuery(query, 'scope');
  if (scope.split(/\s+/).some((one) => one.endsWith('/.default'))) return;
  throw new EntraError(
    70011,
    `The provided value for the input parameter 'scope' is not valid. The scope ${scope} is not valid.`,
  );
}

function grantedScope(directory: Directory, { requiredAppRoles }: Application): string {
  const granted = Object.entries(requiredAppRoles).flatMap(([key, roles]) => {
    const [identifier = ''] = getResource(directory, key).identifiers;
    return roles.map((role) => `${identifier}/${role}`);
  });
  return granted.join(' ');
}
