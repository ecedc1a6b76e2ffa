import type { Incident } from './incident.ts';

/** What both APIs say of an incident, so that reading it from the other one is no news. */
type IncidentContent = Omit<Incident, 'source' | 'alertCount' | 'comments'> & {
  readonly comments: readonly object[];
};

/**
 * Takes out what only one of the APIs says: the source, alerts, how it names who commented (an
 * address or a display name), and that an incident awaits action, which is in progress to the
 * Defender XDR API.
 */
export function toContent({
  source: _source,
  alertCount: _alertCount,
  comments,
  ...incident
}: Incident): IncidentContent {
  return {
    ...incident,
    status: incident.status === 'awaitingAction' ? 'inProgress' : incident.status,
    comments: comments.map(({ comment, createdAt }) => ({ comment, createdAt })),
  };
}
