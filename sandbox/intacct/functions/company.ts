import { baseCurrency, entities, users } from '../company.ts';
import { FunctionFailed } from '../errors.ts';
import type { Row } from '../ledger/row.ts';
import { accessModes } from '../objects/company.ts';
import { textOf } from '../xml/read.ts';
import { element, leaf } from '../xml/write.ts';
import type { GatewayFunction } from './call.ts';

/** `readUserFormatting`: how a user of that RECORDNO or LOGINID sees dates. */
export const readUserFormatting: GatewayFunction = {
  run({ parts, element: asked }) {
    const [key, userId] = [textOf(asked, 'key'), textOf(asked, 'userId')];
    const user = users.find((candidate) => String(candidate.recordNo) === key || candidate.userId === userId);
    if (!user) throw new FunctionFailed([{ errorno: 'BL01001973', description2: 'User not found.' }]);
    const { locale, dateformat, gmtoffset, clock } = parts.settings.userFormat;
    const formatting =
      leaf('recordno', user.recordNo) +
      leaf('locale', locale) +
      leaf('dateformat', dateformat) +
      leaf('gmtoffset', gmtoffset) +
      leaf('clock', clock);
    return { data: element('data', element('userformatting', formatting)) };
  },
};

/** `readEntityDetails`: the entities that the user may enter. */
export const readEntityDetails: GatewayFunction = {
  run() {
    const list = entities.map(({ id, name, recordNo }) =>
      element(
        'entity',
        leaf('id', id) +
          leaf('name', name) +
          leaf('recordno', recordNo) +
          leaf('currency', baseCurrency) +
          leaf('firstfiscalmonth', '4') +
          leaf('firstfiscaltaxmonth', '') +
          leaf('weekstart', ''),
      ),
    );
    return { data: element('data', list.join(''), { listtype: 'entity', count: list.length }) };
  },
};

/** `getAuditTrail`: what happened to one record, with the steps of its workflow. */
export const getAuditTrail: GatewayFunction = {
  object: (asked) => textOf(asked, 'object')?.toUpperCase(),
  run({ reader, element: asked }) {
    const object = (textOf(asked, 'object') ?? '').toLowerCase();
    const key = textOf(asked, 'recordNo') ?? textOf(asked, 'objectKey') ?? '';
    const rows: Row[] = [`${key}--REC`, key].flatMap((objectKey) =>
      reader.ledger.where('AUDITHISTORY', 'OBJECTKEY', objectKey).filter((row) => row.OBJECTTYPE === object),
    );
    const details = rows.map((row) =>
      element(
        'auditTrailDetail',
        leaf('userId', String(row.USERID)) +
          leaf('object', object) +
          leaf('objectKey', key) +
          leaf('accessTime', `${new Date(Number(row.ACCESSTIME)).toISOString().slice(0, 19)}+00:00`) +
          leaf('accessMode', accessModes.find(({ code }) => code === row.ACCESSMODE)?.label.toLowerCase()) +
          leaf('workflowAction', row.WORKFLOWACTION) +
          leaf('source', row.SOURCE),
      ),
    );
    return { data: element('data', details.join(''), { listtype: 'auditTrailDetail', count: details.length }) };
  },
};
