import { contributionsRpc, type CallContext, type RpcInput, type RpcOutput } from '@foodshed/contracts';
import { Rpc } from '@foodshed/platform';
import { Controller } from '@nestjs/common';
import { GiftService } from './gift.service.js';

type Input<K extends keyof typeof contributionsRpc> = RpcInput<(typeof contributionsRpc)[K]>;
type Output<K extends keyof typeof contributionsRpc> = Promise<RpcOutput<(typeof contributionsRpc)[K]>>;

@Controller()
export class GiftController {
  constructor(private readonly gifts: GiftService) {}

  @Rpc(contributionsRpc.give)
  give(input: Input<'give'>, context: CallContext): Output<'give'> {
    return this.gifts.give(input, context);
  }

  @Rpc(contributionsRpc.recordGiftReceipt)
  receive(input: Input<'recordGiftReceipt'>, context: CallContext): Output<'recordGiftReceipt'> {
    return this.gifts.receive(input, context);
  }

  @Rpc(contributionsRpc.withdrawGift)
  withdraw(input: Input<'withdrawGift'>, context: CallContext): Output<'withdrawGift'> {
    return this.gifts.withdraw(input, context);
  }

  @Rpc(contributionsRpc.listGiven)
  given(input: Input<'listGiven'>, context: CallContext): Output<'listGiven'> {
    return this.gifts.given(input, context);
  }

  @Rpc(contributionsRpc.listPromised)
  promised(input: Input<'listPromised'>, context: CallContext): Output<'listPromised'> {
    return this.gifts.promised(input, context);
  }
}
