import { z } from 'zod';

const plain = (max: number, min: number) =>
  z.strictObject({ type: z.literal('plain_text'), text: z.string().min(min).max(max), emoji: z.boolean().optional() });
const mrkdwn = (max: number, min: number) =>
  z.strictObject({ type: z.literal('mrkdwn'), text: z.string().min(min).max(max), verbatim: z.boolean().optional() });

/** A `plain_text` object of at most `max` characters. */
export const plainText = (max: number) => plain(max, 1);
/** A `mrkdwn` object of at most `max` characters. */
export const mrkdwnText = (max: number) => mrkdwn(max, 1);
/** Either text object. */
export const anyText = (max: number) => z.discriminatedUnion('type', [plain(max, 1), mrkdwn(max, 1)]);

export const blockId = z.string().min(1).max(255).optional();
export const actionId = z.string().min(1).max(255).optional();

export const confirmDialog = z.strictObject({
  title: plainText(100).optional(),
  text: anyText(300),
  confirm: plainText(30).optional(),
  deny: plainText(30).optional(),
  style: z.enum(['primary', 'danger']).optional(),
});

const optionShape = { value: z.string().max(150), description: plainText(75).optional() };
export const option = z.strictObject({ text: plainText(75), ...optionShape });
export const richOption = z.strictObject({
  text: anyText(75),
  value: z.string().max(150),
  description: anyText(75).optional(),
});
export const overflowOption = z.strictObject({
  text: plainText(75),
  ...optionShape,
  url: z.string().max(3000).optional(),
});
export const optionGroup = z.strictObject({ label: plainText(75), options: z.array(option).min(1).max(100) });
