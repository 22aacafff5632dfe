import type { Button, KnownBlock } from '@slack/types';
import type { AccountLink } from '../home/accounts.ts';
import type { Paged } from '../home/paging.ts';
import { actions, askingButton, type Line, lines, pager, plainButton, title } from './home-parts.ts';
import { accountIds } from './ids.ts';

/** A person's links to ERP accounts; nothing where no connection lets people link theirs. */
export function toAccounts(accounts: Paged<AccountLink>): KnownBlock[] {
  if (accounts.total === 0) return [];
  return [
    { type: 'divider' },
    title('My links to ERP accounts'),
    ...accounts.items.flatMap(toAccount),
    ...pager('accounts', accounts),
  ];
}

function toAccount({ connectionId, connection, erp, linked }: AccountLink, index: number): KnownBlock[] {
  const head: Line = [{ bold: connection }, ` · ${erp}`];
  if (!linked)
    return [
      lines([head, ['Not linked. Once it is, what you decide is done there in your own name.']]),
      actions(`account_${index}`, [linkButton('Link my account', connectionId, connection)]),
    ];
  const { user, since, problem } = linked;
  const as: Line = user ? [' as ', { bold: user }] : [];
  const text: Line[] = [head, ['Linked', ...as, ' since ', { instant: since }, '.']];
  if (problem) text.push([{ bold: `⚠️ ${problem}` }]);
  const unlink = askingButton(plainButton(accountIds.unlink, 'Unlink', connectionId, connection), {
    title: 'Unlink your account?',
    text: `The app forgets its access to your ${erp} account. You can link it again at any time.`,
    yes: 'Unlink',
  });
  return [
    lines(text),
    actions(`account_${index}`, problem ? [linkButton('Link again', connectionId, connection), unlink] : [unlink]),
  ];
}

function linkButton(label: string, connectionId: string, connection: string): Button {
  return { ...plainButton(accountIds.link, label, connectionId, connection), style: 'primary' };
}
