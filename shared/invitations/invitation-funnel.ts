import type { Invitation } from './invitation.ts';
import {
  INVITATION_STATUSES,
  type InvitationStatus,
  toInvitationStatus,
  toStatusSince,
} from './invitation-status.ts';

/** An invitation with how far it has come, and since when (epoch milliseconds). */
export interface InvitationView {
  readonly invitation: Invitation;
  readonly status: InvitationStatus;
  readonly since: number;
}

/** How many invitations have come how far, and since when the longest waiting one stands there. */
export type InvitationFunnel = Readonly<
  Record<InvitationStatus, { readonly count: number; readonly oldestSince: number | undefined }>
>;

/** The invitation as it stands at a time. */
export function toInvitationView(invitation: Invitation, now: number): InvitationView {
  const status = toInvitationStatus(invitation, now);
  return { invitation, status, since: toStatusSince(invitation, status) };
}

/** Counts the invitations by status. */
export function toFunnel(views: readonly InvitationView[]): InvitationFunnel {
  const groups = Map.groupBy(views, ({ status }) => status);
  const steps = INVITATION_STATUSES.map((status) => {
    const times = (groups.get(status) ?? []).map(({ since }) => since);
    return [status, { count: times.length, oldestSince: findLeast(times) }] as const;
  });
  return Object.fromEntries(steps) as InvitationFunnel;
}

function findLeast(times: readonly number[]): number | undefined {
  return times.length === 0 ? undefined : Math.min(...times);
}
