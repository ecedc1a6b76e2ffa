import type { Journal } from './journal.ts';

/**
 * Records an act after it took effect and before it is answered: a switch works even if the ledger
 * does not.
 */
export type RecordEvent = Journal['record'];
