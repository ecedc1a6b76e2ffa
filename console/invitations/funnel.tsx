import type { InvitationPage } from '../../docs/client/broker-api.ts';
import { Age } from '../parts/marks.tsx';
import { setQuery } from '../router.ts';
import { toLabel } from '../words.ts';

/** The way of an invitation, then where it ended otherwise. */
const STEPS = ['sent', 'opened', 'signed_in', 'awaiting_approval', 'verifying', 'used'] as const;
const ENDS = ['expired', 'revoked'] as const;

type Status = InvitationPage['value'][number]['status'];

/**
 * How many invitations stand at each step, and since when the oldest does; a step filters the list.
 */
export function Funnel({ of, current }: { of: InvitationPage['funnel']; current: string }) {
  const most = Math.max(1, ...STEPS.map((status) => of[status]?.count ?? 0));
  const step = (status: Status) => (
    <li key={status}>
      <button
        type="button"
        class={`step ${status === 'awaiting_approval' && of[status]?.count ? 'waits' : ''}`}
        aria-pressed={current === status}
        onClick={() => setQuery({ status: current === status ? undefined : status })}
      >
        <span class="step-name">{toLabel(status)}</span>
        <span class="step-count">{(of[status]?.count ?? 0).toLocaleString()}</span>
        <Share of={(of[status]?.count ?? 0) / most} />
        <span class="quiet small">
          {of[status]?.oldest_since ? (
            <>
              oldest <Age of={of[status].oldest_since} />
            </>
          ) : (
            'none'
          )}
        </span>
      </button>
    </li>
  );
  return (
    <section aria-label="Steps">
      <ol class="funnel">{[...STEPS, ...ENDS].map(step)}</ol>
    </section>
  );
}

function Share({ of }: { of: number }) {
  return (
    <svg class="share" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
      <rect class="track" width="100" height="4" />
      <rect class="fill" width={of * 100} height="4" />
    </svg>
  );
}
