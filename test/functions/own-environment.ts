import { afterAll } from 'vitest';
import { startSandbox } from '../../local/sandbox/sandbox.ts';
import { claimAccount } from '../support/storage.ts';
import { withDescription } from './documented.ts';

/** A broker of its own, on storage of its own: what is broken here stays broken. */
export async function startOwn(storage = claimAccount()) {
  const sandbox = await startSandbox({ lively: false, storage });
  const operator = withDescription(await sandbox.connect('operator'));
  afterAll(sandbox.stop);
  const [contoso, fabrikam] = sandbox.customers;
  if (!contoso || !fabrikam) throw new Error('The sandbox has no customers.');
  return { sandbox, operator, contoso, fabrikam };
}
