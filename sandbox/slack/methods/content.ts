import { checkMessageBlocks } from '../blocks/check.ts';
import { SlackError } from '../errors.ts';
import { isJson, type Json, type Metadata } from '../model.ts';
import type { Content } from '../posting.ts';
import type { Call } from './method.ts';

/** The real bound is not published; this one keeps ids in and documents out. */
const maxMetadataBytes = 16_384;
const maxAttachments = 100;
const maxMarkdown = 12_000;

/** `null` for `{}`, which clears. Throws invalid_metadata_format, invalid_metadata_schema, metadata_too_large. */
function readMetadata({ args }: Call): Metadata | null | undefined {
  const value = args.structure('metadata', new SlackError('invalid_metadata_format'));
  if (value === undefined) return undefined;
  if (!isJson(value)) throw new SlackError('invalid_metadata_format');
  if (Object.keys(value).length === 0) return null;
  const { event_type, event_payload } = value;
  const fits = typeof event_type === 'string' && event_type !== '' && isJson(event_payload);
  if (!fits) throw new SlackError('invalid_metadata_schema');
  if (Buffer.byteLength(JSON.stringify(value)) > maxMetadataBytes) throw new SlackError('metadata_too_large');
  return { event_type, event_payload };
}

function readAttachments({ args, state }: Call): Json[] | undefined {
  const value = args.structure('attachments', new SlackError('invalid_attachments'));
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || !value.every(isJson)) throw new SlackError('invalid_attachments');
  if (value.length > maxAttachments) throw new SlackError('too_many_attachments');
  for (const attachment of value) {
    if (attachment.blocks) checkMessageBlocks(attachment.blocks, state.options.onlyOneTable ?? true);
  }
  return value;
}

export type GivenContent = Omit<Content, 'metadata'> & { metadata?: Metadata | null | undefined };

/** What a posting call shows; throws no_text, invalid_blocks and the like. */
export function readContent(call: Call): GivenContent {
  const { args, state } = call;
  const blocks = args.structure('blocks', new SlackError('invalid_blocks_format'));
  if (blocks !== undefined) checkMessageBlocks(blocks, state.options.onlyOneTable ?? true);
  const attachments = readAttachments(call);
  const markdown = args.text('markdown_text');
  if (markdown !== undefined && (args.has('text') || blocks !== undefined)) {
    throw new SlackError('markdown_text_conflict');
  }
  if (markdown !== undefined && markdown.length > maxMarkdown) throw new SlackError('msg_too_long');
  const text = markdown ?? args.text('text') ?? '';
  if (text === '' && !blocks?.length && !attachments?.length) throw new SlackError('no_text');
  return { text, blocks, attachments, metadata: readMetadata(call) };
}
