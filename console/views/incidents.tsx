import { useState } from 'preact/hooks';
import type { IncidentPage } from '../../docs/client/broker-api.ts';
import { call, toQuery } from '../api.ts';
import { Coverage } from '../incidents/coverage.tsx';
import { useLoaded } from '../load.ts';
import { Choice, TextField } from '../parts/fields.tsx';
import { IncidentChange } from '../parts/incident-change.tsx';
import { Age, Badge, type Tone } from '../parts/marks.tsx';
import { Content, NeedsRole, Page } from '../parts/page.tsx';
import { Pager, usePages } from '../parts/pager.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { TenantLink } from '../parts/tenant-link.tsx';
import { route, setQuery, toHref } from '../router.ts';
import { hasRole } from '../session.ts';
import { toCount, toLabel } from '../words.ts';

type Incident = IncidentPage['value'][number];

const PAGE = 50;
const SEVERITIES = ['high', 'medium', 'low', 'informational', 'unknown'] as const;
const STATUSES = ['active', 'inProgress', 'resolved', 'redirected', 'awaitingAction'] as const;
const REFRESH_MS = 60_000;

/** Incidents of every customer that the operator is granted. */
export function Incidents() {
  return (
    <Page title="Incidents" question="What happened at which customer, and who is on it?">
      <NeedsRole appRole="Incidents.Read">
        <Filters />
        <List />
      </NeedsRole>
    </Page>
  );
}

function Filters() {
  const { query } = route.value;
  const filter = (name: string) => ({
    value: query.get(name) ?? '',
    change: (value: string) => setQuery({ [name]: value }),
  });
  return (
    <form class="filters" onSubmit={(event) => event.preventDefault()}>
      <TextField label="Customer (id or domain)" type="search" {...filter('tenant')} />
      <Choice label="Severity" options={SEVERITIES} none="All" {...filter('severity')} />
      <Choice label="Status" options={STATUSES} none="All" {...filter('status')} />
      <TextField label="Assigned to" {...filter('assigned_to')} />
      <TextField label="Tag of the customer" {...filter('tag')} />
    </form>
  );
}

function List() {
  const { query } = route.value;
  const read = (name: string) => query.get(name) || undefined;
  const filters = {
    tenant: read('tenant'),
    tag: read('tag'),
    assigned_to: read('assigned_to'),
    severity: toList(read('severity') as (typeof SEVERITIES)[number] | undefined),
    status: toList(read('status') as (typeof STATUSES)[number] | undefined),
  };
  const key = JSON.stringify(filters);
  const pages = usePages(key);
  const page = useLoaded(
    `incidents ${key} ${pages.cursor}`,
    () =>
      call('listIncidents', {
        query: toQuery({ ...filters, order: 'updated', limit: PAGE, cursor: pages.cursor }),
      }),
    { everyMs: REFRESH_MS },
  );
  return (
    <Content of={page}>
      {(data) => (
        <>
          <Coverage of={data.fleet_coverage} />
          <Selection page={data} reload={page.reload} />
          <Pager pages={pages} next={data.next_cursor} />
        </>
      )}
    </Content>
  );
}

/** The API takes several words of each. */
function toList<T extends string>(word: T | undefined): readonly T[] | undefined {
  return word === undefined ? undefined : [word];
}

function Selection({ page, reload }: { page: IncidentPage; reload: () => void }) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [isOpen, setOpen] = useState(false);
  const toggle = (incident: Incident) => {
    const next = new Set(chosen);
    if (!next.delete(keyOf(incident))) next.add(keyOf(incident));
    setChosen(next);
  };
  const select: Column<Incident> = {
    name: 'Select',
    cell: (incident) => (
      <input
        type="checkbox"
        aria-label={`Select incident ${incident.incident_id}`}
        checked={chosen.has(keyOf(incident))}
        onChange={() => toggle(incident)}
      />
    ),
  };
  const mayChange = hasRole('Incidents.Write');
  const close = () => {
    setOpen(false);
    setChosen(new Set());
    reload();
  };
  return (
    <>
      {mayChange && (
        <div class="actions">
          <button type="button" disabled={chosen.size === 0} onClick={() => setOpen(true)}>
            Change {chosen.size > 0 ? toCount(chosen.size, 'incident') : 'selected incidents'}
          </button>
        </div>
      )}
      <Table
        caption="Incidents"
        columns={mayChange ? [select, ...COLUMNS] : COLUMNS}
        rows={page.value}
        keyOf={keyOf}
        empty="No incident matches."
      />
      {isOpen && (
        <IncidentChange
          incidents={page.value.filter((incident) => chosen.has(keyOf(incident)))}
          close={close}
        />
      )}
    </>
  );
}

function keyOf({ tenant_id, incident_id }: Incident): string {
  return `${tenant_id} ${incident_id}`;
}

const SEVERITY_TONES: Readonly<Record<string, Tone>> = { high: 'bad', medium: 'warn' };

const COLUMNS: readonly Column<Incident>[] = [
  {
    name: 'Incident',
    cell: ({ tenant_id, incident_id, name }) => (
      <>
        <a class="clamp" href={toHref(['incidents', tenant_id, incident_id])}>
          {name}
        </a>
        <div class="quiet small id">{incident_id}</div>
      </>
    ),
  },
  {
    name: 'Customer',
    cell: ({ tenant_id, tenant_name }) => <TenantLink id={tenant_id} name={tenant_name} />,
  },
  {
    name: 'Severity',
    cell: ({ severity }) => (
      <Badge tone={SEVERITY_TONES[severity] ?? 'calm'}>{toLabel(severity)}</Badge>
    ),
  },
  { name: 'Status', cell: ({ status }) => toLabel(status) },
  { name: 'Assigned to', cell: ({ assigned_to }) => assigned_to || '–' },
  { name: 'Updated', cell: ({ last_update_at }) => <Age of={last_update_at} /> },
  { name: 'Alerts', isNumber: true, cell: ({ alert_count }) => alert_count ?? '–' },
];
