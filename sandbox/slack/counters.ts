import type { RateLimitReason } from './errors.ts';

const maxAcks = 100_000;

function percentile(sorted: number[], share: number): number | null {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return value === undefined ? null : Math.round(value * 100) / 100;
}

/** What happened in the workspace, in numbers. */
export class Counters {
  posts = 0;
  updates = 0;
  deletes = 0;
  ephemeral = 0;
  responses = 0;
  deliveries = 0;
  unacked = 0;
  refusals429 = 0;
  refusalsByReason: Partial<Record<RateLimitReason, number>> = {};
  refusalsByMethod: Record<string, number> = {};
  errorsByCode: Record<string, number> = {};
  /** Milliseconds that the app took to answer each click, form and command. */
  ackMs: number[] = [];

  refused(method: string, reason: RateLimitReason): void {
    this.refusals429 += 1;
    this.refusalsByReason[reason] = (this.refusalsByReason[reason] ?? 0) + 1;
    this.refusalsByMethod[method] = (this.refusalsByMethod[method] ?? 0) + 1;
  }

  failed(code: string): void {
    this.errorsByCode[code] = (this.errorsByCode[code] ?? 0) + 1;
  }

  answered(acked: boolean, ms: number): void {
    if (!acked) this.unacked += 1;
    else if (this.ackMs.length < maxAcks) this.ackMs.push(ms);
  }

  /** The numbers with the percentiles of the answers. */
  summary() {
    const { ackMs, ...numbers } = this;
    const sorted = ackMs.toSorted((a, b) => a - b);
    return {
      ...numbers,
      acks: {
        count: sorted.length,
        p50: percentile(sorted, 0.5),
        p95: percentile(sorted, 0.95),
        p99: percentile(sorted, 0.99),
        max: sorted.at(-1) ?? null,
      },
    };
  }

  clear(): void {
    Object.assign(this, new Counters());
  }
}
