import type { Caller } from '../../docs/client/broker-api.ts';
import { call } from '../api.ts';
import { ActionButton } from './action-button.tsx';

/** Shuts a caller out of every route, or lets it in again; its rules stay. */
export function BlockButton({
  caller: { caller: id, etag, blocked },
  reload,
}: {
  caller: Pick<Caller, 'caller' | 'etag' | 'blocked'>;
  reload: () => void;
}) {
  const run = async () => {
    const params = { client_id: id };
    const headers = { 'if-match': etag };
    await call('putCaller', { params, headers, body: { blocked: !blocked } }).finally(reload);
  };
  return (
    <ActionButton
      label={blocked ? 'Unblock' : 'Block'}
      appRole="Policy.Manage"
      done={`${blocked ? 'Unblocked' : 'Blocked'}; it counts everywhere within 5 seconds.`}
      run={run}
    />
  );
}
