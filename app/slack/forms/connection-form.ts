import type { KnownBlock, ModalView } from '@slack/types';
import { isMadeHere } from '../../domain/kinds.ts';
import type { ConnectionForm } from '../../setup/form.ts';
import type { OthersChange } from '../../setup/others-changes.ts';
import { actions, context, type Line, lines, plainButton, title } from '../home-parts.ts';
import { setupIds, viewIds } from '../ids.ts';
import { credentialInput, input, option, plainText, textElement } from './inputs.ts';

/** The form by which a connection is added or edited. Sending it off tests it, then saves it. */
export function connectionFormView(form: ConnectionForm): ModalView {
  return {
    type: 'modal',
    callback_id: viewIds.connection,
    private_metadata: JSON.stringify(form.metadata),
    notify_on_close: true,
    title: plainText(form.metadata.connection ? 'Edit a connection' : 'Add a connection', 24),
    submit: plainText(form.conflict ? 'Save over it' : 'Test and save', 24),
    close: plainText('Cancel', 24),
    blocks: [
      ...onTop(form),
      ...what(form),
      title(`Signing in to ${form.erp}`),
      ...form.credentials.flatMap((credential) => {
        const field = `credentials.${credential.field.name}`;
        return credentialInput(blockId(form, field), credential, form.problems.byField[field]);
      }),
      title('How often it is read'),
      ...how(form),
      ...(form.metadata.connection ? [context(remove)] : []),
    ],
  };
}

/** The block of a field; its key makes it a new one to Slack, so that nothing typed in an older form covers it. */
export function blockId({ key }: Pick<ConnectionForm, 'key'>, field: string): string {
  return `${key}:${field}`;
}

/** The field that a block is of; undefined where it is of none. */
export function fieldOf(block: string): string | undefined {
  return /^[0-9a-f]{8}:(.+)$/s.exec(block)?.[1];
}

const cronHelp =
  'A cron expression. “* * * * *” is every minute; “*/15 6-20 * * 1-5” is every quarter of an hour on weekdays from 6 to 20.';
const scheduleHelp =
  'For example “close day 1 to 5 at 8:00 and 16:00, otherwise Mondays”. Close day 1 is the first working day after the end of a reporting period; “close calendar day” counts all days. After “otherwise” come weekdays, with times of their own where you like, or “never”. A cron expression does as well.';

const remove =
  'To remove a connection, press Remove in the Home tab: it is not read any more, and its cards and audit record stay.';

function onTop({ problems, conflict, isRestored }: ConnectionForm): KnownBlock[] {
  const blocks: KnownBlock[] = [];
  const wrong = Object.keys(problems.byField).length;
  for (const problem of problems.others) blocks.push(lines([[{ bold: `⚠️ ${problem}` }]]));
  if (wrong > 0)
    blocks.push(
      lines([[{ bold: '⚠️ Nothing was saved yet: ' }, 'see what is said below the fields, and send it off again.']]),
    );
  if (isRestored)
    blocks.push(lines([['What you entered earlier is still here and not saved yet. Cancel this form to forget it.']]));
  if (conflict) blocks.push(...toConflict(conflict));
  return blocks;
}

function toConflict(changes: OthersChange[]): KnownBlock[] {
  const told: Line[] = changes.flatMap(({ by, at, lines: what }): Line[] => [
    [{ bold: '⚠️ Changed ' }, { instant: at }, ...author(by), ' while you had this form open:'],
    ...what.map((line): Line => [`• ${line}`]),
  ]);
  if (told.length === 0) told.push([{ bold: '⚠️ This connection was changed while you had this form open.' }]);
  told.push(['Nothing of yours was saved yet. “Save over it” replaces that by what you entered below.']);
  return [lines(told), actions('conflict', [plainButton(setupIds.showStored, 'Show the new values instead', 'show')])];
}

function author(by: string | null): Line {
  if (by === null) return [];
  return [' by ', /^[UW][A-Z0-9]+$/.test(by) ? { person: by } : by];
}

function what(form: ConnectionForm): KnownBlock[] {
  const { byField } = form.problems;
  const name = input({
    blockId: blockId(form, 'name'),
    label: 'Name',
    help: 'Your name for it, as it is to stand on every card.',
    element: textElement(form.name, { most: 80, placeholder: 'For example: head office' }),
    problem: byField.name,
  });
  if (form.metadata.connection) return name;
  const options = form.erps.slice(0, 100).map(({ id, title: erp }) => option(erp, id));
  const chosen = options.find(({ value }) => value === form.metadata.connector);
  const [erp] = input({
    blockId: blockId(form, 'erp'),
    label: 'ERP',
    element: {
      type: 'static_select',
      action_id: setupIds.erp,
      options,
      ...(chosen ? { initial_option: chosen } : {}),
    },
  });
  return erp?.type === 'input' ? [{ ...erp, dispatch_action: form.erps.length > 1 }, ...name] : name;
}

function how(form: ConnectionForm): KnownBlock[] {
  const { byField } = form.problems;
  const zone =
    form.timeZone !== '' && form.timeZone.length <= 75 ? { initial_option: option(form.timeZone, form.timeZone) } : {};
  return [
    ...form.feeds.flatMap(({ kind, title: feed, cadence, coming }) => [
      ...input({
        blockId: blockId(form, `cadence.${kind}`),
        label: feed,
        help: isMadeHere(kind)
          ? `${scheduleHelp} Leave it empty and none are made.`
          : `${cronHelp} Leave it empty and they are not read.`,
        optional: true,
        element: textElement(cadence, { most: 150, placeholder: isMadeHere(kind) ? 'Not made' : 'Not read' }),
        problem: byField[`cadence.${kind}`],
      }),
      ...(coming ? [context(coming)] : []),
    ]),
    ...input({
      blockId: blockId(form, 'time_zone'),
      label: 'Time zone',
      help: 'In which the times above are meant.',
      element: {
        type: 'external_select',
        action_id: setupIds.timeZone,
        min_query_length: 1,
        placeholder: plainText('Type a city', 150),
        ...zone,
      },
      problem: byField.time_zone,
    }),
  ];
}
