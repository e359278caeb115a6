import { Injectable } from '@nestjs/common';
import {
  DomainError,
  hubsRpc,
  requireEnterprise,
  type CallContext,
  type Enterprise,
} from '@foodshed/contracts';
import { RpcClient } from '@foodshed/platform';

/** What the catalogue needs to know of enterprises; hubs is asked only by managers' rare commands, never by shops. */
@Injectable()
export class EnterpriseService {
  constructor(private readonly rpc: RpcClient) {}

  /** The producer, for one of its managers. @throws forbidden for others, invalid-state when it does not produce. */
  async requireProducer(context: CallContext, producerId: string): Promise<Enterprise> {
    const enterprise = await this.#managed(context, producerId);
    if (enterprise.isProducer) return enterprise;
    throw new DomainError('invalid-state', { detail: 'This enterprise is not a producer.' });
  }

  /** The hub, for one of its managers. @throws forbidden for others, invalid-state when it is not a hub. */
  async requireHub(context: CallContext, hubId: string): Promise<Enterprise> {
    const enterprise = await this.#managed(context, hubId);
    if (enterprise.isHub) return enterprise;
    throw new DomainError('invalid-state', { detail: 'This enterprise is not a hub.' });
  }

  /**
   * Checks that one produces and the other is a hub. @throws invalid-input for one enterprise as both, not-found and
   * invalid-state naming the field.
   */
  async requireSides(
    context: CallContext,
    { producerId, hubId }: { producerId: string; hubId: string },
  ): Promise<void> {
    if (producerId === hubId) {
      throw new DomainError('invalid-input', {
        detail: 'A hub sells its own goods without an agreement.',
        fields: [{ path: 'producerId', message: 'must be another enterprise than the hub' }],
      });
    }
    const [producer, hub] = await Promise.all([
      this.#named(context, 'producerId', producerId),
      this.#named(context, 'hubId', hubId),
    ]);
    if (!producer.isProducer) throw isNot('producerId', 'producer');
    if (!hub.isHub) throw isNot('hubId', 'hub');
  }

  /** @throws not-found naming the field of the request. */
  async #named(context: CallContext, path: string, enterprise: string): Promise<Enterprise> {
    try {
      return await this.rpc.call(hubsRpc.getEnterprise, { enterprise }, context);
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'not-found') throw error;
      const fields = [{ path, message: 'is nobody in this network' }];
      throw new DomainError('not-found', { detail: error.message, fields }, error);
    }
  }

  #managed(context: CallContext, enterpriseId: string): Promise<Enterprise> {
    requireEnterprise(context, enterpriseId);
    return this.rpc.call(hubsRpc.getEnterprise, { enterprise: enterpriseId }, context);
  }
}

function isNot(path: string, what: 'producer' | 'hub'): DomainError {
  return new DomainError('invalid-state', {
    detail: `This enterprise is not a ${what}.`,
    fields: [{ path, message: `is not a ${what}` }],
  });
}
