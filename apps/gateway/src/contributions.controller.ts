import {
  contributionsRpc,
  giftAnswerBody,
  giftBody,
  giftReceiptBody,
  giftReturnBody,
  giftsQuery,
  id,
  statementPeriod,
  type CallContext,
  type GiftBody,
  type GiftReceiptBody,
  type GiftReturnBody,
  type RpcInput,
} from '@foodshed/contracts';
import { RpcClient } from '@foodshed/platform';
import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Answers, CallerContext, IdempotencyKey } from './http.decorators.js';

type Page = { cursor?: string; limit: number };
type StatementQuery = RpcInput<typeof contributionsRpc.getContributingStatement>;

const contributingPeriod = statementPeriod.omit({ currency: true });

@ApiTags('gifts')
@Controller('api/gifts')
export class GiftController {
  constructor(private readonly rpc: RpcClient) {}

  @Post()
  @Answers(contributionsRpc.give, { status: 201 })
  give(
    @Body({ schema: giftBody }) body: GiftBody,
    @IdempotencyKey() idempotencyKey: string,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(contributionsRpc.give, body, context, { idempotencyKey });
  }

  @Get('given')
  @Answers(contributionsRpc.listGiven)
  given(@Query({ schema: giftsQuery }) query: Page, @CallerContext() context: CallContext) {
    return this.rpc.call(contributionsRpc.listGiven, query, context);
  }

  @Get('received')
  @Answers(contributionsRpc.listReceived)
  received(@Query({ schema: giftsQuery }) query: Page, @CallerContext() context: CallContext) {
    return this.rpc.call(contributionsRpc.listReceived, query, context);
  }

  @Get('received/summary')
  @Answers(contributionsRpc.summarizeReceived)
  summary(@CallerContext() context: CallContext) {
    return this.rpc.call(contributionsRpc.summarizeReceived, {}, context);
  }

  @Get('promised')
  @Answers(contributionsRpc.listPromised)
  promised(@Query({ schema: giftsQuery }) query: Page, @CallerContext() context: CallContext) {
    return this.rpc.call(contributionsRpc.listPromised, query, context);
  }

  @Post(':giftId/receipt')
  @Answers(contributionsRpc.recordGiftReceipt, { status: 201 })
  receive(
    @Param('giftId', { schema: id }) giftId: string,
    @Body({ schema: giftReceiptBody }) body: GiftReceiptBody,
    @IdempotencyKey() idempotencyKey: string,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(contributionsRpc.recordGiftReceipt, { giftId, ...body }, context, {
      idempotencyKey,
    });
  }

  @Post(':giftId/withdrawal')
  @HttpCode(200)
  @Answers(contributionsRpc.withdrawGift)
  withdraw(@Param('giftId', { schema: id }) giftId: string, @CallerContext() context: CallContext) {
    return this.rpc.call(contributionsRpc.withdrawGift, { giftId }, context);
  }

  @Post(':giftId/return')
  @Answers(contributionsRpc.returnGift, { status: 201 })
  giveBack(
    @Param('giftId', { schema: id }) giftId: string,
    @Body({ schema: giftReturnBody }) body: GiftReturnBody,
    @IdempotencyKey() idempotencyKey: string,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(contributionsRpc.returnGift, { giftId, ...body }, context, { idempotencyKey });
  }

  @Put(':giftId/answer')
  @Answers(contributionsRpc.answerGift)
  answer(
    @Param('giftId', { schema: id }) giftId: string,
    @Body({ schema: giftAnswerBody }) body: { answer: string },
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(contributionsRpc.answerGift, { giftId, ...body }, context);
  }
}

@ApiTags('contributing')
@Controller('api/contributing')
export class ContributingController {
  constructor(private readonly rpc: RpcClient) {}

  @Get('statement')
  @Answers(contributionsRpc.getContributingStatement)
  statement(
    @Query({ schema: contributingPeriod }) query: StatementQuery,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(contributionsRpc.getContributingStatement, query, context);
  }
}
