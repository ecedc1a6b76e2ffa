import { useState } from 'preact/hooks';
import type { Simulation } from '../../docs/client/broker-api.ts';
import { DEFAULT_RESOURCE } from '../../shared/resources/resources.ts';
import { call } from '../api.ts';
import { ActionButton } from './action-button.tsx';
import { TextField } from './fields.tsx';
import { Badge } from './marks.tsx';

/** Asks the saved policy what a caller would get, and which rule says so. */
export function Simulator({ caller }: { caller: string }) {
  const [tenant, setTenant] = useState('');
  const [resource, setResource] = useState<string>(DEFAULT_RESOURCE);
  const [answer, setAnswer] = useState<Simulation>();
  const run = async () =>
    setAnswer(await call('simulatePolicy', { body: { caller, tenant, resource } }));
  return (
    <section class="card form">
      <h2>What would it get?</h2>
      <TextField label="Customer (id or domain)" value={tenant} change={setTenant} />
      <TextField label="Resource" value={resource} change={setResource} />
      <ActionButton label="Ask" appRole="Policy.Manage" done="Answered." run={run} />
      {answer && (
        <div class="notice">
          <p>
            {answer.allowed ? (
              <Badge tone="good">allowed</Badge>
            ) : (
              <Badge tone="bad">refused</Badge>
            )}{' '}
            {answer.why}
          </p>
          <p class="quiet small">
            Rule: {answer.rule}. Tenant: {answer.tenant_status ?? 'unknown'}, tags:{' '}
            {answer.tags.join(', ') || 'none'}.
          </p>
        </div>
      )}
    </section>
  );
}
