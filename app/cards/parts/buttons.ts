import type { ActionName, ErpDocument } from '../../domain/document.ts';
import { documentName } from '../../domain/kinds.ts';
import type { CardButton } from '../card.ts';
import { named } from './headline.ts';

export function button(action: ActionName, document: ErpDocument, erp: string): CardButton {
  const what = documentName(document);
  const about = named(document);
  switch (action) {
    case 'approve':
      return { action, label: 'Approve', about, style: 'primary' };
    case 'reject':
      return { action, label: 'Reject …', about, style: 'danger', asksReason: true };
    case 'release':
      return {
        action,
        label: 'Release',
        about,
        style: 'primary',
        confirm: {
          title: `Release ${what}?`,
          text: `${erp} posts it to the ledger. This cannot be taken back from here.`,
          yes: 'Release',
        },
      };
    case 'hold':
      return {
        action,
        label: 'Put on hold',
        about,
        confirm: {
          title: `Put ${what} on hold?`,
          text: 'It stays on hold until someone releases it from hold.',
          yes: 'Put on hold',
        },
      };
    case 'unhold':
      return { action, label: 'Release from hold', about };
  }
}
