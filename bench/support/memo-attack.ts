import { randomInt, randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import { isAudienceOf } from '../../shared/resources/resource.ts';
import type { BrokeredToken } from '../../shared/tokens/brokered-token.ts';
import type { TokenKey } from '../../shared/tokens/token-record.ts';
import { createSimulatedClock } from '../../test/support/simulated-clock.ts';
import { RESOURCES } from './access-token.ts';
import { type Asked, type AttackedStorage, createAttackedStorage } from './attacked-storage.ts';
import { createBenchBroker } from './broker.ts';
import { createExchangeProcess, type ExchangeProcess } from './exchange-process.ts';
import { createFaultyEntra, pick } from './faulty-entra.ts';
import { createMemoryTokenStore } from './memory-store.ts';

const PROCESSES = 3;
const CONCURRENT = 16;
const SECOND = 1000;

/** From the decision to the answer, storage being asked once more meanwhile. */
const ON_THE_WAY_MS = 500;

/** Requests; ten milliseconds lie between two of them. */
const QUIET_FOR = 15_000;

/** A clock that was set back lets what was noted before count for so much longer, for a while. */
const SLACK_LASTS_MS = 90 * SECOND;

/** What went in and what came out. */
export interface AttackTally {
  answered: number;
  refused: number;
  /** Answers from the memo. */
  remembered: number;
  wrongTenant: number;
  /** Answers that the rows had refused for longer than five seconds. */
  late: number;
  /** Tokens that had ended, or had less life left than was asked for. */
  ended: number;
  /** Tokens that left before they were in the ledger, or after an API had refused them. */
  unrecorded: number;
  entraCalls: number;
  wrongFromEntra: number;
}

interface AttackedProcess extends ExchangeProcess {
  readonly now: () => number;
  /** Sets the clock; Entra's answers are taken for the right time. */
  readonly jump: () => void;
  readonly slackMs: () => number;
  /** An API has refused the token that this process holds. */
  readonly refuse: (key: TokenKey) => Promise<void>;
  readonly isUnrecorded: (callerId: string, token: BrokeredToken) => boolean;
}

/** Asks so often while grants, tenants, tokens, clocks and storage change. */
export async function attackMemo(requests: number): Promise<AttackTally> {
  const clock = createSimulatedClock(Date.now());
  const tenantIds = Array.from({ length: 12 }, () => randomUUID());
  const callerIds = Array.from({ length: 3 }, () => randomUUID());
  const keys = tenantIds.flatMap((tenantId): TokenKey[] => [
    { tenantId, resource: 'defender-xdr' },
    { tenantId, resource: 'graph' },
  ]);
  const tally: AttackTally = {
    ...{ answered: 0, refused: 0, remembered: 0, wrongTenant: 0, late: 0, ended: 0 },
    ...{ unrecorded: 0, entraCalls: 0, wrongFromEntra: 0 },
  };
  const storage = createAttackedStorage({ callerIds, tenantIds, ...clock });
  const processes = createProcesses({ keys, tally, storage, clock });
  let left = requests;
  let working = CONCURRENT;
  const work = async () => {
    while (left-- > 0) {
      await clock.sleep(randomInt(20 * CONCURRENT));
      await disturb(left, { processes, storage, keys, clock });
      const roles = randomInt(50) === 0 ? [] : (['Tokens.Issue'] as const);
      await ask(
        pick(processes),
        { callerId: pick(callerIds), roles, key: pick(keys) },
        { storage, tally },
      );
    }
    working--;
  };
  const all = Promise.all(Array.from({ length: CONCURRENT }, work));
  await Promise.race([all, clock.run(() => working === 0)]);
  await all;
  tally.remembered = processes.reduce((sum, one) => sum + one.countRemembered(), 0);
  return tally;
}

type Clock = ReturnType<typeof createSimulatedClock>;

interface Attack {
  readonly processes: readonly AttackedProcess[];
  readonly storage: AttackedStorage;
  readonly keys: readonly TokenKey[];
  readonly clock: Clock;
}

/** What happens between two requests, each at a pace of its own. */
async function disturb(left: number, { processes, storage, keys, clock }: Attack): Promise<void> {
  // Only where nobody moves the epoch is the age of records what ends an entry.
  const isQuiet = Math.floor(left / QUIET_FOR) % 2 === 1;
  if (left % (isQuiet ? 3000 : 400) === 0) storage.change(isQuiet ? 'unannounced' : 'any');
  if (left % 3000 === 1) pick(processes).jump();
  if (left % 2000 === 2) await pick(processes).refuse(pick(keys));
  if (left % 20_000 !== 3) return;
  storage.setDown(true);
  await clock.sleep(randomInt(30) * SECOND);
  storage.setDown(false);
}

function createProcesses({
  keys,
  tally,
  storage,
  clock,
}: Pick<Attack, 'keys' | 'storage' | 'clock'> & { tally: AttackTally }) {
  const tokens = createMemoryTokenStore();
  const wait = (isHanging: boolean) => clock.sleep(isHanging ? 8 * SECOND : randomInt(500));
  const requestToken = createFaultyEntra(keys, tally, { wait, now: clock.now });
  return Array.from({ length: PROCESSES }, (): AttackedProcess => {
    let [offset, slack, slackUntil] = [0, 0, 0];
    const recorded = new Set<string>();
    const now = () => clock.now() + offset;
    // As after an answer of Entra, whose clock goes right.
    const toEntraTime = (at: number) => at - offset;
    const broker = createBenchBroker({ tokens, requestToken, now: clock.now });
    const recordIssuance = async (callerId: string, tokenHash: string) => {
      await clock.sleep(randomInt(50));
      recorded.add(`${callerId}|${tokenHash}`);
    };
    const parts = { ...storage, broker, recordIssuance, now, toEntraTime };
    const refused = new Set<string>();
    return {
      ...createExchangeProcess(parts),
      now: clock.now,
      jump() {
        const ms = pick([-3600, -90, -3, -1, 2, 5, 61, 600]) * SECOND;
        offset += ms;
        const isSmall = ms < 0 && ms > -10 * SECOND;
        slack = (clock.now() < slackUntil ? slack : 0) + (isSmall ? -ms : 0);
        slackUntil = clock.now() + SLACK_LASTS_MS;
      },
      slackMs: () => (clock.now() < slackUntil ? slack : 0),
      async refuse(key) {
        const held = broker.findHeld(key)?.token;
        const other = held && (await broker.replace(held).catch(() => held));
        if (held && other && other.accessToken !== held.accessToken) refused.add(held.tokenHash);
      },
      isUnrecorded: (callerId, { tokenHash }) =>
        refused.has(tokenHash) || !recorded.has(`${callerId}|${tokenHash}`),
    };
  });
}

async function ask(
  process: AttackedProcess,
  asked: Asked,
  { storage, tally }: { storage: AttackedStorage; tally: AttackTally },
): Promise<void> {
  const { callerId, roles, key } = asked;
  const caller = { id: callerId, kind: 'application', roles } as const;
  const minTtlMs = randomInt(4) === 0 ? 30 * SECOND : 0;
  const request = { caller, tenant: key.tenantId, resource: key.resource, minTtlMs };
  try {
    // In front of every route; what the memo promises it has to keep by itself, too.
    if (randomInt(2) === 0) await process.check(caller);
    const token = await process.serve({ ...request, correlationId: '' });
    tally.answered++;
    const { tid, aud } = decodeJwt(token.accessToken);
    const isRight = tid === key.tenantId && isAudienceOf(RESOURCES[key.resource], String(aud));
    if (!isRight) tally.wrongTenant++;
    if (storage.isRefusedForLong(asked, process.slackMs())) tally.late++;
    const life = token.expiresAt - process.now() + ON_THE_WAY_MS;
    if (life <= 0 || (!token.degraded && life < minTtlMs)) tally.ended++;
    if (process.isUnrecorded(callerId, token)) tally.unrecorded++;
  } catch {
    tally.refused++;
  }
}
