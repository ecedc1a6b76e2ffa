import type { Customer } from '../../sandbox/customers.ts';
import type { Broker } from '../broker.ts';
import type { Drill } from '../drill.ts';
import { type DrillEnvironment, MINUTE, SECOND } from '../environment.ts';
import { expectAnswer, expectBetween, expectSame } from '../expect.ts';
import { untilHeld } from './until-held.ts';

const SKEW = 4 * MINUTE;

export const clockSkew: Drill = {
  name: 'clock-skew',
  situation: 'one process is four minutes ahead of Entra, another four behind',
  promise:
    'every token that either hands out works, whoever fetched it, also when one goes away and no timer runs; a customer costs no more requests than with right clocks',
  run: async (environment) => {
    const ahead = await environment.startBroker({ skewMs: SKEW });
    const behind = await environment.startBroker({ skewMs: -SKEW });
    const customers = [];
    for (const name of NAMES) customers.push(await environment.onboard(ahead, name));
    environment.forgetRequests();
    await readForAnHour(environment, { timer: behind, readers: [ahead, behind], customers });
    await readForAnHour(environment, { timer: ahead, readers: [ahead, behind], customers });
    await ahead.kill();
    await readForAnHour(environment, { timer: undefined, readers: [behind], customers });
    for (const customer of customers) {
      const asked = environment.countRequests(customer);
      expectBetween('the requests to Entra of a customer in three hours', asked, [3, 6]);
    }
  },
};

const NAMES = ['Contoso', 'Fabrikam', 'Adatum', 'Wingtip', 'Litware'];

/** Reads every minute, and shows every token to Defender, whose clock is Entra's. */
async function readForAnHour(
  { pass, microsoft }: DrillEnvironment,
  {
    timer,
    readers,
    customers,
  }: { timer: Broker | undefined; readers: readonly Broker[]; customers: readonly Customer[] },
): Promise<void> {
  for (let minute = 1; minute <= 60; minute++) {
    await pass(MINUTE);
    if (minute % 5 === 0) await timer?.refresh();
    const answers = await Promise.all(
      readers.flatMap(({ ask }) => customers.map((one) => ask(one))),
    );
    for (const answer of answers) {
      expectAnswer(`a read in minute ${minute}`, answer, { status: 200 });
      const headers = { authorization: `Bearer ${answer.body.access_token}` };
      const { status } = await fetch(`${microsoft.url}/api/incidents?$top=1`, { headers });
      expectSame(`Defender's answer in minute ${minute}`, status, 200);
    }
  }
}

export const clockSkewLease: Drill = {
  name: 'clock-skew-lease',
  situation: 'processes whose clocks are eight minutes apart refresh one token and stop one tenant',
  promise: 'both count in the time of Entra: one request, one token; the stop takes effect in 5 s',
  run: async (environment) => {
    const ahead = await environment.startBroker({ skewMs: SKEW });
    const behind = await environment.startBroker({ skewMs: -SKEW });
    const contoso = await environment.onboard(ahead, 'Contoso');
    environment.forgetRequests();
    environment.inject({ kind: 'slow', ms: 1500, times: 1 }, contoso);
    const slow = behind.ask(contoso, 'graph');
    await untilHeld(environment, contoso);
    const early = await ahead.ask(contoso, 'graph');
    const stored = await environment.findRow(contoso, 'graph');
    const late = await slow;
    const statuses = [early.status, late.status];
    expectSame('the answers of both', statuses, [200, 200]);
    const isSame = late.body.access_token === early.body.access_token;
    expectSame('the token of one to be that of the other', isSame, true);
    expectSame('the requests to Entra', environment.countRequests(contoso), 1);
    expectSame('the row', await environment.findRow(contoso, 'graph'), stored);
    await expectStop(environment, { contoso, by: ahead, seenBy: behind });
  },
};

async function expectStop(
  environment: DrillEnvironment,
  { contoso, by, seenBy }: { contoso: Customer; by: Broker; seenBy: Broker },
): Promise<void> {
  await by.call('PATCH', `/tenants/${contoso.tenant.tenantId}`, { status: 'disabled' });
  await environment.pass(5 * SECOND);
  expectAnswer('a stopped tenant', await seenBy.ask(contoso), { status: 409 });
}
