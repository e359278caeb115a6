import {
  confirmationRequest,
  confirmationRpc,
  handoverAnswer,
  handoverRequest,
  id,
  type CallContext,
  type RpcInput,
} from '@foodshed/contracts';
import { RpcClient } from '@foodshed/platform';
import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Answers, CallerContext } from './http.decorators.js';

type In<K extends keyof typeof confirmationRpc> = RpcInput<(typeof confirmationRpc)[K]>;

@ApiTags('payouts')
@Controller('api')
export class ConfirmationController {
  constructor(private readonly rpc: RpcClient) {}

  /** Money of orders that nobody confirmed: of a hub's till with `hubId`, of the instance's bank account without. */
  @Get('captures/unconfirmed')
  @Answers(confirmationRpc.listUnconfirmed)
  unconfirmed(
    @Query({ schema: confirmationRpc.listUnconfirmed.input }) query: In<'listUnconfirmed'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(confirmationRpc.listUnconfirmed, query, context);
  }

  /** The instance saw these transfers in its bank account. What is confirmed already stays so. */
  @Post('captures/confirmations')
  @HttpCode(200)
  @Answers(confirmationRpc.confirmCaptures)
  confirm(
    @Body({ schema: confirmationRequest }) body: In<'confirmCaptures'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(confirmationRpc.confirmCaptures, body, context);
  }

  /** A hub says that it handed the cash of these captures over to the instance. */
  @Post('hubs/:hubId/cash-handovers')
  @Answers(confirmationRpc.recordHandover, { status: 201 })
  record(
    @Param('hubId', { schema: id }) hubId: string,
    @Body({ schema: handoverRequest }) body: Omit<In<'recordHandover'>, 'hubId'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(confirmationRpc.recordHandover, { hubId, ...body }, context);
  }

  @Get('cash-handovers')
  @Answers(confirmationRpc.listHandovers)
  handovers(
    @Query({ schema: confirmationRpc.listHandovers.input }) query: In<'listHandovers'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(confirmationRpc.listHandovers, query, context);
  }

  /** Whether the instance received the cash; an answer stays. */
  @Put('cash-handovers/:handoverId/state')
  @Answers(confirmationRpc.answerHandover)
  answer(
    @Param('handoverId', { schema: id }) handoverId: string,
    @Body({ schema: handoverAnswer }) body: Omit<In<'answerHandover'>, 'handoverId'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(confirmationRpc.answerHandover, { handoverId, ...body }, context);
  }
}
