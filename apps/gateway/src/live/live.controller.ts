import { adminRpc, DomainError, hasRole, requireInstance, type CallContext } from '@foodshed/contracts';
import { RpcClient, Tokens } from '@foodshed/platform';
import { Controller, Get, Headers, Res } from '@nestjs/common';
import { ApiExtension, ApiHeader, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CallerContext } from '../http.decorators.js';
import { LiveChanges, type Change } from './live.service.js';

const HEARTBEAT_MS = 15_000;
/** What a browser waits before it comes back, after the stream ended with its token. */
const RETRY_MS = 1_000;
/** A browser that does not read is let go; it comes back and gets a snapshot. */
const MAX_BUFFERED_BYTES = 256 * 1024;

/** Live pages: server-sent events whose ids are the read model's sequence. */
@ApiTags('operations')
@Controller('api/dashboard/live')
export class LiveController {
  constructor(
    private readonly rpc: RpcClient,
    private readonly tokens: Tokens,
    private readonly changes: LiveChanges,
  ) {}

  /**
   * First `snapshot` with the whole dashboard (not when Last-Event-ID is still the newest), then
   * `dashboard-changed` with each new sequence; ends when the token does.
   */
  @Get()
  @ApiOperation({ summary: 'The dashboard as it changes (server-sent events)' })
  @ApiProduces('text/event-stream')
  @ApiHeader({ name: 'last-event-id', required: false })
  @ApiExtension('x-callers', adminRpc.getDashboard.callers)
  async stream(
    @CallerContext() context: CallContext,
    @Res() reply: FastifyReply,
    @Headers('last-event-id') lastEventId?: string,
  ): Promise<void> {
    const instance = requireInstance(context);
    if (!hasRole(context.caller, 'steward')) {
      const code = context.caller.kind === 'person' ? 'forbidden' : 'unauthenticated';
      throw new DomainError(code, { detail: 'Only stewards and operators see the dashboard.' });
    }
    const missed: Change[] = [];
    let write = (change: Change): void => void missed.push(change);
    const stop = this.changes.listen(instance.id, (change) => write(change));
    // The browser may leave while its snapshot is made; nothing of it must stay behind.
    reply.raw.once('close', stop);
    try {
      const snapshot = await this.rpc.call(adminRpc.getDashboard, {}, context);
      if (reply.raw.destroyed) return;
      const stream = this.#open(reply, this.tokens.expiryOf(context.token));
      let newest = snapshot.sequence;
      if (lastEventId === undefined || Number(lastEventId) !== newest)
        stream.send('snapshot', newest, snapshot);
      write = ({ sequence, changedAt }) => {
        if (sequence <= newest) return;
        newest = sequence;
        stream.send('dashboard-changed', sequence, { sequence, changedAt });
      };
      for (const change of missed) write(change);
    } catch (error) {
      stop();
      throw error;
    }
  }

  #open(reply: FastifyReply, expiresAtMs = Date.now()) {
    const { raw } = reply;
    reply.hijack();
    raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    raw.write(`retry: ${RETRY_MS}\n\n`);
    const heartbeat = setInterval(() => raw.write(': still here\n\n'), HEARTBEAT_MS);
    const end = (): void => void raw.end();
    const expiry = setTimeout(end, Math.max(0, expiresAtMs - Date.now()));
    this.changes.ending.addEventListener('abort', end, { once: true });
    raw.once('close', () => {
      clearInterval(heartbeat);
      clearTimeout(expiry);
      this.changes.ending.removeEventListener('abort', end);
    });
    return {
      send: (event: string, id: number, data: unknown): void => {
        if (raw.writableLength > MAX_BUFFERED_BYTES) return end();
        raw.write(`event: ${event}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`);
      },
    };
  }
}
