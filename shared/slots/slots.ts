import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout } from 'node:timers/promises';
import { createLanes, type LaneClock, type LaneSizes, type Lanes } from './lanes.ts';
import type { Occupant } from './occupant.ts';

/*
 * Works that call other people's servers share the slots of this process. A work whose call takes
 * longer than calls usually take hands its slot to the next one that waits, and asks for a slot
 * again when the answer has come. So a server that hangs for some tenants delays the others only
 * by the time after which the broker knows that a call is slow.
 *
 * Example: 24 slots, and calls usually take 300 ms. A call that has no answer after 450 ms leaves
 * its slot. When 72 such calls wait and another work needs room, the one that has waited longest
 * is stopped, and fails as if its server had not answered in time.
 *
 * This does not promise that a slow call ends: where nobody needs room, it has all its time.
 */

/** The slots of one kind of work. */
export interface Slots {
  /**
   * Runs a work in a slot, when there is one; works begin in the order of the calls. Where no slot
   * comes in three minutes, it runs `orElse` instead.
   */
  run<R>(work: () => Promise<R>, orElse: () => Promise<R>): Promise<R>;
}

/** Everything about slots that is wired once in a process. */
export interface SlotControl {
  createSlots(sizes: LaneSizes): Slots;
  /**
   * Calls another server. A work's slot is free meanwhile, if that takes long; `signal` stops a
   * call whose place others need.
   */
  callOutside<R>(call: (signal: AbortSignal | undefined) => Promise<R>): Promise<R>;
  /** The same fetch, each of whose requests is a call outside up to the head of its answer. */
  withSlots(fetch: Fetch): Fetch;
}

type Fetch = typeof globalThis.fetch;

/** The slot that a work runs in, and the lanes that it belongs to. */
interface Current {
  readonly lanes: Lanes;
  readonly occupant: Occupant;
}

/** Creates the control of a process's slots. */
export function createSlotControl({
  now = Date.now,
  sleep = sleepUnheld,
}: Partial<LaneClock> = {}): SlotControl {
  const storage = new AsyncLocalStorage<Current>();

  const callOutside: SlotControl['callOutside'] = async (call) => {
    const current = storage.getStore();
    if (!current) return await call(undefined);
    const { lanes, occupant } = current;
    lanes.beginCall(occupant);
    try {
      return await call(occupant.stop.signal);
    } finally {
      await lanes.endCall(occupant);
    }
  };

  return {
    createSlots(sizes) {
      const lanes = createLanes(sizes, { now, sleep });
      return {
        async run(work, orElse) {
          const occupant = await lanes.enter();
          if (!occupant) return await orElse();
          try {
            return await storage.run({ lanes, occupant }, work);
          } finally {
            lanes.leave(occupant);
          }
        },
      };
    },
    callOutside,
    withSlots: (fetch) => (input, init) =>
      callOutside((signal) => fetch(input, signal ? withSignal(init, signal) : init)),
  };
}

function withSignal(init: RequestInit | undefined, signal: AbortSignal): RequestInit {
  return { ...init, signal: init?.signal ? AbortSignal.any([init.signal, signal]) : signal };
}

/** Keeps no process alive: works that run do. */
function sleepUnheld(ms: number): Promise<void> {
  return setTimeout(ms, undefined, { ref: false });
}
