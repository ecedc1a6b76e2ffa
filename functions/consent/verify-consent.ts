import * as v from 'valibot';
import type { Services } from '../services.ts';

const messageSchema = v.object({ tenantId: v.pipe(v.string(), v.uuid()) });

/** Queue `consent-verification`: one more look at a tenant. */
export const verifyConsent = async ({ verifier }: Services, message: unknown) => {
  const { tenantId } = v.parse(messageSchema, message);
  await verifier.lookAgain(tenantId);
};
