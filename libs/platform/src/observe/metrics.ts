import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** The process's Prometheus metrics; gauges that need a query are read when somebody asks for them. */
export class Metrics {
  readonly registry = new Registry();
  readonly rpcHandled: Histogram<'subject' | 'outcome'>;
  readonly rpcCalls: Histogram<'subject' | 'outcome'>;
  readonly eventsPublished: Counter;
  readonly eventsConsumed: Counter<'consumer' | 'outcome'>;
  readonly deadLetters: Counter<'consumer'>;
  readonly jobs: Histogram<'job' | 'outcome'>;

  constructor(service: string) {
    const registers = [this.registry];
    this.registry.setDefaultLabels({ service });
    collectDefaultMetrics({ register: this.registry });
    this.rpcHandled = new Histogram({
      name: 'foodshed_rpc_handled_seconds',
      help: 'Time to answer a call, by subject and outcome (ok or the problem code)',
      labelNames: ['subject', 'outcome'],
      buckets: BUCKETS,
      registers,
    });
    this.rpcCalls = new Histogram({
      name: 'foodshed_rpc_calls_seconds',
      help: 'Time until another service answered, by subject and outcome',
      labelNames: ['subject', 'outcome'],
      buckets: BUCKETS,
      registers,
    });
    this.eventsPublished = new Counter({
      name: 'foodshed_events_published_total',
      help: 'Events the relay has published',
      registers,
    });
    this.eventsConsumed = new Counter({
      name: 'foodshed_events_consumed_total',
      help: 'Events by consumer: done, repeated, retried or dead',
      labelNames: ['consumer', 'outcome'],
      registers,
    });
    this.deadLetters = new Counter({
      name: 'foodshed_dead_letters_total',
      help: 'Events this process gave up on',
      labelNames: ['consumer'],
      registers,
    });
    this.jobs = new Histogram({
      name: 'foodshed_jobs_seconds',
      help: 'Time of a job, by job and outcome',
      labelNames: ['job', 'outcome'],
      registers,
    });
  }

  /** A gauge whose values are asked for at each scrape; a failing question leaves it out of that scrape. */
  gauge(
    name: string,
    help: string,
    read: () => Promise<number | Record<string, number>>,
    label?: string,
  ): void {
    const gauge: Gauge<string> = new Gauge({
      name,
      help,
      labelNames: label ? [label] : [],
      registers: [this.registry],
      collect: async () => {
        gauge.reset();
        const value = await read().catch(() => undefined);
        if (typeof value === 'number') gauge.set(value);
        else if (value && label)
          for (const [key, each] of Object.entries(value)) gauge.set({ [label]: key }, each);
      },
    });
  }
}
