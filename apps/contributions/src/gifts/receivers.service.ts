import {
  adminRpc,
  developersRpc,
  DomainError,
  hubsRpc,
  type PitchView,
  type ReceiverRef,
} from '@foodshed/contracts';
import { RpcClient } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import type { Payee } from './gift.rules.js';

/** Who is paid of a gift, and what it is for; people's names are not kept. */
export interface Receiver {
  readonly name: string | null;
  readonly payees: readonly Payee[];
}

/** Looks who receives a gift; admin, hubs or developers is asked when one is made, never later. */
@Injectable()
export class ReceiversService {
  constructor(private readonly rpc: RpcClient) {}

  /** @throws invalid-input naming the receiver who is not there; dependency-unavailable while nobody can say */
  async find(receiver: ReceiverRef, instanceId: string): Promise<Receiver> {
    const { kind, id } = receiver;
    if (kind === 'enterprise')
      return { name: (await this.#enterprise(id, instanceId)).name, payees: [{ kind, id, weight: 1 }] };
    if (kind === 'person') {
      const people = await this.rpc.call(adminRpc.getPeople, { personIds: [id], instanceId }, 'service');
      if (people.items.length === 0) throw nobody('receiver.id', 'is nobody of this network');
      return { name: null, payees: [{ kind, id, weight: 1 }] };
    }
    const { title, team } = await this.#pitch(id);
    const weightOf = (shareBps: number): number => (kind === 'pitch' ? shareBps : 1);
    const payees = team.map((member) => ({
      kind: member.kind,
      id: member.id,
      weight: weightOf(member.shareBps),
    }));
    return { name: title, payees };
  }

  /** @throws invalid-input naming the hub where cash cannot be handed over */
  async requireHub(hubId: string, instanceId: string): Promise<void> {
    const { isHub } = await this.#enterprise(hubId, instanceId, 'hubId');
    if (!isHub) throw nobody('hubId', 'is no hub');
  }

  async #enterprise(
    id: string,
    instanceId: string,
    path = 'receiver.id',
  ): Promise<{ name: string; isHub: boolean }> {
    const input = { instanceId, enterpriseIds: [id] };
    const { items } = await this.rpc.call(hubsRpc.getEnterprises, input, 'service');
    if (!items[0]) throw nobody(path, 'is no enterprise of this network');
    return items[0];
  }

  async #pitch(pitchId: string): Promise<PitchView> {
    try {
      return await this.rpc.call(developersRpc.getPitch, { pitchId }, 'service');
    } catch (error) {
      if (error instanceof DomainError && error.code === 'not-found')
        throw nobody('receiver.id', 'is no pitch');
      throw error;
    }
  }
}

function nobody(path: string, message: string): DomainError {
  return new DomainError('invalid-input', {
    detail: 'The gift names somebody who is not there.',
    fields: [{ path, message }],
  });
}
