import { createBrokerClient, toAddress } from '../../local/sandbox/client.ts';
import type { ToolName } from '../../local/sandbox/partner.ts';
import type { Sandbox } from '../../local/sandbox/sandbox.ts';
import { startOtherProcess } from './other-process.ts';

/** Another process of a sandbox's broker, as its tools have it. */
export async function startOther({ settings, microsoft, partner }: Sandbox) {
  const brokerUrl = await startOtherProcess(settings);
  return async (name: ToolName) =>
    await createBrokerClient({ brokerUrl, ...toAddress(microsoft.url, partner, name) });
}
