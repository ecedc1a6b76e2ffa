import * as v from 'valibot';
import { RESOURCE_NAMES } from '../../shared/resources/resources.ts';
import type { Services } from '../services.ts';

const messageSchema = v.object({
  keys: v.array(
    v.object({ tenantId: v.pipe(v.string(), v.uuid()), resource: v.picklist(RESOURCE_NAMES) }),
  ),
});

/** Timer: finds what is due and fans it out. */
export const refreshTokens = ({ refresher }: Services) => refresher.run();

/** Queue `token-refresh`: refreshes one batch. */
export const refreshBatch = async ({ refresher }: Services, message: unknown) => {
  const { keys } = v.parse(messageSchema, message);
  await refresher.refreshBatch(keys);
};
