import { developersRpc, type CallContext, type RpcInput, type RpcOutput } from '@foodshed/contracts';
import { Rpc } from '@foodshed/platform';
import { Controller } from '@nestjs/common';
import { PitchService } from './pitch.service.js';

type Input<K extends keyof typeof developersRpc> = RpcInput<(typeof developersRpc)[K]>;
type Output<K extends keyof typeof developersRpc> = Promise<RpcOutput<(typeof developersRpc)[K]>>;

@Controller()
export class PitchController {
  constructor(private readonly pitches: PitchService) {}

  @Rpc(developersRpc.makePitch)
  make(input: Input<'makePitch'>, context: CallContext): Output<'makePitch'> {
    return this.pitches.make(input, context);
  }

  @Rpc(developersRpc.listPitches)
  list(input: Input<'listPitches'>, context: CallContext): Output<'listPitches'> {
    return this.pitches.list(input, context);
  }

  @Rpc(developersRpc.getPitch)
  get({ pitchId }: Input<'getPitch'>, context: CallContext): Output<'getPitch'> {
    return this.pitches.get(pitchId, context);
  }

  @Rpc(developersRpc.deliverPitch)
  deliver(input: Input<'deliverPitch'>, context: CallContext): Output<'deliverPitch'> {
    return this.pitches.deliver(input, context);
  }

  @Rpc(developersRpc.withdrawPitch)
  withdraw({ pitchId }: Input<'withdrawPitch'>, context: CallContext): Output<'withdrawPitch'> {
    return this.pitches.withdraw(pitchId, context);
  }
}
