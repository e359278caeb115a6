import { adminRpc, type CallContext, type RpcInput, type RpcOutput } from '@foodshed/contracts';
import { Rpc } from '@foodshed/platform';
import { Controller } from '@nestjs/common';
import { ApiTokenService } from './api-token.service.js';
import { SessionService } from './session.service.js';

type In<K extends keyof typeof adminRpc> = RpcInput<(typeof adminRpc)[K]>;
type Out<K extends keyof typeof adminRpc> = Promise<RpcOutput<(typeof adminRpc)[K]>>;

@Controller()
export class SessionController {
  constructor(
    private readonly sessions: SessionService,
    private readonly apiTokens: ApiTokenService,
  ) {}

  @Rpc(adminRpc.signIn)
  signIn(input: In<'signIn'>): Out<'signIn'> {
    return this.sessions.signIn(input);
  }

  @Rpc(adminRpc.resolveSession)
  resolve(input: In<'resolveSession'>): Out<'resolveSession'> {
    return this.sessions.resolve(input.sessionToken);
  }

  @Rpc(adminRpc.resolveApiToken)
  resolveApiToken(input: In<'resolveApiToken'>): Out<'resolveApiToken'> {
    return this.sessions.resolveApiToken(input.apiToken);
  }

  @Rpc(adminRpc.signOut)
  signOut(input: In<'signOut'>): Out<'signOut'> {
    return this.sessions.signOut(input.sessionToken);
  }

  @Rpc(adminRpc.switchInstance)
  switchInstance(input: In<'switchInstance'>): Out<'switchInstance'> {
    return this.sessions.switchInstance(input);
  }

  @Rpc(adminRpc.createApiToken)
  createApiToken(input: In<'createApiToken'>, context: CallContext): Out<'createApiToken'> {
    return this.apiTokens.create(input, context);
  }

  @Rpc(adminRpc.listApiTokens)
  listApiTokens(input: In<'listApiTokens'>, context: CallContext): Out<'listApiTokens'> {
    return this.apiTokens.list(input, context);
  }

  @Rpc(adminRpc.revokeApiToken)
  revokeApiToken(input: In<'revokeApiToken'>, context: CallContext): Out<'revokeApiToken'> {
    return this.apiTokens.revoke(input.apiTokenId, context);
  }
}
