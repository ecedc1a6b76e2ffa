import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import * as v from 'valibot';
import { expectAnswer } from '../answers.ts';
import type { Customer, DemoContext } from '../context.ts';
import { DemoError, expectSame } from '../demo-error.ts';
import { send } from '../http.ts';
import type { Notes } from '../progress.ts';

const listedSchema = v.object({ customers: v.array(v.object({ tenant_id: v.string() })) });
const foundSchema = v.object({
  tenant_id: v.string(),
  incidents: v.array(v.object({ incident_id: v.string(), status: v.string() })),
});
const changedSchema = v.object({ tenant_id: v.string(), changed: v.literal(true) });

/** Calls a tool; the answer has the shape that the tool declares. */
type CallTool = <S extends v.GenericSchema>(
  name: string,
  input: Record<string, unknown>,
  schema: S,
) => Promise<v.InferOutput<S>>;

/**
 * The client's own choice of a revision changes with its version. The demo pins one of each era,
 * so that both are shown: the stateless one, and the last that begins with `initialize`.
 */
const ERAS = { stateless: { pin: '2026-07-28' }, initialized: 'legacy' } as const;
const REVISIONS = { stateless: '2026-07-28', initialized: '2025-11-25' } as const;

type Era = keyof typeof ERAS;

/**
 * An agent lists customers, searches and changes incidents of two of them by MCP, by a client of
 * each era; no answer holds a token.
 */
export async function serveAgent(context: DemoContext, { note }: Notes): Promise<void> {
  const { contoso, fabrikam } = context.customers;
  const seen = [
    await serveClient(context, note, { era: 'stateless', customer: contoso }),
    await serveClient(context, note, { era: 'initialized', customer: fabrikam }),
  ];
  if (seen.join('').includes('eyJ'))
    throw new DemoError('Expected: no token\nGot: one in an answer');
  note('No answer held a token');
}

/** Answers all that the client was sent. */
async function serveClient(
  context: DemoContext,
  note: Notes['note'],
  { era, customer }: { readonly era: Era; readonly customer: Customer },
): Promise<string> {
  const client = await connect(context, era);
  let seen = '';
  const callTool: CallTool = async (name, input, schema) => {
    const answer = await client.callTool({ name, arguments: input });
    seen += JSON.stringify(answer);
    const parsed = v.safeParse(schema, answer.structuredContent);
    if (parsed.success) return parsed.output;
    throw new DemoError(`Expected: an answer of the tool ${name}\nGot: ${JSON.stringify(answer)}`);
  };
  try {
    expectSame('the revision', client.getNegotiatedProtocolVersion(), REVISIONS[era]);
    const { customers } = await callTool('list_customers', {}, listedSchema);
    note(`MCP of ${REVISIONS[era]}: list_customers: ${customers.length} customers`);
    note(await resolveOne(callTool, customer));
    return seen;
  } finally {
    await client.close();
  }
}

async function resolveOne(callTool: CallTool, customer: Customer): Promise<string> {
  const { domain: tenant, tenantId, name } = customer;
  const found = await callTool('search_incidents', { tenant }, foundSchema);
  expectSame('the customer that was searched', found.tenant_id, tenantId);
  const [incident] = found.incidents.filter(({ status }) => status === 'active');
  if (!incident) throw new DemoError(`Expected: an active incident of ${name}\nGot: none`);
  const { incident_id } = incident;
  const change = { tenant, incident_id, status: 'resolved' };
  const changed = await callTool('update_incident', change, changedSchema);
  expectSame('the customer that was changed', changed.tenant_id, tenantId);
  return `${name.padEnd(8)} ${found.incidents.length} incidents found, ${incident_id} resolved`;
}

async function connect({ environment, fetch }: DemoContext, era: Era): Promise<Client> {
  const issued = await send(fetch, `GET ${environment.microsoftUrl}/sandbox/token/operator`);
  const headers = { authorization: `Bearer ${expectAnswer(issued, 200, v.string())}` };
  const client = new Client(
    { name: 'demo', version: '1' },
    { versionNegotiation: { mode: ERAS[era] } },
  );
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${environment.brokerUrl}/api/mcp`), {
      requestInit: { headers },
      fetch: (url, init) => fetch(String(url), init),
    }),
  );
  return client;
}
