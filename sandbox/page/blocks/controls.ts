import { renderToStaticMarkup } from 'react-dom/server';
import { asKit, asText, type ElementProps, h, plain } from './kit.ts';
import { Text } from './rich-text.ts';

/** What the browser needs to send the element's action: ids, kind and, if asked for, a question before. */
export function wiring(props: ElementProps): Record<string, string> {
  const { element, blockId, context } = props;
  const confirm = element.confirm === undefined ? undefined : asKit(element.confirm);
  const config = asKit(element.dispatch_action_config);
  const typing = Array.isArray(config.trigger_actions_on) ? config.trigger_actions_on.map(asText) : [];
  return {
    'data-action-id': asText(element.action_id),
    'data-block-id': blockId,
    'data-element': asText(element.type),
    ...(element.focus_on_load === true && { 'data-focus': 'true' }),
    ...(typing.length > 0 && { 'data-typing': typing.join(' ') }),
    ...(confirm && {
      'data-confirm': JSON.stringify({
        title: plain(confirm.title),
        html: renderToStaticMarkup(h(Text, { text: confirm.text, context })),
        confirm: plain(confirm.confirm) || 'Yes',
        deny: plain(confirm.deny) || 'No',
        style: asText(confirm.style),
      }),
    }),
  };
}
