import type { Broker } from '../broker.ts';
import type { Drill } from '../drill.ts';
import { SECOND } from '../environment.ts';
import { expectAnswer, expectSame } from '../expect.ts';
import { createIntruder, type Intruder } from './intruder.ts';

export const ledgerWriter: Drill = {
  name: 'ledger-writer',
  situation: 'somebody writes into our storage: takes audit events away',
  promise:
    'the chain is found not to hold, and where; an older head stops changes, not tokens; the log has every hash',
  fast: true,
  run: async (environment) => {
    const { startBroker, onboard, pass } = environment;
    const [broker, other] = [await startBroker(), await startBroker()];
    const contoso = await onboard(broker, 'Contoso');
    const intruder = createIntruder(environment.settings.AzureWebJobsStorage ?? '');
    const head = await intruder.read('acts', HEAD);
    const path = `/tenants/${contoso.tenant.tenantId}`;
    const tag = async (name: string) => await broker.call('PATCH', path, { tags: [name] });
    expectAnswer('a change', await tag('gold'), { status: 200 });
    const last = Number((await intruder.read('acts', HEAD)).next) - 1;
    expectSame('whether the chain holds', (await checkChain(broker)).holds, true);
    await cutAnywhere(broker, intruder, last);
    const logged = broker.events('audit.recorded').map(({ sequence }) => sequence);
    expectSame('whether the log has the last event', logged.includes(last), true);
    await other.ask(contoso);
    await intruder.put('acts', HEAD, head);
    await pass(5 * SECOND);
    const refused = { status: 503, error: 'integrity', owner: 'partner' };
    expectAnswer('a change under an older head', await tag('silver'), refused);
    expectAnswer('a token meanwhile', await other.ask(contoso), { status: 200 });
    expectSame('the alarm', broker.events('integrity.violated').at(-1)?.problem, 'cut');
  },
};

const HEAD = { partitionKey: 'chain', rowKey: 'head' };

/** An event that is gone from the start, the middle or the end. */
async function cutAnywhere(broker: Broker, intruder: Intruder, last: number) {
  for (const sequence of [1, Math.ceil(last / 2), last]) {
    const id = { partitionKey: 'chain', rowKey: String(sequence).padStart(16, '0') };
    const event = await intruder.read('acts', id);
    await intruder.put('acts', id, undefined);
    expectSame(`whether the chain holds without event ${sequence}`, await checkChain(broker), {
      holds: false,
      at: sequence,
    });
    await intruder.put('acts', id, event);
  }
  expectSame('whether it holds with all events', (await checkChain(broker)).holds, true);
}

async function checkChain(broker: Broker): Promise<{ holds: boolean; at?: number }> {
  const { chain } = (await broker.call('POST', '/integrity/check')).body;
  return chain.holds ? { holds: true } : { holds: false, at: chain.at_sequence };
}
