import { expect, test, vi } from 'vitest';
import type { Caller } from '../../../shared/callers/caller.ts';
import { createCheckCaller, withCheck } from '../../../shared/callers/check-caller.ts';
import type { Grants } from '../../../shared/callers/grants.ts';

const CALLER: Caller = { id: 'caller', kind: 'application', roles: [] };
const GRANTS: Grants = {
  callerId: 'caller',
  displayName: undefined,
  mode: 'audit',
  rules: [],
  createdAt: 0,
  updatedAt: 0,
};

function setUp(known: Grants | undefined | Promise<Grants | undefined>, current?: Promise<void>) {
  const noteCaller = vi.fn();
  const grants = { get: vi.fn((_id: string) => known) };
  const checkCaller = createCheckCaller({
    epoch: { ensureCurrent: () => current },
    grants,
    noteCaller,
  });
  return { checkCaller, grants, noteCaller };
}

test('from memory a caller is let in without waiting, and noted', () => {
  const { checkCaller, noteCaller } = setUp(GRANTS);
  expect(checkCaller(CALLER)).toBeUndefined();
  expect(withCheck(() => CALLER, checkCaller)('Bearer x')).toBe(CALLER);
  expect(noteCaller).toHaveBeenCalledWith('caller');
});

test('a caller without a record is let in: its app roles decide', () => {
  expect(setUp(undefined).checkCaller(CALLER)).toBeUndefined();
});

test('a blocked caller is refused and not noted, from memory or not', async () => {
  const blocked = { ...GRANTS, blocked: true };
  for (const known of [blocked, Promise.resolve(blocked)]) {
    const { checkCaller, noteCaller } = setUp(known);
    const authenticate = withCheck(() => Promise.resolve(CALLER), checkCaller);
    await expect(authenticate('Bearer x')).rejects.toMatchObject({ code: 'caller_blocked' });
    expect(noteCaller).not.toHaveBeenCalled();
  }
});

test.each([
  ['from memory', (grants: Grants) => grants],
  ['from storage', (grants: Grants) => Promise.resolve(grants)],
])(
  'a person is refused who calls through an application that is blocked, %s',
  async (_, answer) => {
    const person: Caller = { id: 'person', kind: 'user', roles: [], clientId: 'agent' };
    const { grants, checkCaller } = setUp(undefined);
    grants.get.mockImplementation((id) => answer({ ...GRANTS, blocked: id === 'agent' }));
    const authenticate = withCheck(() => Promise.resolve(person), checkCaller);
    await expect(authenticate('Bearer x')).rejects.toMatchObject({ code: 'caller_blocked' });
    await expect(
      withCheck(() => Promise.resolve({ ...person, clientId: 'other' }), checkCaller)('Bearer x'),
    ).resolves.toMatchObject({ id: 'person' });
  },
);

test('what is remembered is used only after the epoch was seen', async () => {
  const seen = Promise.withResolvers<void>();
  const { checkCaller, grants } = setUp(GRANTS, seen.promise);
  const checking = checkCaller(CALLER);
  expect(grants.get).not.toHaveBeenCalled();
  seen.resolve();
  await checking;
  expect(grants.get).toHaveBeenCalledTimes(1);
});

test('nobody is let in while it can not be read', async () => {
  const { checkCaller } = setUp(Promise.reject(new Error('down')));
  await expect(checkCaller(CALLER)).rejects.toThrow('down');
});
