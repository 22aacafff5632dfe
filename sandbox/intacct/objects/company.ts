import { plainStamps } from './common.ts';
import { choice, integers, labels, type ObjectType, stamps, status, texts } from './object-type.ts';

export const locationEntity: ObjectType = {
  name: 'LOCATIONENTITY',
  naturalKey: 'LOCATIONID',
  fields: [...integers('RECORDNO'), ...texts('LOCATIONID NAME CURRENCY'), status, ...plainStamps],
};

export const userInfo: ObjectType = {
  name: 'USERINFO',
  naturalKey: 'LOGINID',
  fields: [...integers('RECORDNO'), ...texts('LOGINID DESCRIPTION USERTYPE'), status, ...plainStamps],
};

export const accessModes = labels('Access:A Modify:M Create:C Delete:D Workflow:W Activity:T User_Action:U');

/** The only place that tells of deletions; it needs a permission of its own. */
export const auditHistory: ObjectType = {
  name: 'AUDITHISTORY',
  naturalKey: 'ID',
  fields: [
    { id: 'ID', type: 'text', read: (row) => `A${String(row.RECORDNO).padStart(9, '0')}` },
    ...texts('OBJECTTYPE OBJECTKEY'),
    ...stamps('ACCESSTIME'),
    choice('ACCESSMODE', accessModes, { otherWayRound: true }),
    ...texts('SOURCE USERID'),
  ],
};
