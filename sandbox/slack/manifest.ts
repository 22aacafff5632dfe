import { z } from 'zod';
import { RequestRefused } from './errors.ts';
import type { AppSettings } from './state.ts';

const shape = z.object({
  features: z
    .object({
      slash_commands: z.array(z.object({ command: z.string() })).optional(),
      shortcuts: z.array(z.object({ type: z.string(), name: z.string(), callback_id: z.string() })).optional(),
      unfurl_domains: z.array(z.string()).optional(),
    })
    .optional(),
  settings: z
    .object({ event_subscriptions: z.object({ bot_events: z.array(z.string()).optional() }).optional() })
    .optional(),
});

type FromManifest = Pick<AppSettings, 'botEvents' | 'commands' | 'shortcuts' | 'unfurlDomains'>;

/** What a manifest subscribes to, and what it offers to people. Throws RequestRefused (400) when it is none. */
export function readManifest(manifest: unknown): FromManifest {
  const parsed = shape.safeParse(manifest);
  if (!parsed.success) throw new RequestRefused(400, z.prettifyError(parsed.error));
  const { features, settings } = parsed.data;
  return {
    botEvents: settings?.event_subscriptions?.bot_events ?? [],
    commands: features?.slash_commands?.map(({ command }) => command) ?? [],
    shortcuts: (features?.shortcuts ?? [])
      .filter(({ type }) => type === 'message')
      .map(({ name, callback_id }) => ({ name, callbackId: callback_id })),
    unfurlDomains: features?.unfurl_domains ?? [],
  };
}
