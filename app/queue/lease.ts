import type { Knex } from 'knex';

/**
 * A lease is a row that names the process working on it. It is free when nobody is named or the named process has not
 * said for a while that it is alive, so one heartbeat a process keeps all its leases, however many.
 */
export function leaseIsFree(column: string): string {
  return `(${column} is null or not exists (select 1 from processes p where p.id = ${column} and p.alive_until > clock_timestamp()))`;
}

export interface ProcessLease {
  id: string;
  /** False once the heartbeat has been missed for too long: others may have taken over, so nothing may be sent. */
  isGood(): boolean;
  /** How many processes were alive at the last heartbeat, this one included: what a shared budget is divided by. */
  processes(): number;
  stop(): Promise<void>;
}

/** Registers this process and keeps it alive in the table until stopped; a stop frees all its leases at once. */
export async function holdProcessLease(
  db: Knex,
  options: {
    id: string;
    host: string;
    pid: number;
    leaseMs: number;
    /** Another process missed its heartbeats: what it held is free now. */
    onDeath: () => void;
    onError: (error: unknown) => void;
    /** What this process has done since it started; kept beside the heartbeat for `status`. */
    figures: () => Record<string, unknown>;
  },
): Promise<ProcessLease> {
  const { id, leaseMs } = options;
  let goodUntil = 0;
  let processes = 1;
  const beat = async () => {
    const asked = performance.now();
    const result = await db.raw<{ rows: [{ others: number; gone: number }] }>(
      `with beat as (
         insert into processes (id, host, pid, alive_until, figures)
         values (?, ?, ?, clock_timestamp() + ? * interval '1 ms', ?)
         on conflict (id) do update set alive_until = excluded.alive_until, figures = excluded.figures
       ), gone as (
         delete from processes where id <> ? and alive_until < clock_timestamp() returning id
       )
       select (select count(*)::int from processes where id <> ? and alive_until > clock_timestamp()) as others,
         (select count(*)::int from gone) as gone`,
      [id, options.host, options.pid, leaseMs, JSON.stringify(options.figures()), id, id],
    );
    processes = result.rows[0].others + 1;
    if (result.rows[0].gone > 0) options.onDeath();
    goodUntil = asked + leaseMs;
  };
  await beat();
  let running: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(beat).catch(options.onError);
  }, leaseMs / 4);
  return {
    id,
    isGood: () => performance.now() < goodUntil,
    processes: () => processes,
    stop: async () => {
      clearInterval(timer);
      await running;
      await db('processes').where({ id }).delete();
    },
  };
}
