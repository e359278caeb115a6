import { DomainError, idempotencyKey, type CallContext, type Rpc } from '@foodshed/contracts';
import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExtension, ApiHeader, ApiResponse } from '@nestjs/swagger';
import type { EdgeRequest } from './edge/edge.request.js';

function requestOf(context: ExecutionContext): EdgeRequest {
  return context.switchToHttp().getRequest<EdgeRequest>();
}

/** Who is asking, as the context that every RPC takes: a signed-in person, a program, or an anonymous visitor. */
export const CallerContext = createParamDecorator(
  (_data: unknown, context: ExecutionContext): CallContext => requestOf(context).callContext,
);

const KeyParameter = createParamDecorator((_data: unknown, context: ExecutionContext): string => {
  const given = requestOf(context).headers['idempotency-key'];
  if (given === undefined) {
    throw new DomainError('idempotency-key-missing', {
      detail: 'Send an Idempotency-Key header: the same key again never does this twice.',
      fields: [{ path: 'Idempotency-Key', message: 'is required' }],
    });
  }
  const parsed = idempotencyKey.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new DomainError('invalid-input', {
    detail: 'Not valid: Idempotency-Key.',
    fields: [{ path: 'Idempotency-Key', message: parsed.error.issues[0]?.message ?? 'is not valid' }],
  });
});

/** The Idempotency-Key header, which a route that moves money or makes an order requires. @throws idempotency-key-missing */
export function IdempotencyKey(): ParameterDecorator {
  return (target, key, index) => {
    KeyParameter()(target, key, index);
    const descriptor = key && Object.getOwnPropertyDescriptor(target, key);
    if (!descriptor) return;
    ApiHeader({
      name: 'Idempotency-Key',
      required: true,
      description:
        'Any 8 to 128 printable characters; the same key with the same body is answered as before.',
    })(target, key, descriptor);
  };
}

/** Documents what the route answers and who may ask: those of the RPC behind it. */
export function Answers(
  rpc: Rpc<never, unknown> | Rpc,
  { status = 200 }: { status?: number } = {},
): MethodDecorator {
  return applyDecorators(
    ApiExtension('x-callers', rpc.callers),
    ApiExtension('x-rpc', rpc.subject),
    ApiResponse({ status, description: 'Done', standardSchema: rpc.output as never }),
  );
}

/** Lets the body of the route be larger than the usual 1 MiB. */
export function BodyLimit(bytes: number): MethodDecorator {
  return RouteConfig({ bodyLimit: bytes }) as MethodDecorator;
}
