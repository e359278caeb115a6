import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { HubsKeys } from '../hubs.config.js';
import { comparable } from './contact.rules.js';

/** Hashes contacts so that they can be compared, and not be read or guessed without the key. */
@Injectable()
export class ContactService {
  constructor(private readonly keys: HubsKeys) {}

  /** The keyed hash of an e-mail address or telephone number; 32 bytes, the same for every way to write it. */
  hash(contact: string): Buffer {
    return createHmac('sha256', this.keys.contacts).update(comparable(contact)).digest();
  }
}
