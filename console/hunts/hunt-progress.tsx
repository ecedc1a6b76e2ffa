import type { Hunt } from '../../docs/client/broker-api.ts';

const WIDTH = 160;

/** How many customers have answered, and how many of them completely. */
export function HuntProgress({
  of: { tenants, verdicts },
}: {
  of: Pick<Hunt, 'tenants' | 'verdicts'>;
}) {
  const complete = verdicts.complete ?? 0;
  const { total, ended } = tenants;
  const scale = total === 0 ? 0 : WIDTH / total;
  return (
    <div class="hunt-progress">
      <svg
        class="progress"
        viewBox={`0 0 ${WIDTH} 8`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        <rect class="track" width={WIDTH} height="8" />
        <rect class="complete" width={complete * scale} height="8" />
        <rect class="other" x={complete * scale} width={(ended - complete) * scale} height="8" />
      </svg>
      <span class="small">
        {ended.toLocaleString()} of {total.toLocaleString()}
        {ended > complete && `, ${(ended - complete).toLocaleString()} not complete`}
      </span>
    </div>
  );
}
