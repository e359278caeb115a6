import { Module, type OnModuleInit } from '@nestjs/common';
import { CycleController } from '../cycles/cycle.controller.js';
import { CycleJobs } from '../cycles/cycle.jobs.js';
import { CycleService } from '../cycles/cycle.service.js';
import { ShopService } from '../cycles/shop.service.js';
import { SupplyController } from '../supply/supply.controller.js';
import { assertSupplySteps } from '../supply/supply.rules.js';
import { SupplyService } from '../supply/supply.service.js';
import { CatalogueController } from './catalogue.controller.js';
import { EnterpriseService } from './enterprise.service.js';
import { ImportService } from './import.service.js';
import { ProductService } from './product.service.js';

@Module({
  controllers: [CatalogueController, CycleController, SupplyController],
  providers: [
    EnterpriseService,
    ProductService,
    ImportService,
    CycleService,
    ShopService,
    SupplyService,
    CycleJobs,
  ],
})
export class CatalogueModule implements OnModuleInit {
  onModuleInit(): void {
    assertSupplySteps();
  }
}
