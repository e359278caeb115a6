import {
  adminRpc,
  DomainError,
  sessionView,
  signInBody,
  switchInstanceBody,
  type CallerKind,
  type RpcInput,
  type SessionView,
} from '@foodshed/contracts';
import { Clock, RpcClient } from '@foodshed/platform';
import {
  applyDecorators,
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Post,
  Put,
  Req,
  Res,
} from '@nestjs/common';
import { ApiExtension, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Callers } from './edge/callers.service.js';
import type { EdgeRequest } from './edge/edge.request.js';
import { clearSessionCookie, readSessionCookie, setSessionCookie } from './edge/session.cookie.js';
import { GatewayConfig } from './gateway.config.js';

const AnswersSession = (...callers: CallerKind[]): MethodDecorator =>
  applyDecorators(
    ApiExtension('x-callers', callers),
    ApiResponse({
      status: 200,
      description: 'Who is signed in, and where',
      standardSchema: sessionView as never,
    }),
  );

/** Signing in with a cookie; its secret is known to the browser and, hashed, to admin, and to nobody else. */
@ApiTags('session')
@Controller('api/session')
export class SessionController {
  constructor(
    private readonly rpc: RpcClient,
    private readonly callers: Callers,
    private readonly clock: Clock,
    private readonly config: GatewayConfig,
  ) {}

  @Post()
  @HttpCode(200)
  @AnswersSession('anonymous')
  async signIn(
    @Body({ schema: signInBody }) body: RpcInput<typeof adminRpc.signIn>,
    @Req() request: EdgeRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionView> {
    const instanceSlug = body.instanceSlug ?? visitedInstance(request);
    const answer = await this.rpc.call(adminRpc.signIn, { ...body, instanceSlug }, 'service');
    this.#keepCookie(reply, answer.sessionToken, answer.sessionExpiresAt);
    return answer.session;
  }

  @Get()
  @AnswersSession('person')
  current(@Req() request: EdgeRequest, @Res({ passthrough: true }) reply: FastifyReply): SessionView {
    const { session, sessionExpiresAt } = request.resolved.known;
    if (!session) throw new DomainError('unauthenticated', { detail: 'Nobody is signed in.' });
    // A session goes on while it is used, and so does the browser's cookie.
    const sessionToken = readSessionCookie(request);
    if (sessionToken && sessionExpiresAt) this.#keepCookie(reply, sessionToken, sessionExpiresAt);
    return session;
  }

  @Put('instance')
  @AnswersSession('person')
  async switchInstance(
    @Body({ schema: switchInstanceBody }) { slug }: { slug: string },
    @Req() request: EdgeRequest,
  ): Promise<SessionView> {
    const sessionToken = readSessionCookie(request);
    if (!sessionToken || request.resolved.credential !== 'cookie') {
      throw new DomainError('unauthenticated', { detail: 'Sign in to do this.' });
    }
    const answer = await this.rpc.call(adminRpc.switchInstance, { sessionToken, slug }, 'service');
    this.callers.forget(sessionToken);
    return answer.session;
  }

  @Delete()
  @HttpCode(204)
  @ApiExtension('x-callers', ['anonymous'])
  async signOut(@Req() request: EdgeRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    const sessionToken = readSessionCookie(request);
    clearSessionCookie(reply);
    if (!sessionToken || request.resolved.credential !== 'cookie') return;
    try {
      await this.rpc.call(adminRpc.signOut, { sessionToken }, 'service');
    } finally {
      // Afterwards: a request at the same moment may have been answered by the session that ends.
      this.callers.forget(sessionToken);
    }
  }

  #keepCookie(reply: FastifyReply, sessionToken: string, expiresAt: string): void {
    const maxAgeSeconds = Math.floor((Date.parse(expiresAt) - this.clock.now().getTime()) / 1000);
    setSessionCookie(reply, sessionToken, { maxAgeSeconds, secure: this.config.isSecure });
  }
}

/** The instance whose pages the visitor looks at; a session that still stands says nothing about that. */
function visitedInstance(request: EdgeRequest): string | undefined {
  const { credential, known } = request.resolved;
  return credential === 'none' ? known.instanceSlug : undefined;
}
