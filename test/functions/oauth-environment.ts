import { getCallerToken } from '../../local/sandbox/client.ts';
import { addTool, type Tool } from '../../local/sandbox/partner.ts';
import { startEnvironment } from './set-up.ts';

/** The scope of the incidents' API. */
export const XDR = 'https://api.security.microsoft.com/.default';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** A form's fields; pairs may repeat a name. */
export type Form = Readonly<Record<string, string>> | readonly (readonly [string, string])[];

/** Where a form is posted, if not to the v2 token endpoint of Contoso. */
export interface Where {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a caller may have that may have everything. */
export const ALL = [{ id: 'all', effect: 'allow', tenants: ['*'], resources: ['*'] }];

/** A broker with one customer, as clients of the OAuth endpoint meet it. */
export async function startOAuthEnvironment() {
  const environment = await startEnvironment();
  const { sandbox, operator } = environment;
  const { partner, microsoft, settings } = sandbox;
  const { directory, api } = partner;
  const contoso = (await environment.onboard('Contoso')).tenant;

  /** A tool of its own, which may show its secret. */
  const addClient = async (name: string, record: object = {}): Promise<Tool> => {
    const tool = addTool(directory, { name, api, roles: ['Tokens.Issue'] });
    const whole = { rules: ALL, client_secret: true, ...record };
    await operator.call('PUT', `/callers/${tool.clientId}`, whole);
    return tool;
  };

  const tokenOf = (tool: Tool, audience = settings.API_AUDIENCE ?? '') =>
    getCallerToken({
      entraUrl: microsoft.url,
      homeTenantId: directory.homeTenantId,
      audience,
      tool,
    });

  const post = async (form: Form, { path = 'oauth2/v2.0/token', headers = {} }: Where = {}) => {
    const target = path.startsWith('/') ? path : `/${contoso.tenantId}/${path}`;
    const fields = Array.isArray(form) ? form : Object.entries(form);
    const response = await fetch(`${sandbox.url}${target}`, {
      method: 'POST',
      headers,
      body: new URLSearchParams(fields as [string, string][]),
    });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };

  return { ...environment, directory, contoso, addClient, tokenOf, post };
}

/** A client credentials request with the secret in the body. */
export function bySecret(tool: Tool, more: Readonly<Record<string, string>> = {}) {
  const { clientId: client_id, secret: client_secret } = tool;
  return { grant_type: 'client_credentials', client_id, client_secret, scope: XDR, ...more };
}

/** A client credentials request with an assertion. */
export function byAssertion(assertion: string, more: Readonly<Record<string, string>> = {}) {
  return {
    grant_type: 'client_credentials',
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: assertion,
    scope: XDR,
    ...more,
  };
}

/** An Authorization header of the scheme Basic. */
export function basic(user: string, password: string) {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}
