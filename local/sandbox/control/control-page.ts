import { type Html, html } from '../../entra/sign-in/html.ts';
import type { Customer } from '../customers.ts';
import { listActiveFaults } from './active-faults.ts';
import { toDocument } from './control-document.ts';
import type { ControlParts } from './control-parts.ts';
import { groupSwitches, type SwitchGroup } from './switch-groups.ts';

const TIMERS = ['refreshTokens', 'syncIncidents', 'dispatchWebhooks', 'sweepExpired'];

/** The page of the stand-ins: who is there, what is wrong now, and a button for each switch. */
export function answerPage(parts: ControlParts, url: URL): Response {
  const said = url.searchParams.get('said') ?? '';
  const body = html`${said === '' ? html`` : html`<p role="status">${said}</p>`}
${places(parts)}
${faults(parts)}
${customerSwitches(parts, url.searchParams.get('tenant') ?? '')}
${section('For all customers', buttons(groupSwitches(false)))}
${section('Timers of the broker', html`<p>They also run by their schedules.</p>${timers()}`)}
${customers(parts)}`;
  return toDocument(body, url);
}

function section(title: string, body: Html): Html {
  return html`<section><h2>${title}</h2>${body}</section>`;
}

function places({ brokerUrl, partner, customers }: ControlParts): Html {
  const people = partner.directory.tenants.get(partner.directory.homeTenantId)?.users ?? [];
  const operators = people.filter(({ appRoles }) => appRoles !== undefined);
  const admin = customers[0]?.admin ?? '';
  return section(
    'What runs here',
    html`<ul>
<li><a href="${brokerUrl}/">The broker's console</a>: sign in as
${operators.map(({ userPrincipalName, displayName }) => html`<br><code>${userPrincipalName}</code> ${displayName.replace(/^.*\(/, '(')}`)}</li>
<li>The broker's API at <code>${brokerUrl}/api</code>; caller tokens to copy:
<a href="/sandbox/token/operator">operator</a>, <a href="/sandbox/token/playbook">playbook</a></li>
<li>Here: Entra ID, Defender, Microsoft Graph, Key Vault and the managed identity. Nobody needs a password; a
customer's admin is <code>${admin}</code>, and so on.</li>
</ul>`,
  );
}

function faults({ partner, getMicrosoft }: ControlParts): Html {
  const active = listActiveFaults(partner, getMicrosoft());
  const items = active.map(
    ({ service, customer, what }) =>
      html`<li>${service}, ${customer ?? 'all customers'}: <code>${what}</code></li>`,
  );
  const list = html`<ul>${items}</ul>
<form method="post">${hidden('')}<button formaction="/sandbox/scenarios/calm">calm</button>
ends all of it.</form>`;
  return section('What goes wrong now', active.length > 0 ? list : html`<p>Nothing.</p>`);
}

function customerSwitches({ customers }: ControlParts, tenant: string): Html {
  const options = customers.map(({ tenant: { defaultDomain } }) =>
    option(defaultDomain, defaultDomain === tenant),
  );
  return html`<section><h2>For one customer</h2>
<form method="post"><input type="hidden" name="page" value="1">
<p><label>Customer <select name="tenant">${options}</select></label></p>
${groupSwitches(true).map(fieldset)}</form></section>`;
}

function option(domain: string, isSelected: boolean): Html {
  return isSelected ? html`<option selected>${domain}</option>` : html`<option>${domain}</option>`;
}

function buttons(groups: readonly SwitchGroup[]): Html {
  return html`<form method="post">${hidden('')}${groups.map(fieldset)}</form>`;
}

function fieldset({ title, switches }: SwitchGroup): Html {
  const rows = switches.map(
    ([name, { description }]) =>
      html`<p><button formaction="/sandbox/scenarios/${name}">${name}</button>
<span>${description}</span></p>`,
  );
  return html`<fieldset><legend>${title}</legend>${rows}</fieldset>`;
}

function timers(): Html {
  const all = TIMERS.map(
    (name) => html`<button formaction="/sandbox/timers/${name}">${name}</button> `,
  );
  return html`<form method="post">${hidden('')}${all}</form>`;
}

function hidden(tenant: string): Html {
  return html`<input type="hidden" name="page" value="1"><input type="hidden" name="tenant" value="${tenant}">`;
}

function customers({ customers: all, partner, getMicrosoft }: ControlParts): Html {
  const { clientId } = partner.client;
  const { incidents, defender, graph } = getMicrosoft();
  const calls = Map.groupBy([...defender.requests, ...graph.requests], (one) => one.tenantId);
  const rows = all.map(({ name, state, tenant, admin }: Customer) => {
    const roles = tenant.servicePrincipals.get(clientId)?.grants.length;
    return html`<tr><th scope="row">${name}<br><small>${admin}</small></th><td>${state}</td>
<td>${roles === undefined ? 'no consent' : `${roles} roles granted`}</td>
<td class="number">${String(incidents.listIncidents(tenant.tenantId).length)}</td>
<td class="number">${String(calls.get(tenant.tenantId)?.length ?? 0)}</td></tr>`;
  });
  return section(
    'Customers',
    html`<div class="wide"><table><thead><tr><th scope="col">Customer and admin</th>
<th scope="col">At the start</th><th scope="col">At Entra now</th><th scope="col">Incidents</th>
<th scope="col">API calls</th></tr></thead><tbody>${rows}</tbody></table></div>`,
  );
}
