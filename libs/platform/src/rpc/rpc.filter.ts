import { Catch, type RpcExceptionFilter } from '@nestjs/common';
import { throwError, type Observable } from 'rxjs';
import { asDomainError } from './problem.js';

/** Every failure of an RPC handler becomes a DomainError here; the server writes it as problem details. */
@Catch()
export class RpcProblemFilter implements RpcExceptionFilter<unknown> {
  catch(failure: unknown): Observable<never> {
    return throwError(() => asDomainError(failure));
  }
}
