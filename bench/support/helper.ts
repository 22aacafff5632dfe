import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** One of the bench's parts as its own process, so that no part's work delays another's clock. */
export interface Helper {
  call<T>(name: string, argument?: unknown): Promise<T>;
  stop(): Promise<void>;
}

interface Answer {
  id: number;
  result?: unknown;
  error?: string;
}

/** Starts a module that calls `serve`; a call fails when the process ends before it answers. */
export function startHelper(module: URL, execArgv: string[] = []): Helper {
  const path = fileURLToPath(module);
  const child = fork(path, { execArgv, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const waiting = new Map<number, (answer: Answer) => void>();
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let calls = 0;
  child.on('message', (answer: Answer) => {
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  child.once('exit', (code, signal) => {
    for (const [id, settle] of waiting) settle({ id, error: `${path} ended (${signal ?? code}) before it answered` });
  });
  return {
    call<T>(name: string, argument: unknown = null): Promise<T> {
      calls += 1;
      const id = calls;
      return new Promise<T>((resolve, reject) => {
        waiting.set(id, ({ result, error }) =>
          error === undefined ? resolve(result as T) : reject(new Error(`${name}: ${error}`)),
        );
        child.send({ id, name, argument }, (error) => {
          if (error) waiting.get(id)?.({ id, error: error.message });
        });
      });
    },
    async stop() {
      if (child.connected) child.disconnect();
      const tooLong = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(tooLong);
    },
  };
}
