import { adminRpc, hubsRpc } from '@foodshed/contracts';
import { isTransient, RpcClient } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import type { Names } from './view.rules.js';

/** Somebody of an instance. */
export interface Named {
  readonly instanceId: string;
  readonly kind: string;
  readonly id: string;
}

const AT_ONCE = 200;

/** Asks admin and hubs how people and enterprises are called, when it is shown: names are kept nowhere here. */
@Injectable()
export class NamesService {
  constructor(private readonly rpc: RpcClient) {}

  /** The names of those who are there, by id; fewer while admin or hubs is away. */
  async of(named: readonly Named[]): Promise<Names> {
    const names = new Map<string, string>();
    const instanceIds = [...new Set(named.map(({ instanceId }) => instanceId))];
    for (const instanceId of instanceIds) {
      const idsOf = (kind: string): string[] => [
        ...new Set(
          named.filter((one) => one.instanceId === instanceId && one.kind === kind).map(({ id }) => id),
        ),
      ];
      const asked = await Promise.all([
        this.#people(instanceId, idsOf('person')),
        this.#enterprises(instanceId, idsOf('enterprise')),
      ]);
      for (const [id, name] of asked.flat()) names.set(id, name);
    }
    return names;
  }

  async #people(instanceId: string, ids: readonly string[]): Promise<[string, string][]> {
    if (ids.length === 0) return [];
    const input = { personIds: ids.slice(0, AT_ONCE), instanceId };
    const { items } = await orNobody(this.rpc.call(adminRpc.getPeople, input, 'service'));
    return items.map(({ personId, displayName }) => [personId, displayName]);
  }

  async #enterprises(instanceId: string, ids: readonly string[]): Promise<[string, string][]> {
    if (ids.length === 0) return [];
    const input = { instanceId, enterpriseIds: ids.slice(0, AT_ONCE) };
    const { items } = await orNobody(this.rpc.call(hubsRpc.getEnterprises, input, 'service'));
    return items.map(({ enterpriseId, name }) => [enterpriseId, name]);
  }
}

/** A list without names is better than none. */
async function orNobody<T>(answer: Promise<{ items: T[] }>): Promise<{ items: T[] }> {
  try {
    return await answer;
  } catch (error) {
    if (isTransient(error)) return { items: [] };
    throw error;
  }
}
