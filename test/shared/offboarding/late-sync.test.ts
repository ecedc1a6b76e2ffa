import { expect, test } from 'vitest';
import { createSyncState } from '../../../shared/incidents/sync/sync-state.ts';
import { refuseLateSync } from '../../../shared/offboarding/late-writes.ts';
import { TENANT } from '../../support/tokens.ts';
import { createMemoryStates } from '../incidents/memory.ts';
import { interleave, MOMENTS } from './set-up.ts';

test.each(MOMENTS)(
  'a first sync leaves no state when the offboarding comes right %s its write',
  async (moment) => {
    const states = createMemoryStates();
    let tombstone: string | undefined;
    const offboard = async () => {
      tombstone = 'some';
      await states.remove(TENANT);
    };
    const raw = interleave(states, 'insert', [moment, offboard]);
    const guarded = refuseLateSync(raw, () => Promise.resolve(tombstone));
    await expect(guarded.insert(createSyncState(TENANT))).rejects.toThrow('was offboarded');
    expect(await states.find(TENANT)).toBeUndefined();
  },
);

test('a tenant that stands gets its first state', async () => {
  const states = createMemoryStates();
  const guarded = refuseLateSync(states, () => Promise.resolve(undefined));
  expect(await guarded.insert(createSyncState(TENANT))).toBeDefined();
});
