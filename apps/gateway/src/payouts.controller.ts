import {
  id,
  payeeOwner,
  payeeSettings,
  payoutChange,
  payoutSettings,
  payoutsRpc,
  runChange,
  type CallContext,
  type RpcInput,
} from '@foodshed/contracts';
import { RpcClient } from '@foodshed/platform';
import { Body, Controller, Get, Param, Post, Put, Query, StreamableFile } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import { Answers, CallerContext, IdempotencyKey } from './http.decorators.js';

type In<K extends keyof typeof payoutsRpc> = RpcInput<(typeof payoutsRpc)[K]>;
const { ownerKind } = payeeOwner.shape;
type OwnerKind = In<'getPayee'>['ownerKind'];

@ApiTags('payouts')
@Controller('api')
export class PayoutsController {
  constructor(private readonly rpc: RpcClient) {}

  @Get('payees/:ownerKind/:ownerId')
  @Answers(payoutsRpc.getPayee)
  payee(
    @Param('ownerKind', { schema: ownerKind }) kind: OwnerKind,
    @Param('ownerId', { schema: id }) ownerId: string,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(payoutsRpc.getPayee, { ownerKind: kind, ownerId }, context);
  }

  /** Where and when an owner wants to be paid; only they see it. */
  @Put('payees/:ownerKind/:ownerId')
  @Answers(payoutsRpc.setPayee)
  setPayee(
    @Param('ownerKind', { schema: ownerKind }) kind: OwnerKind,
    @Param('ownerId', { schema: id }) ownerId: string,
    @Body({ schema: payeeSettings }) body: Omit<In<'setPayee'>, 'ownerKind' | 'ownerId'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(payoutsRpc.setPayee, { ownerKind: kind, ownerId, ...body }, context);
  }

  @Get('payouts')
  @Answers(payoutsRpc.listPayouts)
  payouts(
    @Query({ schema: payoutsRpc.listPayouts.input }) query: In<'listPayouts'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(payoutsRpc.listPayouts, query, context);
  }

  /** What the bank did with a payout that was sent; what nobody knows goes to review. */
  @Put('payouts/:payoutId/state')
  @Answers(payoutsRpc.changePayout)
  changePayout(
    @Param('payoutId', { schema: id }) payoutId: string,
    @Body({ schema: payoutChange }) body: Omit<In<'changePayout'>, 'payoutId'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(payoutsRpc.changePayout, { payoutId, ...body }, context);
  }

  @Get('payout-settings')
  @Answers(payoutsRpc.getPayoutSettings)
  settings(@CallerContext() context: CallContext) {
    return this.rpc.call(payoutsRpc.getPayoutSettings, {}, context);
  }

  @Put('payout-settings')
  @Answers(payoutsRpc.setPayoutSettings)
  setSettings(
    @Body({ schema: payoutSettings }) body: In<'setPayoutSettings'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(payoutsRpc.setPayoutSettings, body, context);
  }

  /** Reserves what every payee has available, as often and from as much on as they want. */
  @Post('payout-runs')
  @Answers(payoutsRpc.proposeRun, { status: 201 })
  propose(@IdempotencyKey() idempotencyKey: string, @CallerContext() context: CallContext) {
    return this.rpc.call(payoutsRpc.proposeRun, {}, context, { idempotencyKey });
  }

  @Get('payout-runs')
  @Answers(payoutsRpc.listRuns)
  runs(
    @Query({ schema: payoutsRpc.listRuns.input }) query: In<'listRuns'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(payoutsRpc.listRuns, query, context);
  }

  @Get('payout-runs/:runId')
  @Answers(payoutsRpc.getRun)
  run(
    @Param('runId', { schema: id }) runId: string,
    @Query({ schema: payoutsRpc.listRuns.input }) query: In<'listRuns'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(payoutsRpc.getRun, { runId, ...query }, context);
  }

  /** Approved by a second person above the instance's limit; sent, its money is on the way; cancelled, it is free again. */
  @Put('payout-runs/:runId/state')
  @Answers(payoutsRpc.changeRun)
  changeRun(
    @Param('runId', { schema: id }) runId: string,
    @Body({ schema: runChange }) body: Omit<In<'changeRun'>, 'runId'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(payoutsRpc.changeRun, { runId, ...body }, context);
  }

  /** The run's file for the bank, ISO 20022 pain.001.001.09. */
  @Get('payout-runs/:runId/file')
  @ApiProduces('application/xml')
  async file(@Param('runId', { schema: id }) runId: string, @CallerContext() context: CallContext) {
    const { name, content } = await this.rpc.call(payoutsRpc.getRunFile, { runId }, context);
    return new StreamableFile(Buffer.from(content, 'utf8'), {
      type: 'application/xml; charset=utf-8',
      disposition: `attachment; filename="${name}"`,
    });
  }
}
