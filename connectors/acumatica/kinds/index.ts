import type { DocumentKind } from '../../../app/domain/document.ts';
import { PermanentError } from '../../../app/domain/errors.ts';
import { bill } from './bill.ts';
import { customerPayment } from './customer-payment.ts';
import { journal } from './journal.ts';
import type { Kind } from './kind.ts';
import { payment } from './payment.ts';
import { purchaseOrder } from './purchase-order.ts';

/** Every kind of document that is read from Acumatica. */
export const kinds: readonly Kind[] = [bill, purchaseOrder, payment, customerPayment, journal];

/** Throws PermanentError `kind_unknown`. */
export function kindNamed(name: DocumentKind): Kind {
  const found = kinds.find(({ kind }) => kind === name);
  if (found === undefined)
    throw new PermanentError('kind_unknown', `Acumatica is not read for documents of kind ${name}.`);
  return found;
}
