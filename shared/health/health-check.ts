import { BrokerError } from '../errors.ts';
import { createSingleFlight } from '../single-flight.ts';
import { IssueError } from '../tokens/failure.ts';
import { FAILURES } from '../tokens/failure-table.ts';

/** What a probe found, in the API's own field names; never a value of a secret or setting. */
type ProbeFindings = Readonly<Record<string, unknown>>;

/** What is down, with more than one sentence to say about it. */
interface Down {
  readonly down: ProbeFindings;
}

/** Really touches one dependency; a rejection means that it is down. */
export type Probe = () => Promise<ProbeFindings | Down>;

/** What became of one probe; times in epoch milliseconds. */
export interface Check {
  readonly status: 'up' | 'down';
  readonly durationMs: number;
  readonly checkedAt: number;
  readonly findings: ProbeFindings;
}

/** Every dependency, as it was at one time. */
export interface HealthReport {
  readonly status: 'up' | 'down';
  readonly checks: Readonly<Record<string, Check>>;
}

/** The state of the dependencies, at most ten seconds old; never rejects. */
export type GetHealth = () => Promise<HealthReport>;

/** Whoever asks for the health must not be able to load what it depends on. */
const REPORT_AGE = 10_000;

/** Creates the check: all probes at once, shared by all who ask, kept for ten seconds. */
export function createHealthCheck({
  probes,
  now,
}: {
  probes: Readonly<Record<string, Probe>>;
  now: () => number;
}): GetHealth {
  let kept: { readonly report: HealthReport; readonly until: number } | undefined;
  const share = createSingleFlight<HealthReport>();

  return () => {
    if (kept && now() < kept.until) return Promise.resolve(kept.report);
    return share('report', async () => {
      const entries = await Promise.all(
        Object.entries(probes).map(async ([name, probe]) => [name, await run(probe, now)] as const),
      );
      const isUp = entries.every(([, { status }]) => status === 'up');
      const report = {
        status: isUp ? 'up' : 'down',
        checks: Object.fromEntries(entries),
      } as const;
      kept = { report, until: now() + REPORT_AGE };
      return report;
    });
  };
}

async function run(probe: Probe, now: () => number): Promise<Check> {
  const checkedAt = now();
  const finish = (status: Check['status'], findings: ProbeFindings): Check => ({
    status,
    durationMs: now() - checkedAt,
    checkedAt,
    findings,
  });
  try {
    const found = await probe();
    return isDown(found) ? finish('down', found.down) : finish('up', found);
  } catch (error) {
    return finish('down', toProblem(error));
  }
}

function isDown(found: ProbeFindings | Down): found is Down {
  return typeof found.down === 'object';
}

/** Our own words only: what an SDK or Entra says may quote what it was given. */
function toProblem(error: unknown): ProbeFindings {
  if (error instanceof IssueError) {
    const { description, remedy } = FAILURES[error.failure.cause];
    return { problem: description, remedy, entra_code: error.failure.entraCode };
  }
  if (error instanceof BrokerError) {
    return { problem: error.message, remedy: error.details.remedy };
  }
  const remedy = 'Check its setting, the network and the managed identity.';
  return { problem: 'It does not answer.', remedy };
}
