import type { ErpHttp } from './http.ts';

/** What an ERP's licence allows a connection; null where it sets no limit. */
export interface Limits {
  requestsPerMinute: number | null;
  parallelRequests: number | null;
}

/** How much of its limits a connection uses in this process. */
export interface PaceFigures {
  lastMinute: number;
  /** The most in any minute since the process started. */
  mostInAMinute: number;
  /** Milliseconds that requests were held back since then. */
  heldBackMs: number;
  /** The limit that all processes share; null: none. */
  requestsPerMinute: number | null;
}

export interface Pace {
  /** Runs `send` when it is its turn; first come, first served. Rejects with the signal's reason while it waits. */
  run<T>(send: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  figures(): PaceFigures;
}

const minuteMs = 60_000;

/**
 * Keeps a connection within its limits: each process takes its share, read at each call. From half of the minute's
 * requests on they are spread over what is left of the minute, as Acumatica itself does (Integration Development Guide,
 * License Restrictions for API Users), so that its queue is never met.
 */
export function createPace(limits: Limits, processes: () => number, now = () => performance.now()): Pace {
  const share = (limit: number | null) => (limit === null ? Infinity : Math.max(1, limit / Math.max(1, processes())));
  const started: number[] = [];
  const waiting: Array<() => void> = [];
  let running = 0;
  let timer: NodeJS.Timeout | undefined;
  let mostInAMinute = 0;
  let heldBackMs = 0;

  function forget(): void {
    const oldest = now() - minuteMs;
    let past = 0;
    while (past < started.length && (started[past] ?? 0) <= oldest) past += 1;
    if (past > 0) started.splice(0, past);
  }

  function waitMs(): number {
    forget();
    const allowed = share(limits.requestsPerMinute);
    const [first] = started;
    const last = started.at(-1);
    if (first === undefined || last === undefined || started.length < allowed / 2) return 0;
    const leftMs = first + minuteMs - now();
    const left = allowed - started.length;
    return left < 1 ? leftMs : Math.max(0, last + leftMs / left - now());
  }

  function next(): void {
    clearTimeout(timer);
    timer = undefined;
    while (waiting.length > 0 && running < Math.floor(share(limits.parallelRequests))) {
      const wait = waitMs();
      if (wait > 0) {
        timer = setTimeout(next, Math.ceil(wait));
        return;
      }
      running += 1;
      started.push(now());
      mostInAMinute = Math.max(mostInAMinute, started.length);
      waiting.shift()?.();
    }
  }

  function turn(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        waiting.splice(waiting.indexOf(go), 1);
        if (waiting.length === 0) clearTimeout(timer);
        reject(signal?.reason);
      };
      signal?.throwIfAborted();
      signal?.addEventListener('abort', leave, { once: true });
      waiting.push(go);
      next();
    });
  }

  return {
    async run(send, signal) {
      const since = now();
      await turn(signal);
      heldBackMs += now() - since;
      try {
        return await send();
      } finally {
        running -= 1;
        next();
      }
    },
    figures() {
      forget();
      return {
        lastMinute: started.length,
        mostInAMinute,
        heldBackMs: Math.round(heldBackMs),
        requestsPerMinute: limits.requestsPerMinute,
      };
    },
  };
}

/** The way out to an ERP at its pace. */
export function pacedHttp(http: ErpHttp, pace: Pace): ErpHttp {
  return { request: (request) => pace.run(() => http.request(request), request.signal) };
}
