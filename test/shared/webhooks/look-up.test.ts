import { afterAll, expect, test } from 'vitest';
import { createLookUp } from '../../../shared/webhooks/target/look-up.ts';
import { startNameServer } from '../../support/name-server.ts';

const FOUR = [93, 184, 215, 14];
const SIX = [0x26, 0x06, 0x47, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x11, 0x11];
const server = await startNameServer({
  'both.example': { A: FOUR, AAAA: SIX },
  'four.example': { A: FOUR },
  'six.example': { AAAA: SIX },
  'none.example': {},
});
afterAll(server.stop);
const lookUp = createLookUp({ servers: [server.address], timeoutMs: 300 });
const four = { address: '93.184.215.14', family: 4 };
const six = { address: '2606:4700::1111', family: 6 };

test.each([
  ['both.example', [four, six]],
  ['four.example', [four]],
  ['six.example', [six]],
])('%s has every address of its records', async (name, addresses) => {
  expect(await lookUp(name)).toEqual(addresses);
});

test('a name without addresses is not found', async () => {
  await expect(lookUp('none.example')).rejects.toMatchObject({ code: 'ENODATA' });
});

test("a name whose servers say nothing is given up, and holds up nobody's lookup", async () => {
  const silent = Array.from({ length: 20 }, (_, n) => lookUp(`${n}.silent.example`));
  const given = Promise.allSettled(silent);
  expect(await Promise.race([given, lookUp('four.example')])).toEqual([four]);
  const reasons = (await given).map((one) => one.status === 'rejected' && one.reason.code);
  expect(new Set(reasons)).toEqual(new Set(['ECANCELLED']));
});
