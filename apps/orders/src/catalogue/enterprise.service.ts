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

  #managed(context: CallContext, enterpriseId: string): Promise<Enterprise> {
    requireEnterprise(context, enterpriseId);
    return this.rpc.call(hubsRpc.getEnterprise, { enterprise: enterpriseId }, context);
  }
}
