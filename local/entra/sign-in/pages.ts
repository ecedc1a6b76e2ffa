import type { Call } from '../context.ts';
import type { Application, Directory } from '../directory/directory-model.ts';
import { getResource } from '../directory.ts';
import { describeError, type EntraError } from '../errors.ts';
import { type Html, html, pageResponse } from './html.ts';
import type { Account } from './interaction.ts';

// A benchmark's thousands of tenants would make a page that no browser can show.
const MAX_ACCOUNTS = 200;

/** The account picker. */
export function accountPage(
  call: Call,
  application: Application,
  accounts: readonly Account[],
): Response {
  const hint = call.url.searchParams.get('login_hint')?.toLowerCase();
  const isHinted = ({ user }: Account) => user.userPrincipalName.toLowerCase() === hint;
  const shown = accounts.toSorted((a, b) => Number(isHinted(b)) - Number(isHinted(a)));
  const buttons = shown.slice(0, MAX_ACCOUNTS).map(
    ({ tenant, user }) => html`
<button class="account" name="user" value="${user.oid}">${user.displayName}
<small>${user.userPrincipalName}</small>
<small>${tenant.displayName}: ${user.roles.join(', ') || 'no administrator role'}</small></button>`,
  );
  const body = html`<p>to continue to <strong>${application.displayName}</strong></p>
${form(call, html`${buttons}`)}
${form(call, cancelButton)}`;
  return pageResponse('Pick an account', body);
}

/** What a consent page asks for. */
export interface ConsentQuestion {
  readonly directory: Directory;
  readonly application: Application;
  readonly account: Account;
  readonly cookie: string | undefined;
}

/** The consent page of an administrator, who grants the app roles for the whole tenant. */
export function adminConsentPage(call: Call, question: ConsentQuestion): Response {
  const { application, directory, cookie } = question;
  const publisher = directory.tenants.get(application.homeTenantId)?.displayName ?? 'unknown';
  const items = Object.entries(application.requiredAppRoles).flatMap(([key, roles]) => {
    const { appRoles, displayName } = getResource(directory, key);
    return roles.map((role) => {
      const words = appRoles.find(({ value }) => value === role)?.displayName ?? role;
      return html`<li>${words} <small>(${displayName}: <code>${role}</code>)</small></li>`;
    });
  });
  const body = html`<p><strong>${application.displayName}</strong>, published by ${publisher}</p>
${signedInAs(question.account)}
<p>This app would like to:</p>
<ul>${items}</ul>
<p>If you accept, this app will get access to the specified resources for all users in
${question.account.tenant.displayName}. No one else will be prompted to review these permissions.</p>
${form(call, decisionButtons)}`;
  return pageResponse('Permissions requested: review for your organization', body, { cookie });
}

/** The consent page of a person, who grants no app role. */
export function userConsentPage(call: Call, question: ConsentQuestion): Response {
  const body = html`<p><strong>${question.application.displayName}</strong></p>
${signedInAs(question.account)}
<p>This app would like to:</p>
<ul><li>Sign you in and read your profile</li></ul>
${form(call, decisionButtons)}`;
  return pageResponse('Permissions requested', body, { cookie: question.cookie });
}

/** AADSTS90094: the person may not grant what the app asks for. */
export function approvalPage(call: Call, question: ConsentQuestion): Response {
  const { application, account, cookie } = question;
  const body = html`<p><strong>${application.displayName}</strong> needs permission to access
resources in your organization that only an admin can grant. Please ask an admin to grant permission
to this app before you can use it.</p>
${signedInAs(account)}
<p><code>AADSTS90094</code></p>
${form(
  call,
  html`<button name="action" value="switch">Use another account</button>
<button name="action" value="cancel">Cancel</button>`,
)}`;
  return pageResponse('Need admin approval', body, { status: 403, cookie });
}

/** An error that may not be sent to the redirect URI, or has none. */
export function errorPage(call: Call, error: EntraError): Response {
  const body = html`<p>Sorry, but we’re having trouble signing you in.</p>
<p><code>${describeError(error, call)}</code></p>`;
  return pageResponse('Sign in', body, { status: 400 });
}

const cancelButton = html`<button name="action" value="cancel">Cancel</button>`;
const decisionButtons = html`<button class="primary" name="action" value="accept">Accept</button>
<button name="action" value="cancel">Cancel</button>
<button name="action" value="switch">Use another account</button>`;

function signedInAs({ user }: Account): Html {
  return html`<p>Signed in as ${user.userPrincipalName}</p>`;
}

// The page posts to its own address, so the request is checked again from the start each time.
function form({ url }: Call, fields: Html): Html {
  return html`<form method="post" action="${url.pathname}${url.search}">${fields}</form>`;
}
