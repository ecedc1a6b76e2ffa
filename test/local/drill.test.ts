import { afterAll, test } from 'vitest';
import { DRILLS } from '../../local/drill/drills.ts';
import { playDrill } from '../../local/drill/run-drills.ts';
import { startStorage } from '../../local/drill/storage.ts';

const FAST = DRILLS.filter(({ fast }) => fast);

// Not the run's Azurite: a drill moves its clock.
const storage = await startStorage({ persist: false });
afterAll(storage.close);

test.each(FAST)('$situation: $promise', async (drill) => {
  await playDrill(drill, storage);
});
