import { z } from 'zod';
import { type Said, saidSchema } from '../../app/notes/said.ts';

const fileSchema = z.object({
  id: z.string().min(1).max(60),
  name: z.string().nullish(),
  mimetype: z.string().nullish(),
  size: z.number().nullish(),
  mode: z.string().nullish(),
  is_external: z.boolean().nullish(),
  url_private: z.string().nullish(),
});

const messageSchema = z.object({
  user: z.string().min(1),
  ts: z.string().regex(/^\d{1,12}\.\d{1,6}$/),
  text: z.string().default(''),
  files: z.array(fileSchema).default([]),
});

/** A message as it is to be recorded, without the mention of the app that it begins with; undefined where it is none. */
export function readSaid(message: unknown, botUserId: string | undefined): Said | undefined {
  const parsed = messageSchema.safeParse(message);
  if (!parsed.success) return undefined;
  const { user, ts, text, files } = parsed.data;
  const said = saidSchema.safeParse({
    author: user,
    at: new Date(Number(ts) * 1_000).toISOString(),
    text: withoutMention(text, botUserId) ?? text,
    files: files.map(({ id, name, mimetype, size, mode, is_external, url_private }) => ({
      id,
      name: name || 'file',
      type: mimetype || 'application/octet-stream',
      size: size ?? 0,
      url: is_external || mode === 'external' || !url_private ? null : url_private,
    })),
  });
  return said.data;
}

/** What follows the mention of the app at the start of a text; undefined where it does not start so. */
export function withoutMention(text: string, botUserId: string | undefined): string | undefined {
  const match = /^\s*<@([UW][A-Z0-9]+)(?:\|[^>]*)?>[\s:,]*/.exec(text);
  return match && match[1] === botUserId ? text.slice(match[0].length) : undefined;
}
