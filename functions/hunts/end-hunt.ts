import { apiRoute } from '../route.ts';
import { toHuntJson } from './hunt-json.ts';

/** `POST /hunts/{hunt_id}/cancel`: asks no further customer; what is stored stays. */
export const cancelHunt = apiRoute({
  id: 'cancelHunt',
  method: 'POST',
  path: 'api/hunts/{hunt_id}/cancel',
  role: 'Hunting.Run',
  summary:
    'Ask no further customer; the rows that are stored stay. A hunt that has ended stays as it is.',
  answers: { 200: 'Hunt' },
  errors: ['hunt_not_found'],
  handle: async ({ params, caller, correlationId }, { loadHunting, recordEvent }) => {
    const hunting = await loadHunting();
    const state = await hunting.hunts.cancel(caller, params.hunt_id);
    const done = { act: 'hunt.cancel', subject: state.hunt.id } as const;
    await recordEvent({ ...done, actor: caller.id, correlationId });
    return { jsonBody: toHuntJson(state) };
  },
});

/** `DELETE /hunts/{hunt_id}`: cancels a hunt and removes it with its results. */
export const deleteHunt = apiRoute({
  id: 'deleteHunt',
  method: 'DELETE',
  path: 'api/hunts/{hunt_id}',
  role: 'Hunting.Run',
  summary:
    'Cancel a hunt and remove it with its results. Who holds Policy.Manage too may remove all.',
  answers: { 204: undefined },
  errors: ['hunt_not_found'],
  handle: async ({ params, caller, correlationId }, { loadHunting, recordEvent }) => {
    const hunting = await loadHunting();
    await hunting.hunts.remove(caller, params.hunt_id);
    const done = { act: 'hunt.remove', subject: params.hunt_id } as const;
    await recordEvent({ ...done, actor: caller.id, correlationId });
    return { status: 204 };
  },
});
