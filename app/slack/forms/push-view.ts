import type { KnownBlock, ModalView, RichTextSection } from '@slack/types';
import { shorten } from '../../domain/text.ts';
import type { PushSetup } from '../../push/setup.ts';
import { actions, askingButton, type Line, lines, plainButton } from '../home-parts.ts';
import { pushIds, pushSecret, viewIds } from '../ids.ts';
import { input } from './inputs.ts';

export const pushTitle = 'Pushes';

const frame = {
  type: 'modal' as const,
  callback_id: viewIds.push,
  title: { type: 'plain_text' as const, text: pushTitle },
  close: { type: 'plain_text' as const, text: 'Close' },
};

/** What to type into the ERP's form; `isNew` says that the secret is in it, this once. */
export function pushView(setup: PushSetup, isNew: boolean): ModalView {
  const blocks = [...head(setup, isNew), ...controls(setup)];
  if (setup.secretFrom === 'app') return { ...frame, private_metadata: setup.connectionId, blocks };
  const label = setup.state ? 'Replace it' : 'Take pushes';
  const submit = { type: 'plain_text' as const, text: label };
  return { ...frame, submit, private_metadata: setup.connectionId, blocks: [...blocks, ...secretInput(setup)] };
}

function head(setup: PushSetup, isNew: boolean): KnownBlock[] {
  const { connection, erp, state, isReachable, secretFrom, secretIs, kinds } = setup;
  const tables = kinds.flatMap(({ rows }) => [{ type: 'divider' } as const, table(rows)]);
  const about: Line[] = [
    [
      `${erp} can tell the app at once that something changed in `,
      { bold: connection },
      '. A push only wakes the reading, so nothing is lost without it; while pushes flow, it is read at its cadence only now and then.',
    ],
  ];
  if (!isReachable) {
    about.push([{ bold: '⚠️ The app has no address: set PUBLIC_URL to one that the ERP reaches, and restart it.' }]);
  }
  if (state?.problem) about.push([{ bold: `⚠️ ${state.problem}` }]);
  if (!state) return secretFrom === 'erp' ? [lines(about), ...tables] : [lines(about)];
  about.push(
    state.lastPushAt ? ['Last push ', { ago: state.lastPushAt.toISOString() }, '.'] : ['No push has come yet.'],
  );
  if (isNew) {
    about.push([
      { bold: `🔑 The ${secretIs} below is shown this once. ` },
      'Type it into the ERP now; whoever loses it replaces it here.',
    ]);
  }
  return [lines(about), ...tables];
}

function table(rows: Array<{ label: string; value: string }>): KnownBlock {
  const elements = rows.map(
    ({ label, value }): RichTextSection => ({
      type: 'rich_text_section',
      elements: [
        { type: 'text', text: `${label}: `, style: { bold: true } },
        { type: 'text', text: shorten(value, 400), style: { code: true } },
      ],
    }),
  );
  return { type: 'rich_text', elements: [{ type: 'rich_text_list', style: 'bullet', elements }] };
}

/** Where the ERP makes the secret, it is typed here. What is stored is never filled in. */
function secretInput({ secretIs, state }: PushSetup): KnownBlock[] {
  return input({
    blockId: pushSecret.blockId,
    label: `${secretIs.charAt(0).toUpperCase()}${secretIs.slice(1)}`,
    help: `${state ? 'One is stored; type another to replace it. ' : ''}It is stored encrypted and never shown again.`,
    element: { type: 'plain_text_input', action_id: pushSecret.actionId, min_length: 8, max_length: 500 },
  });
}

function controls({ state, connectionId, connection, secretFrom, secretIs }: PushSetup): KnownBlock[] {
  const renew = askingButton(plainButton(pushIds.renew, `Replace the ${secretIs} …`, connectionId), {
    title: `Replace the ${secretIs}?`,
    text: 'Pushes with the present one are refused from this moment, until the new one is in the ERP.',
    yes: 'Replace it',
  });
  if (!state) {
    if (secretFrom === 'erp') return [];
    return [actions('push', [{ ...plainButton(pushIds.renew, 'Take pushes', connectionId), style: 'primary' }])];
  }
  return [
    { type: 'divider' },
    actions('push', [
      ...(secretFrom === 'app' ? [renew] : []),
      askingButton(plainButton(pushIds.end, 'Take no pushes …', connectionId), {
        title: `Take no pushes for “${connection}”?`,
        text: 'It is then read at its full cadence again. Delete what sends them in the ERP, too.',
        yes: 'Take none',
      }),
    ]),
  ];
}
