import { stripVTControlCharacters } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import {
  type DemoEnvironment,
  flip,
  openPrivateEnvironment,
  openRunningEnvironment,
} from '../../local/demo/environment.ts';
import { createLoopbackFetch } from '../../local/demo/http.ts';
import { runDemo } from '../../local/demo/run-demo.ts';
import { serve } from '../../local/serve.ts';

const { close, ...sandbox } = await openPrivateEnvironment();
afterAll(close);
const environment: DemoEnvironment = { ...sandbox, close: () => Promise.resolve() };

/**
 * Plays in the sandbox of this file, or where told; answers the exit code and what was printed,
 * colours aside.
 */
async function play({
  open = () => Promise.resolve(environment),
  signal = new AbortController().signal,
  onWrite = (_text: string) => {},
} = {}): Promise<{ code: number; output: string }> {
  const printed: string[] = [];
  const write = (text: string) => {
    printed.push(text);
    onWrite(text);
  };
  const code = await runDemo({ open, write, writeError: write, signal });
  return { code, output: stripVTControlCharacters(printed.join('')) };
}

// Half of it is waiting for roles and for a token's end, so it is played once and looked at by
// several tests.
const { code, output } = await play();

test('every step of the story is shown and holds', () => {
  expect(output.match(/\d+\/17 .*?(?= …)/g)).toEqual([
    "1/17  Getting the operator's token",
    '2/17  Inviting Contoso, Fabrikam and Adatum',
    "3/17  Contoso's admin consents",
    "4/17  Fabrikam's admin consents by the older authorize link",
    "5/17  Adatum's admin consents; Microsoft applies the roles late",
    '6/17  Getting the token of each customer',
    "7/17  Reading each customer's incidents from Defender",
    "8/17  Refreshing Fabrikam's token by the timer",
    "9/17  Finding out that Contoso's consent was revoked",
    "10/17  Contoso's admin consents again by that link",
    '11/17  Hunting at all customers; Adatum has no mail product',
    "12/17  Syncing all incidents, Fabrikam's through Graph",
    '13/17  Microsoft throttles Adatum; Contoso has a new incident',
    '14/17  Reading from the feed what happened',
    "15/17  Changing an incident of Fabrikam's at Microsoft",
    '16/17  Telling it to a receiver of webhooks, signed',
    '17/17  An agent resolves incidents by MCP, and meets no token',
  ]);
  expect(output.match(/done \(/g)).toHaveLength(17);
  expect(output).toMatch(/\n\nEvery step held, in \d+\.\d s\.\n$/);
  expect(code).toBe(0);
});

test('the steps say what they found', () => {
  expect(output).toContain('Look 1: verifying, the roles are not there; next look in');
  expect(output).toMatch(/Token \S{8} is \S{8} now, issued \d+\.\d s before anybody asked/);
  expect(output).toContain('409 consent_required, the customer has to act');
  expect(output).toContain('Fabrikam and Adatum go on as before');
});

test('a receiver verifies what it is told, and refuses a copy that was changed', () => {
  const [, change] = output.match(/Change (\d+): updated 1001 of Fabrikam/) ?? [];
  expect(output).toContain(
    `Notification 1, signature verified: change ${change}, updated 1001\n` +
      '       The same with another number and the old signature: refused\n',
  );
});

test('an agent works for two customers and meets no token', () => {
  expect(output).toMatch(/Contoso {2}\d+ incidents found, \d+ resolved/);
  expect(output).toMatch(/Fabrikam \d+ incidents found, \d+ resolved/);
  expect(output).toContain('MCP of 2026-07-28: list_customers: ');
  expect(output).toContain('MCP of 2025-11-25: list_customers: ');
  expect(output).toContain('No answer held a token');
});

test('the table has each customer with its token and incidents', () => {
  const rows = output.matchAll(/^ {2}(\w+) +(\w+) +\S{8} +\d+ s +(\d)\n +[0-9a-f-]{36}$/gm);
  expect([...rows].map(([, ...cells]) => cells)).toEqual([
    ['Contoso', 'active', '5'],
    ['Fabrikam', 'active', '5'],
    ['Adatum', 'active', '5'],
  ]);
});

test('another table has each customer with its sync', () => {
  const rows = output.matchAll(/^ {2}(\w+) +(defender-xdr|graph) +(\d+) +\S{19} +\d+ s +\d+$/gm);
  expect([...rows].map(([, ...cells]) => cells)).toEqual([
    ['Contoso', 'defender-xdr', '13'],
    ['Fabrikam', 'graph', '12'],
    ['Adatum', 'defender-xdr', '12'],
  ]);
});

test('a third table has each customer with its part of the hunt', () => {
  const rows = output.matchAll(
    /^ {2}(\S+) +(complete|not_available) +(\d+) +1 +\d+ ms(?: +(\w+))?$/gm,
  );
  const cells = [...rows].map(([, name, verdict, count, owner]) => [
    name,
    verdict,
    count !== '0',
    owner,
  ]);
  expect(cells.toSorted()).toEqual([
    ['adatum.example', 'not_available', false, 'customer'],
    ['contoso.example', 'complete', true, undefined],
    ['fabrikam.example', 'complete', true, undefined],
  ]);
  expect(output).toMatch(/3 of 3 customers, [1-9]\d* rows/);
});

test('nothing secret is printed, and no line is longer than a terminal', () => {
  expect(output).not.toMatch(/eyJ|Bearer|\/consent\//);
  expect(output.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

test('a step that does not hold says what was expected and what came', async () => {
  const fetch = createLoopbackFetch(AbortSignal.timeout(5000));
  await flip(fetch, environment, 'throttle?tenant=contoso.example');
  expect(await play()).toEqual({
    code: 1,
    output: expect.stringMatching(
      / 3\/17 {2}Contoso's admin consents … failed\n\nExpected: a page with .*\nGot: Please try again in a minute\n$/,
    ),
  });
});

test('Ctrl+C ends it with one sentence', async () => {
  const controller = new AbortController();
  const onWrite = (text: string) => text.includes(' 2/17') && controller.abort('SIGINT');
  expect(await play({ signal: controller.signal, onWrite })).toEqual({
    code: 130,
    output: expect.stringMatching(/Adatum … stopped\n\nThe demo was stopped before its end\.\n$/),
  });
});

test('a sandbox that does not run is named', async () => {
  const { url, stop } = await serve(() => new Response());
  await stop();
  const where = { brokerUrl: url, microsoftUrl: url };
  const open = () => openRunningEnvironment(where, AbortSignal.timeout(5000));
  expect(await play({ open })).toEqual({
    code: 1,
    output: `\n${url} does not answer: no sandbox runs there, or it was stopped.\n`,
  });
});
