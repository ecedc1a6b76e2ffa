import { styleText } from 'node:util';
import type { Sandbox } from './sandbox.ts';

/** What `npm start` prints: what runs where, and the first commands to try. */
export function announce({ url, microsoft, customers }: Sandbox): string {
  const width = Math.max(...customers.map(({ tenant }) => tenant.defaultDomain.length));
  const table = customers.map(
    ({ tenant, state }) => `    ${tenant.defaultDomain.padEnd(width)}  ${state}`,
  );
  return `
${styleText('bold', 'The partner broker runs.')} Everything is local; Microsoft is played by stand-ins.

  Broker      ${url}/api
  Microsoft   ${microsoft.url}   (switches: ${microsoft.url}/sandbox/)

  Customers
${table.join('\n')}

${styleText('bold', 'Ask for a token')} of a customer that has consented, as an internal tool would:

  TOKEN=$(curl -s ${microsoft.url}/sandbox/token/operator)
  curl -s -X POST -H "Authorization: Bearer $TOKEN" ${url}/api/tenants/fabrikam.example/token

${styleText('bold', 'Onboard a customer')}: open the consent_url of this answer in a browser, be admin@contoso.example:

  curl -s -X POST -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \\
    -d '{"tenant":"contoso.example"}' ${url}/api/invitations

${styleText('bold', 'Break something')}, then look at the tenant:

  curl -s -X POST '${microsoft.url}/sandbox/scenarios/revoke-consent?tenant=fabrikam.example'
  curl -s -X POST -H "Authorization: Bearer $TOKEN" ${url}/api/tenants/fabrikam.example/verify

Ctrl+C stops it.
`;
}
