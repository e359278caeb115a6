import { ledgerRpc, type RpcInput, type RpcOutput } from '@foodshed/contracts';
import { Rpc } from '@foodshed/platform';
import { Controller } from '@nestjs/common';
import { PostingService } from './posting.service.js';

@Controller()
export class PostingController {
  constructor(private readonly posting: PostingService) {}

  @Rpc(ledgerRpc.postBatch)
  async post(input: RpcInput<typeof ledgerRpc.postBatch>): Promise<RpcOutput<typeof ledgerRpc.postBatch>> {
    const { head, outcomes } = await this.posting.post(input);
    return { head, outcomes: [...outcomes] };
  }
}
