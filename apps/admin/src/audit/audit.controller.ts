import { adminRpc, type CallContext, type RpcInput, type RpcOutput } from '@foodshed/contracts';
import { Rpc } from '@foodshed/platform';
import { Controller } from '@nestjs/common';
import { AuditService } from './audit.service.js';

@Controller()
export class AuditController {
  constructor(private readonly audit: AuditService) {}

  @Rpc(adminRpc.listAudit)
  list(
    input: RpcInput<typeof adminRpc.listAudit>,
    context: CallContext,
  ): Promise<RpcOutput<typeof adminRpc.listAudit>> {
    return this.audit.list(input, context);
  }
}
