/** How a request ended: its HTTP status, or the class of the error instead of one. */
export type Outcome = number | string;

export interface OutboundCount {
  host: string;
  outcome: Outcome;
  requests: number;
  /** Time until the last byte, summed. */
  seconds: number;
}

export interface OutboundMetrics {
  count(host: string, outcome: Outcome, seconds: number): void;
  snapshot(): OutboundCount[];
}

/** Counters by host and outcome, in memory. */
export function createOutboundMetrics(): OutboundMetrics {
  const counts = new Map<string, OutboundCount>();
  return {
    count(host, outcome, seconds) {
      const id = `${host} ${outcome}`;
      const entry = counts.get(id) ?? { host, outcome, requests: 0, seconds: 0 };
      entry.requests += 1;
      entry.seconds += seconds;
      counts.set(id, entry);
    },
    snapshot: () => [...counts.values()].map((entry) => ({ ...entry })),
  };
}
