import type { Customer } from '../../sandbox/customers.ts';
import type { Broker } from '../broker.ts';
import type { Drill } from '../drill.ts';
import { type DrillEnvironment, SECOND } from '../environment.ts';
import { expectAnswer, expectSame } from '../expect.ts';
import { createIntruder, type Intruder, type StoredRow } from './intruder.ts';
import {
  type Attacked,
  attackEpoch,
  attackInvitation,
  plantBomb,
  rewriteSavedQuery,
} from './other-rows-writer.ts';

const REFUSED = { status: 503, error: 'integrity', owner: 'partner' };
const SERVED = { status: 200 };
/** In this time every process has looked at the epoch and at the ledger again. */
const KNOWN_MS = 5 * SECOND;

export const storageWriter: Drill = {
  name: 'storage-writer',
  situation: 'somebody writes into our storage: rows of customers, callers and invitations',
  promise:
    'a row that was changed, copied, put back or deleted decides nothing, and is named in the log and in the health check; other customers go on',
  fast: true,
  run: async (environment) => {
    const [broker, other] = [await environment.startBroker(), await environment.startBroker()];
    const contoso = await environment.onboard(broker, 'Contoso');
    const fabrikam = await environment.onboard(broker, 'Fabrikam');
    const intruder = createIntruder(environment.settings.AzureWebJobsStorage ?? '');
    const tenants: Attack = { environment, intruder, brokers: [broker, other], contoso, fabrikam };
    await attackTenant(tenants);
    await undoTombstone(tenants);
    await attackCallers(environment, broker, intruder);
    await attackInvitation(tenants);
    await attackEpoch(tenants, contoso);
    await plantBomb(tenants);
    await rewriteSavedQuery(tenants);
    await expectNamed(broker);
  },
};

interface Attack extends Attacked {
  readonly contoso: Customer;
  readonly fabrikam: Customer;
}

/** A disabled customer whose row is rewritten, put back, exchanged and deleted. */
async function attackTenant({ environment, intruder, brokers, contoso, fabrikam }: Attack) {
  const [broker, other] = brokers;
  const [id, otherId] = [toRowId(contoso), toRowId(fabrikam)];
  const active = await intruder.read('tenants', id);
  const path = `/tenants/${contoso.tenant.tenantId}`;
  expectAnswer('the kill switch', await broker.call('PATCH', path, { status: 'disabled' }), SERVED);
  const disabled = await intruder.read('tenants', id);
  const attacks: readonly (readonly [string, StoredRow | undefined])[] = [
    ['a rewritten row', { ...disabled, status: 'active' }],
    ['the row of before', active],
    ["another customer's row", await intruder.read('tenants', otherId)],
    ['no row', undefined],
  ];
  for (const [what, row] of attacks) {
    await intruder.put('tenants', id, row);
    await environment.pass(KNOWN_MS);
    for (const asked of brokers) {
      expectAnswer(`a token by ${what}`, await asked.ask(contoso), REFUSED);
      expectAnswer(`a healthy customer beside ${what}`, await asked.ask(fabrikam), SERVED);
    }
  }
  await exchangeRows({ environment, intruder, brokers, contoso, fabrikam }, disabled);
  await environment.pass(KNOWN_MS);
  const answer = await other.ask(contoso);
  expectSame('the answer with the right row', answer.body.error, 'tenant_disabled');
}

/** Two customers' rows in each other's place, and back again. */
async function exchangeRows({ environment, intruder, brokers, ...of }: Attack, own: StoredRow) {
  const [id, otherId] = [toRowId(of.contoso), toRowId(of.fabrikam)];
  const other = await intruder.read('tenants', otherId);
  await intruder.put('tenants', id, other);
  await intruder.put('tenants', otherId, own);
  await environment.pass(KNOWN_MS);
  // Processes that run have the other customer in memory; one that begins believes neither row.
  const cold = await environment.startBroker();
  for (const asked of [...brokers, cold]) {
    expectAnswer('a token by exchanged rows', await asked.ask(of.contoso), REFUSED);
  }
  expectAnswer('a token of the other one', await cold.ask(of.fabrikam), REFUSED);
  await cold.kill();
  await intruder.put('tenants', id, own);
  await intruder.put('tenants', otherId, other);
}

/** An offboarded customer whose tombstone is replaced by the row of before. */
async function undoTombstone({ environment, intruder, brokers, fabrikam, contoso }: Attack) {
  const [broker] = brokers;
  const before = await intruder.read('tenants', toRowId(fabrikam));
  const path = `/tenants/${fabrikam.tenant.tenantId}`;
  expectAnswer('the offboarding', await broker.call('DELETE', path), SERVED);
  await intruder.put('tenants', toRowId(fabrikam), before);
  await environment.pass(KNOWN_MS);
  for (const asked of brokers) {
    expectAnswer('a token of an offboarded customer', await asked.ask(fabrikam), REFUSED);
  }
  const enabled = await broker.call('PATCH', `/tenants/${contoso.tenant.tenantId}`, {
    status: 'active',
  });
  expectAnswer('an operator who enables another customer', enabled, SERVED);
  expectAnswer('its token', await broker.ask(contoso), SERVED);
}

/** A caller's grants rewritten, and copied to an id of the intruder's. */
async function attackCallers(
  { partner, pass }: DrillEnvironment,
  broker: Broker,
  intruder: Intruder,
) {
  const { clientId } = partner.tools.playbook;
  const rules = [{ id: 'mine', effect: 'allow', tenants: ['*'], resources: ['graph'] }];
  const id = { partitionKey: 'caller', rowKey: clientId };
  const grants = await intruder.read('callers', id);
  await intruder.put('callers', id, { ...grants, rules: JSON.stringify(rules) });
  const planted = { partitionKey: 'caller', rowKey: '00000000-0000-4000-8000-00000000dead' };
  await intruder.put('callers', planted, grants);
  await pass(KNOWN_MS);
  const list = await broker.call('GET', '/callers');
  const listed = list.body.value.map((caller: { caller?: string; client_id?: string }) =>
    JSON.stringify(caller),
  );
  expectSame(
    'the callers that the intruder made',
    listed.filter((text: string) => text.includes(clientId) || text.includes(planted.rowKey)),
    [],
  );
}

/**
 * The alarm names every row; the check of everything finds as much; what an operator accepts is in
 * order again.
 */
async function expectNamed(broker: Broker) {
  const alarms = broker.events('integrity.violated').map(({ table, problem }) => [table, problem]);
  const kinds = [...new Set(alarms.map(String))].toSorted();
  expectSame('the alarms', kinds, [
    ...['callers,forged', 'epoch,forged', 'epoch,missing', 'epoch,older', 'huntqueries,forged'],
    ...['invitations,forged', 'invitations,missing', 'invitations,older'],
    ...['tenants,forged', 'tenants,missing', 'tenants,older'],
  ]);
  const { body } = await broker.call('POST', '/integrity/check');
  expectSame('what the check finds', body.findings.map(toText).toSorted(), [
    ...['callers forged', 'callers forged', 'tenants older'],
  ]);
  expectSame('whether the chain holds', body.chain.holds, true);
  const health = await broker.call('GET', '/health');
  expectSame('the rows in the health check', health.body.checks.integrity.rows.length, 3);
  const rows = body.findings.map(({ table, key, digest }: Finding) => ({ table, key, digest }));
  const accepted = await broker.call('POST', '/integrity/accept', { rows });
  expectSame('what is left after an operator accepted it', accepted.body.findings, []);
}

interface Finding {
  readonly table: string;
  readonly key: string;
  readonly problem: string;
  readonly digest?: string;
}

function toText({ table, problem }: Finding): string {
  return `${table} ${problem}`;
}

function toRowId({ tenant }: Customer) {
  return { partitionKey: 'tenant', rowKey: tenant.tenantId };
}
