interface Call {
  id: number;
  name: string;
  argument: unknown;
}

/** What a helper process offers: each call's argument and result travel as JSON to the process that started it. */
export function serve(handlers: Record<string, (argument: never) => unknown>): void {
  process.on('message', (message) => void answer(message as Call));
  process.on('disconnect', () => process.exit(0));

  async function answer({ id, name, argument }: Call): Promise<void> {
    try {
      const handler = handlers[name];
      if (!handler) throw new Error(`nothing is called ${name}`);
      process.send?.({ id, result: await handler(argument as never) });
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? error.stack : String(error) });
    }
  }
}
