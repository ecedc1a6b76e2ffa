import { expect, test } from 'vitest';
import type { ApiAnswer, Forward } from '../../../shared/proxy/api-answer.ts';
import { createByteBudget } from '../../../shared/proxy/byte-budget.ts';
import {
  type CallApiParts,
  createCallApi,
  type ProxiedCall,
} from '../../../shared/proxy/call-api.ts';
import { joinPieces } from '../../../shared/proxy/whole-body.ts';
import type { BrokeredToken } from '../../../shared/tokens/brokered-token.ts';
import { createRecordedLog } from '../../support/log.ts';

const TENANT = '3d402cef-0b0b-472e-ab20-cfc1f2bc6e7f';

const toToken = (accessToken: string) => ({ accessToken }) as BrokeredToken;

const toAnswer = (status: number): ApiAnswer => ({
  status,
  headers: new Headers(),
  location: undefined,
  basePath: '',
  body: joinPieces([]),
});

/** A proxy whose stored token is `old`; the API accepts only these tokens. */
function setUp({ accepted = [] as string[], fresh = 'fresh', admissions = Infinity } = {}) {
  const sent: string[] = [];
  let admitted = 0;
  const noted: number[] = [];
  const forward: Forward = ({ accessToken }) => {
    sent.push(accessToken);
    return Promise.resolve(toAnswer(accepted.includes(accessToken) ? 200 : 401));
  };
  const parts = {
    admit: () =>
      admitted++ >= admissions
        ? Promise.reject(new Error('denied'))
        : Promise.resolve({ tenant: { tenantId: TENANT }, rule: 'all' }),
    broker: {
      getToken: () => Promise.resolve(toToken('old')),
      replace: () => Promise.resolve(toToken(fresh)),
    },
    forward,
    recordEvent: () => Promise.resolve(),
    calls: {
      take: async () => {},
      note: async (_: unknown, { status }: ApiAnswer) => void noted.push(status),
    },
    bytes: createByteBudget(1024 * 1024),
    getConsentUrl: async () => undefined,
    metrics: { count: () => {}, observe: () => {} },
    log: createRecordedLog(),
  } as unknown as CallApiParts;
  const call = {
    caller: { id: 'tool' },
    tenant: TENANT,
    resource: 'graph',
    method: 'GET',
    path: { path: '/v1.0/x', segments: ['v1.0', 'x'], query: '' },
    headers: {},
    body: undefined,
    correlationId: 'c',
  } as unknown as ProxiedCall;
  return { sent, noted, ask: () => createCallApi(parts)(call) };
}

test('a token that the API refuses is replaced by one fresh token, and the call is sent again', async () => {
  const { ask, sent, noted } = setUp({ accepted: ['fresh'] });
  expect((await ask()).answer.status).toBe(200);
  expect([sent, noted]).toEqual([['old', 'fresh'], [200]]);
});

test('a fresh token that is refused, too, is not replaced again', async () => {
  const { ask, sent } = setUp();
  expect((await ask()).answer.status).toBe(401);
  expect(sent).toEqual(['old', 'fresh']);
});

test('where there is no fresher token the call is not sent again', async () => {
  const { ask, sent } = setUp({ fresh: 'old' });
  expect((await ask()).answer.status).toBe(401);
  expect(sent).toEqual(['old']);
});

test('who loses the right while the token or memory is waited for calls nothing', async () => {
  const { ask, sent } = setUp({ accepted: ['old'], admissions: 1 });
  await expect(ask()).rejects.toThrow('denied');
  expect(sent).toEqual([]);
});

test('who loses it while a refused token is replaced does not call again', async () => {
  const { ask, sent } = setUp({ accepted: ['fresh'], admissions: 2 });
  await expect(ask()).rejects.toThrow('denied');
  expect(sent).toEqual(['old']);
});
