import { z } from 'zod';
import { invalidArguments, SlackError } from '../errors.ts';
import { isJson, type Json } from '../model.ts';
import { describeIssues, findBlockErrors } from './check.ts';
import { plainText } from './text.ts';

const shared = {
  blocks: z.array(z.unknown()),
  private_metadata: z.string().max(3000).optional(),
  callback_id: z.string().max(255).optional(),
  external_id: z.string().max(255).optional(),
};
const modal = z.strictObject({
  type: z.literal('modal'),
  ...shared,
  title: plainText(24),
  submit: plainText(24).optional(),
  close: plainText(24).optional(),
  clear_on_close: z.boolean().optional(),
  notify_on_close: z.boolean().optional(),
  submit_disabled: z.boolean().optional(),
});
const home = z.strictObject({ type: z.literal('home'), ...shared });

const maxViewBytes = 250_000;

/** Refuses a view as views.* do: `invalid_arguments` with reasons, or `view_too_large`. */
export function checkView(view: unknown, type: 'modal' | 'home'): asserts view is Json {
  if (!isJson(view)) throw invalidArguments('must provide an object [json-pointer:/view]');
  const parsed = (type === 'modal' ? modal : home).safeParse(view);
  const errors = parsed.success ? [] : describeIssues(parsed.error, view, '/view');
  if (Array.isArray(view.blocks)) {
    errors.push(...findBlockErrors(view.blocks, type, '/view/blocks'));
    const asksForInput = view.blocks.some((block) => isJson(block) && block.type === 'input');
    if (type === 'modal' && asksForInput && view.submit === undefined) {
      errors.push('missing required field: submit [json-pointer:/view]');
    }
  }
  if (errors.length > 0) throw invalidArguments(...errors);
  if (Buffer.byteLength(JSON.stringify(view)) > maxViewBytes) throw new SlackError('view_too_large');
}
