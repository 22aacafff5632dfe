import type { DocumentKind } from '../../../app/domain/document.ts';
import { PermanentError } from '../../../app/domain/errors.ts';
import { documentWords } from '../../../app/domain/kinds.ts';
import { bill } from './bill.ts';
import { journal } from './journal.ts';
import type { Kind } from './kind.ts';
import { payment } from './payment.ts';

/** Every kind of document that is read from Intacct. */
export const kinds: readonly Kind[] = [bill, payment, journal];

/** Throws PermanentError `kind_unknown`. */
export function kindNamed(name: DocumentKind): Kind {
  const found = kinds.find(({ kind }) => kind === name);
  if (found === undefined)
    throw new PermanentError('kind_unknown', `Intacct is not read for documents of kind ${name}.`);
  return found;
}

/** How a kind is named in a message: with its object, for whoever has to give a permission. */
export const kindInWords = ({ kind, object }: Kind): string => `${documentWords(kind).many} (${object})`;
