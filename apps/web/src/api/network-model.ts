import type { NetworkModelView } from '@foodshed/contracts';
import { api, ApiError } from './client.js';

/** The network's model in force; null where there is none yet. */
export async function modelInForce(): Promise<NetworkModelView | null> {
  try {
    return await api<NetworkModelView>('/network-models/in-force');
  } catch (error) {
    if (error instanceof ApiError && error.code === 'not-found') return null;
    throw error;
  }
}
