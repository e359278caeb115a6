import {
  deliveryBody,
  developersRpc,
  id,
  newPitch,
  pitchesQuery,
  pledgeBody,
  pledgesQuery,
  receiptBody,
  statementPeriod,
  verdictBody,
  type CallContext,
  type RpcInput,
} from '@foodshed/contracts';
import { RpcClient } from '@foodshed/platform';
import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Answers, CallerContext, IdempotencyKey } from './http.decorators.js';

type In<K extends keyof typeof developersRpc> = RpcInput<(typeof developersRpc)[K]>;
type Page = { cursor?: string; limit: number };

@ApiTags('pitches')
@Controller('api')
export class PitchController {
  constructor(private readonly rpc: RpcClient) {}

  @Get('pitches')
  @Answers(developersRpc.listPitches)
  list(@Query({ schema: pitchesQuery }) query: In<'listPitches'>, @CallerContext() context: CallContext) {
    return this.rpc.call(developersRpc.listPitches, query, context);
  }

  @Post('pitches')
  @Answers(developersRpc.makePitch, { status: 201 })
  make(
    @Body({ schema: newPitch }) body: In<'makePitch'>,
    @IdempotencyKey() idempotencyKey: string,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(developersRpc.makePitch, body, context, { idempotencyKey });
  }

  @Get('pitches/:pitchId')
  @Answers(developersRpc.getPitch)
  get(@Param('pitchId', { schema: id }) pitchId: string, @CallerContext() context: CallContext) {
    return this.rpc.call(developersRpc.getPitch, { pitchId }, context);
  }

  @Post('pitches/:pitchId/delivery')
  @HttpCode(200)
  @Answers(developersRpc.deliverPitch)
  deliver(
    @Param('pitchId', { schema: id }) pitchId: string,
    @Body({ schema: deliveryBody }) delivery: In<'deliverPitch'>['delivery'],
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(developersRpc.deliverPitch, { pitchId, delivery }, context);
  }

  @Post('pitches/:pitchId/withdrawal')
  @HttpCode(200)
  @Answers(developersRpc.withdrawPitch)
  withdraw(@Param('pitchId', { schema: id }) pitchId: string, @CallerContext() context: CallContext) {
    return this.rpc.call(developersRpc.withdrawPitch, { pitchId }, context);
  }

  @Get('pitches/:pitchId/pledges')
  @Answers(developersRpc.listPitchPledges)
  pledges(
    @Param('pitchId', { schema: id }) pitchId: string,
    @Query({ schema: pledgesQuery }) query: Page,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(developersRpc.listPitchPledges, { pitchId, ...query }, context);
  }

  @Post('pitches/:pitchId/pledges')
  @Answers(developersRpc.pledge, { status: 201 })
  pledge(
    @Param('pitchId', { schema: id }) pitchId: string,
    @Body({ schema: pledgeBody }) body: Omit<In<'pledge'>, 'pitchId'>,
    @IdempotencyKey() idempotencyKey: string,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(developersRpc.pledge, { pitchId, ...body }, context, { idempotencyKey });
  }
}

@ApiTags('pledges')
@Controller('api')
export class PledgeController {
  constructor(private readonly rpc: RpcClient) {}

  @Get('pledges')
  @Answers(developersRpc.listPledges)
  own(@Query({ schema: pledgesQuery }) query: Page, @CallerContext() context: CallContext) {
    return this.rpc.call(developersRpc.listPledges, query, context);
  }

  @Post('pledges/:pledgeId/receipt')
  @Answers(developersRpc.recordReceipt, { status: 201 })
  receive(
    @Param('pledgeId', { schema: id }) pledgeId: string,
    @Body({ schema: receiptBody }) body: Omit<In<'recordReceipt'>, 'pledgeId'>,
    @IdempotencyKey() idempotencyKey: string,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(developersRpc.recordReceipt, { pledgeId, ...body }, context, { idempotencyKey });
  }

  @Post('pledges/:pledgeId/withdrawal')
  @HttpCode(200)
  @Answers(developersRpc.withdrawPledge)
  withdraw(@Param('pledgeId', { schema: id }) pledgeId: string, @CallerContext() context: CallContext) {
    return this.rpc.call(developersRpc.withdrawPledge, { pledgeId }, context);
  }

  @Put('pledges/:pledgeId/verdict')
  @Answers(developersRpc.giveVerdict)
  judge(
    @Param('pledgeId', { schema: id }) pledgeId: string,
    @Body({ schema: verdictBody }) body: Omit<In<'giveVerdict'>, 'pledgeId'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(developersRpc.giveVerdict, { pledgeId, ...body }, context);
  }
}

@ApiTags('developing')
@Controller('api/developing')
export class DevelopingController {
  constructor(private readonly rpc: RpcClient) {}

  @Get('earnings')
  @Answers(developersRpc.listEarnings)
  earnings(@Query({ schema: pledgesQuery }) query: Page, @CallerContext() context: CallContext) {
    return this.rpc.call(developersRpc.listEarnings, query, context);
  }

  @Get('statement')
  @Answers(developersRpc.getDevelopingStatement)
  statement(
    @Query({ schema: statementPeriod }) query: In<'getDevelopingStatement'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(developersRpc.getDevelopingStatement, query, context);
  }
}
