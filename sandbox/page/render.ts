import { renderToStaticMarkup } from 'react-dom/server';
import { Block } from './blocks/blocks.ts';
import { asKit, asList, asText, type DrawContext, h, type Kit } from './blocks/kit.ts';
import { Text } from './blocks/rich-text.ts';

export interface Drawing {
  blocks?: Kit[];
  /** Secondary attachments: a coloured bar beside blocks or text. */
  attachments?: Kit[];
  /** mrkdwn, shown where there are no blocks. */
  text?: string;
  /** Names the drawing, so that ids of fields stay unique on the page. */
  scope?: string;
}

/** Draws a message, view or Home tab to HTML. No text in it can become markup: React escapes it all. */
export function renderDrawing(drawing: Drawing, context: DrawContext): string {
  const { blocks = [], attachments = [], text = '', scope = 'b' } = drawing;
  const own = blocks.length > 0 ? drawBlocks(blocks, context, scope) : drawText(text, context);
  return own + attachments.map((attachment) => drawAttachment(attachment, context, scope)).join('');
}

function drawText(text: string, context: DrawContext): string {
  return text === '' ? '' : draw(h(Text, { text: { type: 'mrkdwn', text }, context }));
}

function drawBlocks(blocks: Kit[], context: DrawContext, scope: string): string {
  return blocks.map((block) => drawBlock(asKit(block), context, scope)).join('');
}

const NAMED_COLORS: Record<string, string> = { good: '#2eb886', warning: '#daa038', danger: '#a30200' };

function drawAttachment(attachment: Kit, context: DrawContext, scope: string): string {
  const color = asText(attachment.color);
  const hex = NAMED_COLORS[color] ?? (/^#?[0-9a-f]{6}$/i.test(color) ? `#${color.replace('#', '')}` : '#dddddd');
  const blocks = asList(attachment.blocks);
  const text = [attachment.pretext, attachment.title, attachment.text].map(asText).filter(Boolean).join('\n');
  const inner = blocks.length > 0 ? drawBlocks(blocks, context, scope) : drawText(text, context);
  return `<div class="kit-attachment" style="border-color:${hex}">${inner}</div>`;
}

function drawBlock(block: Kit, context: DrawContext, scope: string): string {
  const type = asText(block.type);
  try {
    return draw(h('div', { className: 'kit-block', 'data-type': type }, h(Block, { block, context, scope })));
  } catch {
    return draw(h('p', { className: 'kit-unknown' }, `${type} could not be drawn`));
  }
}

/**
 * The library gives every block the same element id; text cannot hold this attribute, as its quotes are escaped.
 * Its style sheet is served with the class in place of the id.
 */
function draw(node: Parameters<typeof renderToStaticMarkup>[0]): string {
  return renderToStaticMarkup(node).replaceAll(' id="slack_blocks_to_jsx"', '');
}
