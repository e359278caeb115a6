import { ledgerRpc, type RpcInput, type RpcOutput } from '@foodshed/contracts';
import { Rpc } from '@foodshed/platform';
import { Controller } from '@nestjs/common';
import { GiftService } from './gift.service.js';
import { PostingService } from './posting.service.js';

@Controller()
export class PostingController {
  constructor(
    private readonly posting: PostingService,
    private readonly gifts: GiftService,
  ) {}

  @Rpc(ledgerRpc.postBatch)
  async post(input: RpcInput<typeof ledgerRpc.postBatch>): Promise<RpcOutput<typeof ledgerRpc.postBatch>> {
    const { head, outcomes } = await this.posting.post(input);
    return { head, outcomes: [...outcomes] };
  }

  @Rpc(ledgerRpc.postGift)
  give(input: RpcInput<typeof ledgerRpc.postGift>): Promise<RpcOutput<typeof ledgerRpc.postGift>> {
    return this.gifts.post(input);
  }
}
