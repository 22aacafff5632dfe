import { z } from 'zod';
import { RequestRefused } from './errors.ts';

const shape = z.object({
  features: z.object({ slash_commands: z.array(z.object({ command: z.string() })).optional() }).optional(),
  settings: z
    .object({ event_subscriptions: z.object({ bot_events: z.array(z.string()).optional() }).optional() })
    .optional(),
});

/** What a manifest subscribes to and which commands it names. Throws RequestRefused (400) when it is none. */
export function readManifest(manifest: unknown): { botEvents: string[]; commands: string[] } {
  const parsed = shape.safeParse(manifest);
  if (!parsed.success) throw new RequestRefused(400, z.prettifyError(parsed.error));
  const { features, settings } = parsed.data;
  return {
    botEvents: settings?.event_subscriptions?.bot_events ?? [],
    commands: features?.slash_commands?.map(({ command }) => command) ?? [],
  };
}
