import type { Rpc as RpcDefinition } from '@foodshed/contracts';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';

export interface RpcExtras {
  readonly rpc: RpcDefinition;
}

/**
 * Makes a method of a `@Controller()` answer the subject: `method(input, context)`. The caller's token, the
 * definition's list of callers and both schemas are checked around it.
 */
export function Rpc<I, O>(definition: RpcDefinition<I, O>): MethodDecorator {
  return (target, key, descriptor) => {
    const extras: RpcExtras = { rpc: definition as RpcDefinition };
    MessagePattern(definition.subject, { ...extras })(target, key, descriptor);
    Payload()(target, key, 0);
    Ctx()(target, key, 1);
  };
}
