import { randomBytes } from 'node:crypto';
import { Algorithm, hash, verify, type Options } from '@node-rs/argon2';
import { Injectable } from '@nestjs/common';

// OWASP's parameters for argon2id: 19 MiB, two passes, one lane; about 25 ms on one core. The value is
// written out because the package declares Algorithm as a const enum.
const options: Options = {
  algorithm: 2 satisfies Algorithm.Argon2id,
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
};

/** Hashes and checks passwords; where there is no hash it takes the same time as where there is one. */
@Injectable()
export class PasswordService {
  readonly #hashOfNobody = hash(randomBytes(32), options);

  hash(password: string): Promise<string> {
    return hash(password, options);
  }

  async isRight(password: string, passwordHash: string | null | undefined): Promise<boolean> {
    const matches = await verify(passwordHash ?? (await this.#hashOfNobody), password);
    return matches && passwordHash !== null && passwordHash !== undefined;
  }
}
