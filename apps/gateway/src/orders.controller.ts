import {
  composedQuote,
  id,
  listOrdersRequest,
  ordersRpc,
  placeOrderRequest,
  quoteRequest,
  recordPaymentRequest,
  recordPaymentsRequest,
  refundRequest,
  type CallContext,
  type RpcInput,
} from '@foodshed/contracts';
import { RpcClient } from '@foodshed/platform';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Answers, CallerContext, IdempotencyKey } from './http.decorators.js';
import { QuotesService } from './quotes.service.js';

type In<K extends keyof typeof ordersRpc> = RpcInput<(typeof ordersRpc)[K]>;

const paymentBody = recordPaymentRequest.omit({ orderId: true });
const paymentsBody = recordPaymentsRequest.omit({ hubId: true });
const refundBody = refundRequest.omit({ orderId: true });

@ApiTags('orders')
@Controller('api')
export class OrdersController {
  constructor(
    private readonly rpc: RpcClient,
    private readonly quotes: QuotesService,
  ) {}

  /** Amounts always; who gets what of them when hubs and commission can say. */
  @Post('orders/quotes')
  @HttpCode(200)
  @Answers({ ...ordersRpc.quoteOrder, output: composedQuote })
  quote(@Body({ schema: quoteRequest }) body: In<'quoteOrder'>, @CallerContext() context: CallContext) {
    return this.quotes.quote(body, context);
  }

  @Post('orders')
  @Answers(ordersRpc.placeOrder, { status: 201 })
  place(
    @Body({ schema: placeOrderRequest }) body: In<'placeOrder'>,
    @IdempotencyKey() idempotencyKey: string,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(ordersRpc.placeOrder, body, context, { idempotencyKey });
  }

  @Get('orders')
  @Answers(ordersRpc.listOrders)
  list(@Query({ schema: listOrdersRequest }) query: In<'listOrders'>, @CallerContext() context: CallContext) {
    return this.rpc.call(ordersRpc.listOrders, query, context);
  }

  @Get('orders/:orderId')
  @Answers(ordersRpc.getOrder)
  get(@Param('orderId', { schema: id }) orderId: string, @CallerContext() context: CallContext) {
    return this.rpc.call(ordersRpc.getOrder, { orderId }, context);
  }

  @Post('orders/:orderId/payments')
  @Answers(ordersRpc.recordPayment, { status: 201 })
  pay(
    @Param('orderId', { schema: id }) orderId: string,
    @Body({ schema: paymentBody }) body: Omit<In<'recordPayment'>, 'orderId'>,
    @IdempotencyKey() idempotencyKey: string,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(ordersRpc.recordPayment, { orderId, ...body }, context, { idempotencyKey });
  }

  /** Each by itself: the answer says of every payment whether it was recorded, in their order. */
  @Post('hubs/:hubId/payments')
  @HttpCode(200)
  @Answers(ordersRpc.recordPayments)
  payAll(
    @Param('hubId', { schema: id }) hubId: string,
    @Body({ schema: paymentsBody }) body: Omit<In<'recordPayments'>, 'hubId'>,
    @IdempotencyKey() idempotencyKey: string,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(ordersRpc.recordPayments, { hubId, ...body }, context, { idempotencyKey });
  }

  @Post('orders/:orderId/refunds')
  @Answers(ordersRpc.refundOrder, { status: 201 })
  refund(
    @Param('orderId', { schema: id }) orderId: string,
    @Body({ schema: refundBody }) body: Omit<In<'refundOrder'>, 'orderId'>,
    @IdempotencyKey() idempotencyKey: string,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(ordersRpc.refundOrder, { orderId, ...body }, context, { idempotencyKey });
  }

  @Post('orders/:orderId/cancellation')
  @HttpCode(200)
  @Answers(ordersRpc.cancelOrder)
  cancel(@Param('orderId', { schema: id }) orderId: string, @CallerContext() context: CallContext) {
    return this.rpc.call(ordersRpc.cancelOrder, { orderId }, context);
  }

  @Post('orders/:orderId/fulfilment')
  @HttpCode(200)
  @Answers(ordersRpc.fulfilOrder)
  fulfil(@Param('orderId', { schema: id }) orderId: string, @CallerContext() context: CallContext) {
    return this.rpc.call(ordersRpc.fulfilOrder, { orderId }, context);
  }
}
