import { z } from 'zod';
import { defineBroadcast } from './define.js';
import { id } from './primitives.js';

const people = z.object({ personIds: z.array(id).min(1) });

/**
 * Sessions of these people ended, or their rights changed: whoever remembers who they are asks again. A replica
 * that misses it goes by its memory for a minute at most.
 */
export const callersChanged = {
  byAdmin: defineBroadcast({ service: 'admin', name: 'callers-changed', schema: people }),
  byHubs: defineBroadcast({ service: 'hubs', name: 'callers-changed', schema: people }),
};
