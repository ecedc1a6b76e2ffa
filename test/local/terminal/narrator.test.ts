import { describe, expect, it } from 'vitest';
import type { HostLogEntry } from '../../../local/host/host-log.ts';
import { createNarrator } from '../../../local/terminal/narrator.ts';

const NAMES = {
  tenant: (id: unknown) => (id === 't' ? 'Fabrikam' : `tenant ${id}`),
  caller: (id: unknown) => (id === 'c' ? 'The operator' : 'Somebody'),
};

function setUp() {
  let time = 0;
  const narrate = createNarrator({ names: NAMES, now: () => time });
  const tell = (event: object | string, level: HostLogEntry['level'] = 'information') => {
    const message = typeof event === 'string' ? event : JSON.stringify(event);
    return narrate({ time, level, category: 'Host', message })?.text;
  };
  const pass = (ms: number) => {
    time += ms;
  };
  return { narrate, tell, pass };
}

describe('a line of the log', () => {
  it.each([
    [{ event: 'tenant.status', tenant: 't', to: 'active' }, 'Fabrikam is active: fresh'],
    [{ event: 'tenant.status', tenant: 't', to: 'consent_revoked' }, 'Fabrikam withdrew its'],
    [
      {
        event: 'request.completed',
        route: 'issueToken',
        caller: 'c',
        tenant: 't',
        source: 'entra',
      },
      'The operator got a defender-xdr token of Fabrikam, from Entra.',
    ],
    [
      { event: 'request.completed', route: 'patchIncident', caller: 'c', tenant: 't' },
      'The operator changed an incident of Fabrikam.',
    ],
    [
      { event: 'request.completed', route: 'createInvitation', caller: 'c', tenant: 't' },
      'The operator made an invitation for Fabrikam.',
    ],
    [
      {
        ...{ event: 'request.refused', route: 'issueToken', caller: 'c', tenant: 't' },
        ...{ status: 409, error: 'consent_required', owner: 'customer' },
      },
      'The operator asked for a token for Fabrikam: 409 consent_required, the customer has to act.',
    ],
    [{ event: 'refresh.batch', refreshed: 1, failed: 0 }, 'The timer renewed 1 token.'],
    [{ event: 'refresh.batch', refreshed: 3, failed: 2 }, '2 tokens could not be renewed'],
    [{ event: 'webhook.run', delivered: 2 }, '2 webhooks delivered.'],
  ])('%j is told in plain words', (event, text) => {
    expect(setUp().tell(event)).toMatch(text);
  });

  it.each([
    [{ event: 'request.completed', route: 'listTenants', caller: 'c' }],
    [{ event: 'request.completed', route: 'issueToken', caller: 'c', source: 'memory' }],
    [{ event: 'run.completed', function: 'syncIncidents', kind: 'timer' }],
    [{ event: 'refresh.batch', refreshed: 0, failed: 0 }],
    [{ event: 'credential.in_use', kind: 'secret', reason: 'first' }],
    [{ event: 'webhook.run', delivered: 0 }],
    [{ event: 'metrics', series: [] }],
    ["Executing 'Functions.issueToken'"],
  ])('%j is not worth a line', (event) => {
    expect(setUp().tell(event)).toBeUndefined();
  });

  it('that warns of what nobody foresaw is told with its fields, but without ids', () => {
    const { tell } = setUp();
    const event = { event: 'new.event', tenant: 't', reason: 'odd', correlation_id: 'x' };

    expect(tell(event)).toBeUndefined();
    expect(tell(event, 'warning')).toBe('new.event for Fabrikam, reason odd');
    expect(tell('{"broken', 'error')).toBe('{"broken');
  });

  it("of the host is told when it is an error, unless the app's own line says the same", () => {
    const { narrate, tell } = setUp();
    const executed = {
      time: 0,
      level: 'error',
      category: 'Function.f',
      message: 'Failed',
    } as const;

    expect(narrate(executed)).toBeUndefined();
    expect(tell('Queue is gone\n  at stack', 'warning')).toBe('Queue is gone');
  });
});

describe('what happens again', () => {
  it('is told once in half a minute', () => {
    const { tell, pass } = setUp();
    const event = { event: 'tenant.status', tenant: 't', to: 'active' };

    const told = [tell(event), tell(event)];
    pass(30_000);

    expect([...told, tell(event)].map((text) => text !== undefined)).toEqual([true, false, true]);
  });

  it('to the incidents of a customer is told at its beginning and its end', () => {
    const { tell, pass } = setUp();
    const failed = {
      event: 'sync.failed',
      tenant: 't',
      problem: 'throttled',
      retry_in_seconds: 60,
    };
    const read = { event: 'sync.tenant', tenant: 't', changed: 1 };

    const told = [tell(read), tell(failed, 'warning')];
    pass(60_000);

    expect([...told, tell(failed, 'warning'), tell(read), tell(read)]).toEqual([
      undefined,
      "The incidents of Fabrikam can't be read (throttled); tried again in 60 s.",
      undefined,
      'The incidents of Fabrikam can be read again.',
      undefined,
    ]);
  });
});
