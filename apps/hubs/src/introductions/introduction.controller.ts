import { Controller } from '@nestjs/common';
import { hubsRpc, type CallContext, type RpcInput, type RpcOutput } from '@foodshed/contracts';
import { Rpc } from '@foodshed/platform';
import { IntroductionService } from './introduction.service.js';

@Controller()
export class IntroductionController {
  constructor(private readonly introductions: IntroductionService) {}

  @Rpc(hubsRpc.proposeIntroduction)
  propose(
    input: RpcInput<typeof hubsRpc.proposeIntroduction>,
    context: CallContext,
  ): Promise<RpcOutput<typeof hubsRpc.proposeIntroduction>> {
    return this.introductions.propose(input, context);
  }

  @Rpc(hubsRpc.listIntroductions)
  list(
    input: RpcInput<typeof hubsRpc.listIntroductions>,
    context: CallContext,
  ): Promise<RpcOutput<typeof hubsRpc.listIntroductions>> {
    return this.introductions.list(input, context);
  }

  @Rpc(hubsRpc.acceptIntroduction)
  accept(
    { introductionId }: RpcInput<typeof hubsRpc.acceptIntroduction>,
    context: CallContext,
  ): Promise<RpcOutput<typeof hubsRpc.acceptIntroduction>> {
    return this.introductions.answer(introductionId, 'accepted', context);
  }

  @Rpc(hubsRpc.refuseIntroduction)
  refuse(
    { introductionId }: RpcInput<typeof hubsRpc.refuseIntroduction>,
    context: CallContext,
  ): Promise<RpcOutput<typeof hubsRpc.refuseIntroduction>> {
    return this.introductions.answer(introductionId, 'refused', context);
  }
}
