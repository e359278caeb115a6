import { type CallContext, commissionRpc, type RpcInput, type RpcOutput } from '@foodshed/contracts';
import { Rpc } from '@foodshed/platform';
import { Controller } from '@nestjs/common';
import { ExplanationService } from './explanation.service.js';
import { SplitService } from './split.service.js';

@Controller()
export class SplitController {
  constructor(
    private readonly splits: SplitService,
    private readonly explanations: ExplanationService,
  ) {}

  @Rpc(commissionRpc.previewSplit)
  preview(
    input: RpcInput<typeof commissionRpc.previewSplit>,
    context: CallContext,
  ): Promise<RpcOutput<typeof commissionRpc.previewSplit>> {
    return this.splits.preview(input, context);
  }

  @Rpc(commissionRpc.listOrderSplits)
  ofOrder(
    input: RpcInput<typeof commissionRpc.listOrderSplits>,
    context: CallContext,
  ): Promise<RpcOutput<typeof commissionRpc.listOrderSplits>> {
    return this.explanations.ofOrder(input, context);
  }

  @Rpc(commissionRpc.explainSplit)
  explain(
    input: RpcInput<typeof commissionRpc.explainSplit>,
    context: CallContext,
  ): Promise<RpcOutput<typeof commissionRpc.explainSplit>> {
    return this.explanations.explain(input, context);
  }

  @Rpc(commissionRpc.listHolds)
  async listHolds(
    input: RpcInput<typeof commissionRpc.listHolds>,
  ): Promise<RpcOutput<typeof commissionRpc.listHolds>> {
    return { items: await this.explanations.listHolds(input) };
  }

  @Rpc(commissionRpc.listStanding)
  listStanding(
    input: RpcInput<typeof commissionRpc.listStanding>,
    context: CallContext,
  ): Promise<RpcOutput<typeof commissionRpc.listStanding>> {
    return this.explanations.listStanding(input, context);
  }
}
