import { Controller } from '@nestjs/common';
import { ordersRpc, type CallContext, type RpcInput } from '@foodshed/contracts';
import { Rpc } from '@foodshed/platform';
import { OrderEndsService } from './order-ends.service.js';
import { OrdersListService } from './orders-list.service.js';
import { PaymentsService } from './payments.service.js';
import { PlacingService } from './placing.service.js';
import { QuotesService } from './quotes.service.js';
import { RefundsService } from './refunds.service.js';

type In<Name extends keyof typeof ordersRpc> = RpcInput<(typeof ordersRpc)[Name]>;

@Controller()
export class CheckoutController {
  constructor(
    private readonly quotes: QuotesService,
    private readonly placing: PlacingService,
    private readonly payments: PaymentsService,
    private readonly refunds: RefundsService,
    private readonly ends: OrderEndsService,
    private readonly lists: OrdersListService,
  ) {}

  @Rpc(ordersRpc.quoteOrder)
  quoteOrder(input: In<'quoteOrder'>, context: CallContext) {
    return this.quotes.quoteOrder(input, context);
  }

  @Rpc(ordersRpc.placeOrder)
  placeOrder(input: In<'placeOrder'>, context: CallContext) {
    return this.placing.placeOrder(input, context);
  }

  @Rpc(ordersRpc.listOrders)
  listOrders(input: In<'listOrders'>, context: CallContext) {
    return this.lists.listOrders(input, context);
  }

  @Rpc(ordersRpc.getOrder)
  getOrder(input: In<'getOrder'>, context: CallContext) {
    return this.lists.getOrder(input, context);
  }

  @Rpc(ordersRpc.recordPayment)
  recordPayment(input: In<'recordPayment'>, context: CallContext) {
    return this.payments.recordPayment(input, context);
  }

  @Rpc(ordersRpc.recordPayments)
  recordPayments(input: In<'recordPayments'>, context: CallContext) {
    return this.payments.recordPayments(input, context);
  }

  @Rpc(ordersRpc.refundOrder)
  refundOrder(input: In<'refundOrder'>, context: CallContext) {
    return this.refunds.refundOrder(input, context);
  }

  @Rpc(ordersRpc.cancelOrder)
  cancelOrder(input: In<'cancelOrder'>, context: CallContext) {
    return this.ends.cancelOrder(input, context);
  }

  @Rpc(ordersRpc.fulfilOrder)
  fulfilOrder(input: In<'fulfilOrder'>, context: CallContext) {
    return this.ends.fulfilOrder(input, context);
  }

  @Rpc(ordersRpc.listSalesTotals)
  listSalesTotals(input: In<'listSalesTotals'>, context: CallContext) {
    return this.lists.listSalesTotals(input, context);
  }
}
