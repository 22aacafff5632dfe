import { type ActionName, actionNames } from './document.ts';

interface ActionWords {
  /** "asked to … this" */
  infinitive: string;
  /** "… in Acumatica" */
  doing: string;
  /** At the start of a line, "… by" */
  done: string;
  /** "… done" or "… not done" */
  noun: string;
  /** "Ada …" */
  told: string;
}

/** How each action is called, wherever people read of it. */
export const actionWords: Record<ActionName, ActionWords> = {
  approve: { infinitive: 'approve', doing: 'Approving', done: 'Approved', noun: 'Approval', told: 'approved this' },
  reject: { infinitive: 'reject', doing: 'Rejecting', done: 'Rejected', noun: 'Rejection', told: 'rejected this' },
  release: { infinitive: 'release', doing: 'Releasing', done: 'Released', noun: 'Release', told: 'released this' },
  hold: {
    infinitive: 'put on hold',
    doing: 'Putting on hold',
    done: 'Put on hold',
    noun: 'Hold',
    told: 'put this on hold',
  },
  unhold: {
    infinitive: 'release from hold',
    doing: 'Releasing from hold',
    done: 'Released from hold',
    noun: 'Release from hold',
    told: 'released this from hold',
  },
};

export function isAction(name: string): name is ActionName {
  return (actionNames as readonly string[]).includes(name);
}
