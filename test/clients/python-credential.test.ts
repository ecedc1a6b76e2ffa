import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { APP_ROOT } from '../../local/sandbox/sandbox.ts';
import { findPython } from './python.ts';
import { startFace } from './set-up.ts';

const { sandbox, contoso } = await startFace();
sandbox.microsoft.incidents.createIncident(contoso.tenantId);
const python = await findPython('json');
const pythonWithCore = await findPython('azure.core', 'requests');

/**
 * What every script begins with: the credential of a customer, and a count of the caller's tokens.
 */
const HEAD = `
import json, sys, threading, time, urllib.request
broker, microsoft, tenant, folder = sys.argv[1:]
sys.path.insert(0, folder)
import broker_credential
from broker_credential import BrokerCredential, BrokerRefusal
SCOPE = "https://api.security.microsoft.com/.default"
asked = []

def get_caller_token():
    asked.append(1)
    return urllib.request.urlopen(f"{microsoft}/sandbox/token/operator").read().decode()

def create(url=broker):
    return BrokerCredential(url=url, tenant=tenant, get_caller_token=get_caller_token)
`;

/** Runs a script that prints JSON. */
async function run(command: string | undefined, script: string): Promise<unknown> {
  const folder = join(APP_ROOT, 'docs/client');
  const { stdout } = await promisify(execFile)(command ?? '', [
    '-c',
    HEAD + script,
    sandbox.url,
    sandbox.microsoft.url,
    contoso.tenantId,
    folder,
  ]);
  return JSON.parse(stdout);
}

test.skipIf(!pythonWithCore)(
  'a pipeline of Azure’s Python SDKs calls a customer’s API',
  async () => {
    const answer = await run(
      pythonWithCore,
      `
from azure.core import PipelineClient
from azure.core.pipeline.policies import BearerTokenCredentialPolicy
from azure.core.rest import HttpRequest

policy = BearerTokenCredentialPolicy(create(), SCOPE)
client = PipelineClient(microsoft, policies=[policy])
request = HttpRequest("GET", f"{microsoft}/api/incidents")
response = client.send_request(request, enforce_https=False)
print(json.dumps([response.status_code, len(response.json()["value"])]))
`,
    );
    expect(answer).toEqual([200, 1]);
  },
);

test.skipIf(!python)(
  'threads share one call, and the token is kept until its renewal',
  async () => {
    const answer = await run(
      python,
      `
credential = create()
tokens = []
threads = [threading.Thread(target=lambda: tokens.append(credential.get_token(SCOPE))) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
calls = len(asked)
kept = credential._kept[SCOPE]
credential._kept[SCOPE] = kept._replace(refresh_at=0)
credential.get_token(SCOPE)
print(json.dumps([len(set(tokens)), calls, len(asked), kept.token.expires_on > time.time() + 300]))
`,
    );
    expect(answer).toEqual([1, 1, 2, true]);
  },
);

test.skipIf(!python)('a refusal says what to do; another customer is refused at once', async () => {
  const answer = await run(
    python,
    `
credential = create()
refusals = []
for ask in (
    lambda: credential.get_token("https://mail.example/.default"),
    lambda: credential.get_token(SCOPE, tenant_id="fabrikam.example"),
    lambda: credential.get_token(SCOPE, "https://graph.microsoft.com/.default"),
    lambda: create(microsoft + "/nowhere").get_token(SCOPE),
):
    try:
        ask()
    except (BrokerRefusal, ValueError) as error:
        refusals.append(f"{type(error).__name__} {error}")
print(json.dumps(refusals))
`,
  );
  expect(answer).toEqual([
    expect.stringMatching(/^BrokerRefusal 400 invalid_target: .* Use one/),
    expect.stringContaining('ValueError This credential is for'),
    expect.stringContaining('ValueError Ask for one scope'),
    expect.stringMatching(/^BrokerRefusal 404/),
  ]);
});

test.skipIf(!python)('a broker that is away does not take a token that is still good', async () => {
  const answer = await run(
    python,
    `
credential = create()
first = credential.get_token(SCOPE)
credential._kept[SCOPE] = credential._kept[SCOPE]._replace(refresh_at=0)
credential._url = "http://127.0.0.1:9/"
same = credential.get_token(SCOPE) == first
credential._kept[SCOPE] = broker_credential._Kept(first._replace(expires_on=int(time.time()) + 9), 0)
try:
    credential.get_token(SCOPE)
    refused = False
except OSError:
    refused = True
print(json.dumps([same, refused]))
`,
  );
  expect(answer).toEqual([true, true]);
});

test.skipIf(!python)('the caller’s token follows no redirect', async () => {
  const answer = await run(
    python,
    `
from http.server import BaseHTTPRequestHandler, HTTPServer
seen = []
class Elsewhere(BaseHTTPRequestHandler):
    def do_POST(self):
        seen.append(self.path)
        self.send_response(302)
        self.send_header("Location", "/stolen")
        self.end_headers()
    do_GET = do_POST
    def log_message(self, *_):
        pass
server = HTTPServer(("127.0.0.1", 0), Elsewhere)
threading.Thread(target=server.serve_forever, daemon=True).start()
try:
    create(f"http://127.0.0.1:{server.server_port}").get_token(SCOPE)
except BrokerRefusal as error:
    print(json.dumps([error.status, len(seen)]))
`,
  );
  expect(answer).toEqual([302, 1]);
});
