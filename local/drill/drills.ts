import type { Drill } from './drill.ts';
import { clockSkew, clockSkewLease } from './drills/clocks.ts';
import { consentRevoked, roleDropped, roleLag } from './drills/consent.ts';
import { secretExpired, vaultDown, wrongSecret } from './drills/credential.ts';
import { entraDown, entraThrottles, entraThrottlesAll, slowEntra } from './drills/entra.ts';
import { feedWriter } from './drills/feed-writer.ts';
import { ledgerWriter } from './drills/ledger-writer.ts';
import { oddAnswer, unknownError } from './drills/odd-answers.ts';
import { holderKilled, holderPaused, killSwitch, twoTimers } from './drills/processes.ts';
import { poisonMessage, tableRestart } from './drills/storage.ts';
import { storageWriter } from './drills/storage-writer.ts';

/** Every drill, in the order in which they are run. */
export const DRILLS: readonly Drill[] = [
  entraThrottles,
  entraThrottlesAll,
  entraDown,
  slowEntra,
  oddAnswer,
  unknownError,
  vaultDown,
  secretExpired,
  wrongSecret,
  consentRevoked,
  roleDropped,
  roleLag,
  tableRestart,
  poisonMessage,
  storageWriter,
  ledgerWriter,
  feedWriter,
  holderKilled,
  holderPaused,
  twoTimers,
  killSwitch,
  clockSkew,
  clockSkewLease,
];
