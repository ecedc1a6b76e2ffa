import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { saveAuthority } from '../../local/tls/trust.ts';
import { findPython } from './python.ts';
import { readClaims, SCOPE, startFace } from './set-up.ts';

const { tls, tool, contoso, fabrikam } = await startFace();
const folder = await mkdtemp(join(tmpdir(), 'authority-'));
afterAll(() => rm(folder, { recursive: true }));
const authority = await saveAuthority(tls.authority, folder);
const [msal, authlib, requestsOauthlib, adal, identity] = await Promise.all([
  findPython('msal'),
  findPython('authlib.integrations.requests_client'),
  findPython('requests_oauthlib'),
  findPython('adal'),
  findPython('azure.identity'),
]);

const HEAD = `
import json, sys
face, client_id, secret, first, second, scope = sys.argv[1:]
`;

/**
 * Runs a script with an unmodified client, which trusts the sandbox's authority; it prints JSON.
 */
async function run(python: string | undefined, script: string) {
  const { tenantId } = contoso;
  const { stdout } = await promisify(execFile)(
    python ?? '',
    ['-c', HEAD + script, tls.url, tool.clientId, tool.secret, tenantId, fabrikam.tenantId, SCOPE],
    { env: { ...process.env, REQUESTS_CA_BUNDLE: authority, SSL_CERT_FILE: authority } },
  );
  return JSON.parse(stdout);
}

function readTenants(tokens: readonly string[]): string[] {
  return tokens.map((token) => readClaims(token).tid);
}

test.skipIf(!msal)(
  'MSAL Python keeps the tokens of customers apart in one shared cache',
  async () => {
    const tokens = await run(
      msal,
      `
import msal
cache = msal.TokenCache()
def ask(tenant):
    app = msal.ConfidentialClientApplication(client_id, client_credential=secret,
        authority=f"{face}/{tenant}", instance_discovery=False, token_cache=cache)
    kept = app.acquire_token_silent([scope], account=None)
    return (kept or app.acquire_token_for_client([scope]))["access_token"]
print(json.dumps([ask(tenant) for tenant in (first, second, first, second)]))
`,
    );
    const { tenantId } = contoso;
    expect(readTenants(tokens)).toEqual([tenantId, fabrikam.tenantId, tenantId, fabrikam.tenantId]);
    expect(tokens[2]).toBe(tokens[0]);
  },
);

test.skipIf(!msal)('MSAL Python shows who has to act', async () => {
  const answer = await run(
    msal,
    `
import msal
app = msal.ConfidentialClientApplication(client_id, client_credential="wrong",
    authority=f"{face}/{first}", instance_discovery=False)
print(json.dumps(app.acquire_token_for_client([scope])))
`,
  );
  expect(answer).toMatchObject({
    error: 'invalid_client',
    error_description: expect.stringContaining('To be done by: caller.'),
  });
});

test.skipIf(!identity)('azure-identity for Python gets the token of a customer', async () => {
  const tokens = await run(
    identity,
    `
from azure.identity import ClientSecretCredential
# Debian's beta says instance_discovery, releases say disable_instance_discovery.
switch = {"instance_discovery": False, "disable_instance_discovery": True}
credential = ClientSecretCredential(first, client_id, secret, authority=face, **switch)
print(json.dumps([credential.get_token(scope).token]))
`,
  );
  expect(readTenants(tokens)).toEqual([contoso.tenantId]);
});

test.skipIf(!adal)('ADAL Python gets it from the v1 address', async () => {
  const tokens = await run(
    adal,
    `
import adal
context = adal.AuthenticationContext(f"{face}/{first}", validate_authority=False)
answer = context.acquire_token_with_client_credentials("https://api.security.microsoft.com", client_id, secret)
print(json.dumps([answer["accessToken"]]))
`,
  );
  expect(readTenants(tokens)).toEqual([contoso.tenantId]);
});

test.skipIf(!requestsOauthlib)('requests-oauthlib gets it by Basic and in the body', async () => {
  const tokens = await run(
    requestsOauthlib,
    `
from oauthlib.oauth2 import BackendApplicationClient
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session
url = f"{face}/{first}/oauth2/v2.0/token"
def ask(**how):
    session = OAuth2Session(client=BackendApplicationClient(client_id=client_id, scope=[scope]))
    return session.fetch_token(token_url=url, **how)["access_token"]
print(json.dumps([
    ask(auth=HTTPBasicAuth(client_id, secret)),
    ask(client_id=client_id, client_secret=secret, include_client_id=True),
]))
`,
  );
  expect(readTenants(tokens)).toEqual([contoso.tenantId, contoso.tenantId]);
});

test.skipIf(!authlib)('Authlib gets it, and keeps it until it ends', async () => {
  const answer = await run(
    authlib,
    `
import time
from authlib.integrations.requests_client import OAuth2Session
session = OAuth2Session(client_id, secret, scope=scope)
token = session.fetch_token(f"{face}/{first}/oauth2/v2.0/token", grant_type="client_credentials")
print(json.dumps([token["access_token"], token["expires_at"] > time.time() + 300]))
`,
  );
  expect([readTenants(answer.slice(0, 1)), answer[1]]).toEqual([[contoso.tenantId], true]);
});

const plain = await findPython('json');

test.skipIf(!plain)(
  'a script as on Microsoft’s page for partners gets it by its URL alone',
  async () => {
    const tokens = await run(
      plain,
      `
import urllib.parse, urllib.request
def ask(path, **fields):
    form = {"client_id": client_id, "client_secret": secret, "grant_type": "client_credentials", **fields}
    data = urllib.parse.urlencode(form).encode()
    return json.load(urllib.request.urlopen(f"{face}/{first}/{path}", data))["access_token"]
print(json.dumps([
    ask("oauth2/token", resource="https://api.security.microsoft.com"),
    ask("oauth2/v2.0/token", scope=scope),
]))
`,
    );
    expect(readTenants(tokens)).toEqual([contoso.tenantId, contoso.tenantId]);
  },
);
