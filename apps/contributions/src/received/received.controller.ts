import { contributionsRpc, type CallContext, type RpcInput, type RpcOutput } from '@foodshed/contracts';
import { Rpc } from '@foodshed/platform';
import { Controller } from '@nestjs/common';
import { ReceivedService } from './received.service.js';
import { ReturnService } from './return.service.js';

type Input<K extends keyof typeof contributionsRpc> = RpcInput<(typeof contributionsRpc)[K]>;
type Output<K extends keyof typeof contributionsRpc> = Promise<RpcOutput<(typeof contributionsRpc)[K]>>;

@Controller()
export class ReceivedController {
  constructor(
    private readonly received: ReceivedService,
    private readonly returns: ReturnService,
  ) {}

  @Rpc(contributionsRpc.listReceived)
  list(input: Input<'listReceived'>, context: CallContext): Output<'listReceived'> {
    return this.received.list(input, context);
  }

  @Rpc(contributionsRpc.summarizeReceived)
  summarize(_input: Input<'summarizeReceived'>, context: CallContext): Output<'summarizeReceived'> {
    return this.received.summarize(context);
  }

  @Rpc(contributionsRpc.answerGift)
  answer(input: Input<'answerGift'>, context: CallContext): Output<'answerGift'> {
    return this.received.answer(input, context);
  }

  @Rpc(contributionsRpc.returnGift)
  giveBack(input: Input<'returnGift'>, context: CallContext): Output<'returnGift'> {
    return this.returns.giveBack(input, context);
  }
}
