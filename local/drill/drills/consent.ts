import type { Drill } from '../drill.ts';
import { MINUTE, SECOND } from '../environment.ts';
import { expectAnswer, expectSame } from '../expect.ts';

export const consentRevoked: Drill = {
  name: 'consent-revoked',
  situation: 'the customer withdrew the consent',
  promise:
    '409 with a link that repairs it; one refusal demotes nobody, the second in a row does; other customers notice nothing',
  fast: true,
  run: async ({ startBroker, onboard, flip, pass }) => {
    const broker = await startBroker();
    const contoso = await onboard(broker, 'Contoso');
    const fabrikam = await onboard(broker, 'Fabrikam');
    await flip('revoke-consent', contoso);
    await pass(50 * MINUTE);
    expectAnswer('a token that works', await broker.ask(contoso), { status: 200 });
    await pass(15 * MINUTE);
    const refused = { status: 409, error: 'consent_required', owner: 'customer' };
    expectAnswer('a new token', await broker.ask(contoso), refused);
    expectSame('the status after one refusal', await broker.statusOf(contoso), 'active');
    await pass(61 * SECOND);
    const second = await broker.ask(contoso);
    expectAnswer('a new token again', second, refused);
    expectSame('the type of the link in the answer', typeof second.body.consent_url, 'string');
    expectSame('the status after two', await broker.statusOf(contoso), 'consent_revoked');
    expectAnswer('another customer', await broker.ask(fabrikam), { status: 200 });
    await onboard(broker, 'Contoso');
    expectAnswer('after a new consent', await broker.ask(contoso), { status: 200 });
    expectSame('the status after it', await broker.statusOf(contoso), 'active');
  },
};

export const roleDropped: Drill = {
  name: 'role-dropped',
  situation: 'a required role is missing',
  promise:
    'the token of before is served while it works; then 409 with a link; the tenant is partial until the next consent',
  fast: true,
  run: async ({ startBroker, onboard, flip, pass }) => {
    const broker = await startBroker();
    const contoso = await onboard(broker, 'Contoso');
    await flip('drop-role', contoso);
    await pass(52 * MINUTE);
    await broker.refresh();
    expectAnswer('a token that works', await broker.ask(contoso), { status: 200 });
    await pass(40 * MINUTE);
    const refused = await broker.ask(contoso);
    expectAnswer('a new token', refused, { status: 409, error: 'missing_roles' });
    expectSame('the type of the link in the answer', typeof refused.body.consent_url, 'string');
    expectSame('the status', await broker.statusOf(contoso), 'partial');
    await onboard(broker, 'Contoso');
    expectAnswer('after a new consent', await broker.ask(contoso), { status: 200 });
    expectSame('the status after it', await broker.statusOf(contoso), 'active');
  },
};

export const roleLag: Drill = {
  name: 'role-lag',
  situation: 'roles lag behind a fresh consent',
  promise:
    'the tenant is verifying and answered 503 until the roles are there, then active by itself',
  run: async ({ startBroker, onboard, inject, pass }) => {
    const broker = await startBroker();
    const fabrikam = await onboard(broker, 'Fabrikam');
    inject({ kind: 'role-lag', ms: 4 * MINUTE });
    const contoso = await onboard(broker, 'Contoso');
    expectSame('the status', await broker.statusOf(contoso), 'verifying');
    const waiting = { status: 503, error: 'temporarily_unavailable' };
    expectAnswer('a token meanwhile', await broker.ask(contoso), waiting);
    expectAnswer('another customer', await broker.ask(fabrikam), { status: 200 });
    for (const second of [6, 11, 21, 41, 61, 61]) {
      await pass(second * SECOND);
      await broker.drain();
    }
    expectSame(
      'the status before the roles are there',
      await broker.statusOf(contoso),
      'verifying',
    );
    await pass(61 * SECOND);
    await broker.drain();
    expectSame('the status afterwards', await broker.statusOf(contoso), 'active');
    expectAnswer('a token afterwards', await broker.ask(contoso), { status: 200 });
  },
};
