import { Module } from '@nestjs/common';
import { CatalogueModule } from './catalogue/catalogue.module.js';
import { CheckoutModule } from './checkout/checkout.module.js';

@Module({ imports: [CatalogueModule, CheckoutModule] })
export class OrdersModule {}
