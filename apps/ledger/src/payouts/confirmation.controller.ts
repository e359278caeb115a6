import { confirmationRpc, type CallContext, type RpcInput, type RpcOutput } from '@foodshed/contracts';
import { Rpc } from '@foodshed/platform';
import { Controller } from '@nestjs/common';
import { ConfirmationService } from './confirmation.service.js';

@Controller()
export class ConfirmationController {
  constructor(private readonly confirmations: ConfirmationService) {}

  @Rpc(confirmationRpc.listUnconfirmed)
  unconfirmed(
    input: RpcInput<typeof confirmationRpc.listUnconfirmed>,
    context: CallContext,
  ): Promise<RpcOutput<typeof confirmationRpc.listUnconfirmed>> {
    return this.confirmations.unconfirmed(input, context);
  }

  @Rpc(confirmationRpc.confirmCaptures)
  confirm(
    input: RpcInput<typeof confirmationRpc.confirmCaptures>,
    context: CallContext,
  ): Promise<RpcOutput<typeof confirmationRpc.confirmCaptures>> {
    return this.confirmations.confirm(input, context);
  }

  @Rpc(confirmationRpc.recordHandover)
  record(
    input: RpcInput<typeof confirmationRpc.recordHandover>,
    context: CallContext,
  ): Promise<RpcOutput<typeof confirmationRpc.recordHandover>> {
    return this.confirmations.record(input, context);
  }

  @Rpc(confirmationRpc.answerHandover)
  answer(
    input: RpcInput<typeof confirmationRpc.answerHandover>,
    context: CallContext,
  ): Promise<RpcOutput<typeof confirmationRpc.answerHandover>> {
    return this.confirmations.answer(input, context);
  }

  @Rpc(confirmationRpc.listHandovers)
  handovers(
    input: RpcInput<typeof confirmationRpc.listHandovers>,
    context: CallContext,
  ): Promise<RpcOutput<typeof confirmationRpc.listHandovers>> {
    return this.confirmations.handovers(input, context);
  }
}
