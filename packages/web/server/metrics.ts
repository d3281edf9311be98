import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

interface Answered {
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

/** What the web server counts. It goes to CloudWatch alone: the server has no page for it, and no other port. */
export class Metrics {
  readonly registry = new Registry();
  readonly #registers = [this.registry];
  readonly #requests = new Counter({
    name: "tagsmith_web_requests_total",
    help: "Requests answered, by route and status.",
    labelNames: ["route", "status"],
    registers: this.#registers,
  });
  readonly #durations = new Histogram({
    name: "tagsmith_web_request_duration_seconds",
    help: "From the request's head to the last byte of its answer.",
    labelNames: ["route"],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers: this.#registers,
  });
  readonly inFlight = new Gauge({
    name: "tagsmith_web_requests_in_flight",
    help: "Requests being answered.",
    registers: this.#registers,
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry, prefix: "web_" });
  }

  answered({ route, status, seconds }: Answered): void {
    this.#requests.inc({ route, status });
    this.#durations.observe({ route }, seconds);
  }
}
