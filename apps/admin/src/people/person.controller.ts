import { adminRpc, type CallContext, type RpcInput, type RpcOutput } from '@foodshed/contracts';
import { Rpc } from '@foodshed/platform';
import { Controller } from '@nestjs/common';
import { EmailService } from './email.service.js';
import { MeService } from './me.service.js';
import { PersonService } from './person.service.js';
import { RegistrationService } from './registration.service.js';

type In<K extends keyof typeof adminRpc> = RpcInput<(typeof adminRpc)[K]>;
type Out<K extends keyof typeof adminRpc> = Promise<RpcOutput<(typeof adminRpc)[K]>>;

@Controller()
export class PersonController {
  constructor(
    private readonly registration: RegistrationService,
    private readonly people: PersonService,
    private readonly me: MeService,
    private readonly emails: EmailService,
  ) {}

  @Rpc(adminRpc.registerPerson)
  register(input: In<'registerPerson'>, context: CallContext): Out<'registerPerson'> {
    return this.registration.register(input, context);
  }

  @Rpc(adminRpc.invitePerson)
  invite(input: In<'invitePerson'>, context: CallContext): Out<'invitePerson'> {
    return this.registration.invite(input, context);
  }

  @Rpc(adminRpc.acceptInvitation)
  accept(input: In<'acceptInvitation'>): Out<'acceptInvitation'> {
    return this.registration.accept(input);
  }

  @Rpc(adminRpc.requestEmailVerification)
  requestVerification(
    _input: In<'requestEmailVerification'>,
    context: CallContext,
  ): Out<'requestEmailVerification'> {
    return this.emails.request(context);
  }

  @Rpc(adminRpc.verifyEmail)
  verifyEmail(input: In<'verifyEmail'>): Out<'verifyEmail'> {
    return this.emails.verify(input.secret);
  }

  @Rpc(adminRpc.getMe)
  getMe(_input: In<'getMe'>, context: CallContext): Out<'getMe'> {
    return this.me.get(context);
  }

  @Rpc(adminRpc.updateMe)
  updateMe(input: In<'updateMe'>, context: CallContext): Out<'updateMe'> {
    return this.me.update(input, context);
  }

  @Rpc(adminRpc.listPeople)
  list(input: In<'listPeople'>, context: CallContext): Out<'listPeople'> {
    return this.people.list(input, context);
  }

  @Rpc(adminRpc.getPeople)
  names(input: In<'getPeople'>, context: CallContext): Out<'getPeople'> {
    return this.people.names(input, context);
  }

  @Rpc(adminRpc.getContact)
  contact(input: In<'getContact'>): Out<'getContact'> {
    return this.people.contact(input);
  }

  @Rpc(adminRpc.erasePerson)
  erase(input: In<'erasePerson'>, context: CallContext): Out<'erasePerson'> {
    return this.people.erase(input.personId, context);
  }

  @Rpc(adminRpc.setRoles)
  setRoles(input: In<'setRoles'>, context: CallContext): Out<'setRoles'> {
    return this.people.setRoles(input, context);
  }
}
