import { Module } from '@nestjs/common';
import { ModelController } from './models/model.controller.js';
import { ModelService } from './models/model.service.js';
import { SimulationService } from './models/simulation.service.js';
import { ExplanationService } from './splits/explanation.service.js';
import { SplitConsumer } from './splits/split.consumer.js';
import { SplitController } from './splits/split.controller.js';
import { SplitService } from './splits/split.service.js';
import { TierService } from './splits/tier.service.js';

@Module({
  controllers: [ModelController, SplitController],
  providers: [ExplanationService, ModelService, SimulationService, SplitConsumer, SplitService, TierService],
})
export class CommissionModule {}
