import { call } from '../api.ts';
import { ActionButton } from './action-button.tsx';

/** Shuts a caller out of every route, or lets it in again; its rules stay. */
export function BlockButton({
  caller,
  blocked,
  reload,
}: {
  caller: string;
  blocked: boolean;
  reload: () => void;
}) {
  const run = async () => {
    await call('putCaller', { params: { client_id: caller }, body: { blocked: !blocked } });
    reload();
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
