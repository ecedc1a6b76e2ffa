import { styleText } from 'node:util';
import { CUSTOMER_STATES } from '../sandbox/customer-state.ts';
import type { Customer } from '../sandbox/customers.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';

/** Up to here each customer has a line of its own. */
const MAX_LISTED = 8;

/**
 * What `npm start` prints: what runs where, as whom one may act, and what to try; fits 80 columns.
 */
export function formatBanner({
  tls,
  microsoft,
  customers,
  isRestored,
  ...sandbox
}: Sandbox): string {
  const url = tls?.url ?? sandbox.url;
  const bold = (text: string) => styleText('bold', text);
  const active = customers.find(({ state }) => state === 'active') ?? customers[0];
  const ready = customers.find(({ state }) => state === 'ready to consent') ?? customers[0];
  return `
${bold('The partner broker runs.')} Everything is local; stand-ins play Microsoft.

  Console    ${url}/   sign in as olivia@northwind.example
  API        ${url}/api   described by ${'/api/openapi.json'}
  Microsoft  ${microsoft.url}/   people, and switches to break things

  ${bold('Customers')}${isRestored ? ' as they were left; at first they were' : ''}
${listCustomers(customers)}

  ${bold('Get a token')} of a customer, as an internal tool, in a second terminal:

    TOKEN=$(curl -s ${microsoft.url}/sandbox/token/operator)
    curl -s -X POST -H "Authorization: Bearer $TOKEN" \\
      ${url}/api/tenants/${active?.tenant.defaultDomain}/token

  ${bold('Onboard a customer')}: open the consent_url of this answer in a browser, and
  be ${ready?.admin}.

    curl -s -X POST -H "Authorization: Bearer $TOKEN" \\
      -H "Content-Type: application/json" \\
      -d '{"tenant":"${ready?.tenant.defaultDomain}"}' ${url}/api/invitations

  Notable events follow, a line each. Ctrl+C stops everything.
`;
}

function listCustomers(customers: readonly Customer[]): string {
  if (customers.length > MAX_LISTED) return countStates(customers);
  const width = Math.max(...customers.map(({ tenant }) => tenant.defaultDomain.length));
  return customers
    .map(({ tenant, state }) => `    ${tenant.defaultDomain.padEnd(width)}  ${state}`)
    .join('\n');
}

function countStates(customers: readonly Customer[]): string {
  return CUSTOMER_STATES.flatMap((state) => {
    const [first, ...others] = customers.filter((customer) => customer.state === state);
    if (!first) return [];
    const number = String(others.length + 1).padStart(5);
    return [`  ${number} ${state.padEnd(20)} such as ${first.tenant.defaultDomain}`];
  }).join('\n');
}
