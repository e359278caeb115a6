import { Module, type OnModuleInit } from '@nestjs/common';
import { PackingController } from '../packing/packing.controller.js';
import { PackingService } from '../packing/packing.service.js';
import { CheckoutController } from './checkout.controller.js';
import { OffersService } from './offers.service.js';
import { OrderEndsService } from './order-ends.service.js';
import { assertStateTables } from './order-state.rules.js';
import { OrderViewService } from './order-view.service.js';
import { OrdersListService } from './orders-list.service.js';
import { PaymentBatchService } from './payment-batch.service.js';
import { PaymentsService } from './payments.service.js';
import { PlacingBatchService } from './placing-batch.service.js';
import { PlacingService } from './placing.service.js';
import { QuotesService } from './quotes.service.js';
import { RefundsService } from './refunds.service.js';

@Module({
  controllers: [CheckoutController, PackingController],
  providers: [
    OffersService,
    OrderEndsService,
    OrderViewService,
    OrdersListService,
    PackingService,
    PaymentBatchService,
    PaymentsService,
    PlacingBatchService,
    PlacingService,
    QuotesService,
    RefundsService,
  ],
})
export class CheckoutModule implements OnModuleInit {
  onModuleInit(): void {
    assertStateTables();
  }
}
