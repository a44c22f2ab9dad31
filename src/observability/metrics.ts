import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Connections of a database pool at this moment. */
export interface PoolState {
  readonly total: number;
  readonly idle: number;
  readonly waiting: number;
}

/** What Prometheus reads at /metrics. Every application has a registry of its own. */
export class Metrics {
  readonly registry = new Registry();

  /** Seconds by route template, method and status. */
  readonly httpDuration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Duration of HTTP requests',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [this.registry],
  });

  /** Units of work run again after a serialization failure or a deadlock. */
  readonly retries = new Counter({
    name: 'retries_total',
    help: 'Units of work run again, by SQLSTATE',
    labelNames: ['sqlstate'] as const,
    registers: [this.registry],
  });

  readonly ordersPlaced = new Counter({ name: 'orders_placed_total', help: 'Orders placed', registers: [this.registry] });

  readonly requestsShed = new Counter({
    name: 'http_requests_shed_total',
    help: 'Requests (reason connections: connections) refused because the server had too much to do',
    labelNames: ['reason'] as const,
    registers: [this.registry],
  });

  /** Event-loop lag, memory, garbage collection. It observes for as long as the process lives. */
  collectProcess(): void {
    collectDefaultMetrics({ register: this.registry });
    // Gauges with a counter's name, which Prometheus' own check refuses; the same figures are there by type.
    for (const what of ['handles', 'requests', 'resources']) this.registry.removeSingleMetric(`nodejs_active_${what}_total`);
  }

  /** Gauges of a pool, read when Prometheus asks. */
  watchPool(state: () => PoolState): void {
    const gauge = new Gauge({
      name: 'database_pool_connections',
      help: 'Connections of the database pool by state',
      labelNames: ['state'] as const,
      registers: [this.registry],
      collect: () => {
        const { total, idle, waiting } = state();
        gauge.set({ state: 'used' }, total - idle);
        gauge.set({ state: 'idle' }, idle);
        gauge.set({ state: 'waiting' }, waiting);
      },
    });
  }

  /** Requests taken on and not yet answered. */
  watchRequests(inFlight: () => number): void {
    this.watch('http_requests_in_flight', 'Requests that are being answered', inFlight);
  }

  /** Whether the processes share their counts. */
  watchRedis(isUp: () => boolean): void {
    this.watch('redis_up', '1 while Redis does its work in time, 0 while every process counts for itself', () => Number(isUp()));
  }

  private watch(name: string, help: string, value: () => number): void {
    const gauge: Gauge = new Gauge({
      name,
      help,
      registers: [this.registry],
      collect: () => {
        gauge.set(value());
      },
    });
  }
}
