import type { Config } from '../../shared/config.ts';
import { createRefresher } from '../../shared/refresh/refresh.ts';
import type { Observer } from './observer.ts';
import { SLOT_SIZES } from './slot-sizes.ts';
import type { Storage } from './storage.ts';
import type { Tokens } from './tokens.ts';

/** Wires the scheduled refresh. */
export function composeRefresher(
  { incidentSource }: Config,
  { storage, tokens, observer }: { storage: Storage; tokens: Tokens; observer: Observer },
) {
  return createRefresher({
    tenants: storage.tenants,
    tokens: storage.tokens,
    directory: tokens.directory,
    broker: tokens.broker,
    watch: tokens.watch,
    syncResource: incidentSource,
    enqueue: storage.enqueueRefresh,
    enqueueVerification: storage.enqueueVerification,
    resealRows: tokens.resealRows,
    slots: observer.slotControl.createSlots(SLOT_SIZES.refresh),
    metrics: observer.metrics,
    log: observer.log,
    now: observer.entraNow,
  });
}
