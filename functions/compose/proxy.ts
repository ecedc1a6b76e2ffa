import { totalmem } from 'node:os';
import { constrainedMemory } from 'node:process';
import type { AdmitCaller } from '../../shared/admit-caller.ts';
import type { RecordEvent } from '../../shared/audit/record-event.ts';
import type { Config } from '../../shared/config.ts';
import { createForward } from '../../shared/defender/forward.ts';
import { createSendWhole } from '../../shared/defender/send-whole.ts';
import { createByteBudget } from '../../shared/proxy/byte-budget.ts';
import { type CallApi, createCallApi } from '../../shared/proxy/call-api.ts';
import { createCallBudget } from '../../shared/proxy/call-budget.ts';
import type { GetConsentUrl } from '../../shared/tenants/consent-url.ts';
import type { Observer } from './observer.ts';
import type { Storage } from './storage.ts';
import type { Tokens } from './tokens.ts';

const { now } = Date;

/** On a large machine too: the garbage collector has to keep up. */
const MAX_BUDGET_BYTES = 256 * 1024 * 1024;

/** Wires the proxy. */
export function composeProxy(
  { apiUrls, incidentSource }: Config,
  parts: {
    storage: Storage;
    tokens: Tokens;
    observer: Observer;
    admit: AdmitCaller;
    recordEvent: RecordEvent;
    getConsentUrl: GetConsentUrl;
  },
): CallApi {
  const { storage, tokens, observer, admit, recordEvent, getConsentUrl } = parts;
  return createCallApi({
    admit,
    broker: tokens.broker,
    forward: createForward({ send: createSendWhole(), trace: observer.trace, apiUrls }),
    recordEvent,
    calls: createCallBudget({
      records: storage.apiCalls,
      syncStates: storage.syncStates,
      defaultSource: incidentSource,
      now,
    }),
    bytes: createByteBudget(toBudget()),
    getConsentUrl,
    metrics: observer.metrics,
    log: observer.log,
  });
}

/** A quarter of the instance's memory. */
function toBudget(): number {
  const limit = constrainedMemory() || Number.POSITIVE_INFINITY;
  return Math.min(Math.min(limit, totalmem()) / 4, MAX_BUDGET_BYTES);
}
