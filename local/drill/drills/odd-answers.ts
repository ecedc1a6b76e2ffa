import type { FaultEffect } from '../../entra/faults.ts';
import type { Drill } from '../drill.ts';
import { MINUTE, SECOND } from '../environment.ts';
import { expectAnswer, expectBetween, expectSame } from '../expect.ts';

/** What a customer's token endpoint may answer, and who has to act then. */
const ODD_ANSWERS: readonly (readonly [what: string, answer: FaultEffect, owner: string])[] = [
  ['an error that nobody knows', toError('invalid_request', 900439), 'partner'],
  ['a refusal of the client', toError('invalid_client', 999999, 401), 'partner'],
  ['a refusal of its secret', toError('invalid_client', 7000215, 401), 'partner'],
  ['a refusal of its registration', toError('unauthorized_client', 650059), 'partner'],
  ['a page', { kind: 'answer', status: 200, body: '<html>Sign in</html>' }, 'microsoft'],
  ['an empty answer', { kind: 'answer', status: 200, body: '' }, 'microsoft'],
  ['a token without its life', toToken({ access_token: 'a', token_type: 'Bearer' }), 'microsoft'],
];

function toError(error: string, code: number, status = 400): FaultEffect {
  return { kind: 'answer', status, body: { error, error_codes: [code] } };
}

function toToken(body: object): FaultEffect {
  return { kind: 'answer', status: 200, body };
}

export const oddAnswer: Drill = {
  name: 'odd-answer',
  situation: 'Entra gives one customer an odd answer',
  promise:
    'that customer waits and keeps the token that it has; others get tokens, are verified and consent meanwhile',
  run: async ({ startBroker, onboard, inject, flip, pass }) => {
    const broker = await startBroker();
    const contoso = await onboard(broker, 'Contoso');
    const fabrikam = await onboard(broker, 'Fabrikam');
    const verify = `/tenants/${fabrikam.tenant.tenantId}/verify`;
    for (const [what, answer, owner] of ODD_ANSWERS) {
      inject(answer, contoso);
      const refused = await broker.ask(contoso, 'graph');
      expectAnswer(`the customer with ${what}`, refused, { status: 503, owner });
      expectAnswer('a token that it has', await broker.ask(contoso), { status: 200 });
      const others = await broker.call('POST', verify);
      expectAnswer(`another after ${what}`, others, { status: 200 });
      await flip('calm');
      await pass(6 * MINUTE);
    }
    expectAnswer('a new token of another', await broker.ask(fabrikam, 'graph'), { status: 200 });
    inject(toError('invalid_request', 900439), contoso);
    await broker.ask(contoso, 'defender-endpoint');
    const adatum = await onboard(broker, 'Adatum');
    expectSame('the status of who consents meanwhile', await broker.statusOf(adatum), 'active');
    expectSame("the customer's status", await broker.statusOf(contoso), 'active');
    await flip('calm');
    await pass(6 * MINUTE);
    expectAnswer('the customer afterwards', await broker.ask(contoso, 'graph'), { status: 200 });
  },
};

export const unknownError: Drill = {
  name: 'unknown-error',
  situation: 'Entra answers an error that the broker does not know, to everybody',
  promise:
    'tokens that work are served; each customer is asked ever less often, none is demoted; all recover by themselves',
  run: async ({ startBroker, onboard, inject, flip, pass, countRequests, forgetRequests }) => {
    const broker = await startBroker();
    const customers = [await onboard(broker, 'Contoso'), await onboard(broker, 'Fabrikam')];
    inject(toError('invalid_request', 999999999));
    forgetRequests();
    for (let second = 0; second < 60; second += 5) {
      for (const customer of customers) {
        const refused = { status: 503, owner: 'partner' };
        expectAnswer('a new token', await broker.ask(customer, 'graph'), refused);
        expectAnswer('a token that it has', await broker.ask(customer), { status: 200 });
      }
      await pass(5 * SECOND);
    }
    for (const customer of customers) {
      expectBetween('the requests to Entra in a minute', countRequests(customer), [3, 4]);
      expectSame('the status', await broker.statusOf(customer), 'active');
    }
    await flip('calm');
    await pass(6 * MINUTE);
    for (const customer of customers) {
      expectAnswer('a new token afterwards', await broker.ask(customer, 'graph'), { status: 200 });
    }
  },
};
