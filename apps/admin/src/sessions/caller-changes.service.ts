import { callersChanged } from '@foodshed/contracts';
import { Bus } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';

/** Tells every gateway at once that what it remembers of people is out of date. */
@Injectable()
export class CallerChanges {
  constructor(private readonly bus: Bus) {}

  /** To be called after the commit: who asks again must be answered by what stands then. */
  tell(...personIds: string[]): void {
    if (personIds.length === 0) return;
    this.bus.connection.publish(callersChanged.byAdmin.subject, JSON.stringify({ personIds }));
  }
}
