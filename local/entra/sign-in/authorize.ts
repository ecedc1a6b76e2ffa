import { randomUUID } from 'node:crypto';
import type { Call, EntraState } from '../context.ts';
import { findAskedApi, rolesOf } from '../directory/delegated-scopes.ts';
import { createServicePrincipal } from '../directory/grants.ts';
import { EntraError } from '../errors.ts';
import { checkAudience, requireServicePrincipal } from '../token-endpoint/client.ts';
import {
  type AuthorizeParameters,
  type BrowserRequest,
  readAuthorizeParameters,
  readBrowserRequest,
} from './authorize-request.ts';
import { type ConsentDecision, decideConsent } from './consent.ts';
import {
  type Account,
  eligibleAccounts,
  type Interaction,
  readInteraction,
} from './interaction.ts';
import { accountPage, userConsentPage } from './pages.ts';
import { declined, errorParameters, redirectBack } from './redirect-uri.ts';

/** The authorize endpoint, v1 and v2: pages until the person decided, then a code. */
export async function authorize(state: EntraState, call: Call): Promise<Response> {
  const asked = readBrowserRequest(state, call);
  try {
    const parameters = readAuthorizeParameters(state, call, asked.query);
    const interaction = await readInteraction(state, call);
    return signIn(state, call, { asked, parameters, interaction });
  } catch (error) {
    if (!(error instanceof EntraError)) throw error;
    call.notes.errorCode = error.code;
    const answer = { ...errorParameters(call, error), state: asked.query.get('state') };
    return redirectBack(asked.redirectUri, answer);
  }
}

interface SignInStep {
  readonly asked: BrowserRequest;
  readonly parameters: AuthorizeParameters;
  readonly interaction: Interaction;
}

function signIn(state: EntraState, call: Call, step: SignInStep): Response {
  const { asked, interaction } = step;
  const { account, action, cookie } = interaction;
  if (action === 'cancel') throw declined(asked.application);
  if (account === undefined || mustPick(step)) return pick(state, call, step);
  const decision = consentDecision(state, call, { ...step, account });
  if (decision.page !== undefined) return decision.page;
  const where = { tenantId: account.tenant.tenantId, clientId: asked.application.clientId };
  checkAudience(asked.application, account.tenant);
  createServicePrincipal(state.directory, where);
  requireServicePrincipal(call, asked.application, account.tenant);
  requireAssignment(state, step.parameters.scope, account);
  const answer = {
    code: issueCode(state, call, { ...step, account }),
    admin_consent: step.parameters.prompt === 'admin_consent' ? 'True' : null,
    state: asked.query.get('state'),
    session_state: randomUUID(),
  };
  return redirectBack(asked.redirectUri, answer, cookie);
}

/**
 * The API's registration demands that people are assigned: without an app role there is no token.
 */
function requireAssignment({ directory }: EntraState, scope: string, { tenant, user }: Account) {
  const api = findAskedApi(directory, scope);
  const { homeTenantId } = directory;
  if (api === undefined || rolesOf(tenant, user, { api, homeTenantId }).length > 0) return;
  throw new EntraError(
    50105,
    'Your administrator has configured the application ' +
      `${api.displayName} ('${api.appId}') to block users unless they are specifically granted ` +
      `('assigned') access to the application. The signed-in user '${user.userPrincipalName}' is ` +
      'blocked because they are not a direct member of a group with access.',
  );
}

function pick(state: EntraState, call: Call, { asked, parameters }: SignInStep): Response {
  if (parameters.prompt === 'none') {
    throw new EntraError(
      50058,
      'A silent sign-in request was sent but no user is signed in. The cookies used to represent ' +
        "the user's session were not sent in the request to Azure AD.",
    );
  }
  return accountPage(call, asked.application, eligibleAccounts(state, call));
}

function mustPick({ asked, parameters, interaction }: SignInStep): boolean {
  if (interaction.action === 'switch') return true;
  if (interaction.action !== 'view') return false;
  const hint = asked.query.get('login_hint')?.toLowerCase();
  const signedIn = interaction.account?.user.userPrincipalName.toLowerCase();
  const { prompt } = parameters;
  return prompt === 'login' || prompt === 'select_account' || (hint ?? signedIn) !== signedIn;
}

function consentDecision(
  state: EntraState,
  call: Call,
  { asked, parameters, interaction, account }: SignInStep & { readonly account: Account },
): ConsentDecision {
  const { prompt } = parameters;
  const { application } = asked;
  if (prompt !== 'consent' && prompt !== 'admin_consent') return { page: undefined };
  const question = { directory: state.directory, application, account, cookie: interaction.cookie };
  const accepted = interaction.action === 'accept';
  if (call.version === 1) return decideConsent(call, question, accepted);
  return { page: accepted ? undefined : userConsentPage(call, question) };
}

function issueCode(
  { codes }: EntraState,
  call: Call,
  { asked, parameters, account }: SignInStep & { readonly account: Account },
): string {
  return codes.issue({
    clientId: asked.application.clientId,
    tenantId: account.tenant.tenantId,
    oid: account.user.oid,
    path: call.tenant?.tenantId ?? call.segment,
    redirectUri: asked.redirectUri,
    scope: parameters.scope,
    nonce: asked.query.get('nonce') ?? undefined,
    challenge: parameters.challenge,
    issuedAt: call.now,
  });
}
