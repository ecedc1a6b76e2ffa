import type { Partner, Tool, ToolName } from './partner.ts';

/** An answer of the broker's API. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  // The demo and the tests read whatever the API answers.
  // biome-ignore lint/suspicious/noExplicitAny: a JSON document of any route
  readonly body: any;
}

/** What an internal tool has of the broker: a token of the home tenant and HTTP. */
export interface BrokerClient {
  /** `call('POST', '/tenants/x/token', {…})`. */
  readonly call: (method: string, path: string, body?: unknown) => Promise<ApiAnswer>;
}

/** Creates the client of an internal tool, which gets its own token as tools do. */
export async function createBrokerClient(where: {
  brokerUrl: string;
  entraUrl: string;
  homeTenantId: string;
  audience: string;
  tool: Tool;
}): Promise<BrokerClient> {
  const token = await getCallerToken(where);
  return {
    call: async (method, path, body) => {
      const response = await fetch(`${where.brokerUrl}/api${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const parsed: unknown = text === '' ? undefined : JSON.parse(text);
      return { status: response.status, headers: response.headers, body: parsed };
    },
  };
}

/** A tool's access token for the broker's API. */
export async function getCallerToken({
  entraUrl,
  homeTenantId,
  audience,
  tool,
}: {
  entraUrl: string;
  homeTenantId: string;
  audience: string;
  tool: Tool;
}): Promise<string> {
  const response = await fetch(`${entraUrl}/${homeTenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: tool.clientId,
      client_secret: tool.secret,
      scope: `${audience}/.default`,
    }),
  });
  if (!response.ok) throw new Error(`Entra answered ${response.status} to a tool.`);
  const { access_token } = (await response.json()) as { access_token: string };
  return access_token;
}

/** Where and as whom a tool gets its token. */
export function toAddress(entraUrl: string, { directory, api, tools }: Partner, name: ToolName) {
  const audience = api.api?.identifiers[0] ?? '';
  return { entraUrl, homeTenantId: directory.homeTenantId, audience, tool: tools[name] };
}
