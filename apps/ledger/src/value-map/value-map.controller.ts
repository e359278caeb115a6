import { valueMapRpc, type CallContext, type RpcInput, type RpcOutput } from '@foodshed/contracts';
import { Rpc } from '@foodshed/platform';
import { Controller } from '@nestjs/common';
import { ValueMapService } from './value-map.service.js';

@Controller()
export class ValueMapController {
  constructor(private readonly maps: ValueMapService) {}

  @Rpc(valueMapRpc.getValueMap)
  map(
    input: RpcInput<typeof valueMapRpc.getValueMap>,
    context: CallContext,
  ): Promise<RpcOutput<typeof valueMapRpc.getValueMap>> {
    return this.maps.map(input, context);
  }

  @Rpc(valueMapRpc.listArrowEntries)
  entries(
    input: RpcInput<typeof valueMapRpc.listArrowEntries>,
    context: CallContext,
  ): Promise<RpcOutput<typeof valueMapRpc.listArrowEntries>> {
    return this.maps.entries(input, context);
  }
}
