import type { Json } from '../model.ts';
import type { Outgoing } from '../sending.ts';

const answerable = ['view_submission', 'block_suggestion'];

/** What would be an HTTP request to the app, as the envelope of Socket Mode has it (without its id). */
export function asEnvelope({ body, contentType, headers }: Outgoing): Json {
  if (contentType === 'application/json') {
    const reason = headers?.['x-slack-retry-reason'];
    return {
      type: 'events_api',
      payload: JSON.parse(body),
      accepts_response_payload: false,
      retry_attempt: Number(headers?.['x-slack-retry-num'] ?? 0),
      retry_reason: reason === 'http_timeout' ? 'timeout' : (reason ?? ''),
    };
  }
  const form = new URLSearchParams(body);
  const payload = form.get('payload');
  if (payload === null) {
    return { type: 'slash_commands', payload: Object.fromEntries(form), accepts_response_payload: true };
  }
  const interaction = JSON.parse(payload) as Json;
  return {
    type: 'interactive',
    payload: interaction,
    accepts_response_payload: answerable.includes(String(interaction.type)),
  };
}
