import { operationsRpc, type CallContext, type RpcInput, type RpcOutput } from '@foodshed/contracts';
import { Rpc } from '@foodshed/platform';
import { Controller } from '@nestjs/common';
import { ReconciliationService } from '../reconciliation/reconciliation.service.js';
import { OperationsService } from './operations.service.js';

type In<K extends keyof typeof operationsRpc> = RpcInput<(typeof operationsRpc)[K]>;
type Out<K extends keyof typeof operationsRpc> = Promise<RpcOutput<(typeof operationsRpc)[K]>>;

@Controller()
export class OperationsController {
  constructor(
    private readonly operations: OperationsService,
    private readonly reconciliations: ReconciliationService,
  ) {}

  @Rpc(operationsRpc.getOperations)
  get(): Out<'getOperations'> {
    return this.operations.operations();
  }

  @Rpc(operationsRpc.listDeadLetters)
  deadLetters(input: In<'listDeadLetters'>): Out<'listDeadLetters'> {
    return this.operations.deadLetters(input);
  }

  @Rpc(operationsRpc.replayDeadLetter)
  replay(input: In<'replayDeadLetter'>, context: CallContext): Out<'replayDeadLetter'> {
    return this.operations.replay(input.sequence, context);
  }

  @Rpc(operationsRpc.startReconciliation)
  reconcile(_input: In<'startReconciliation'>, context: CallContext): Out<'startReconciliation'> {
    return this.reconciliations.start(context);
  }

  @Rpc(operationsRpc.listReconciliations)
  listReconciliations(input: In<'listReconciliations'>): Out<'listReconciliations'> {
    return this.reconciliations.list(input);
  }
}
