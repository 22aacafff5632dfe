/** So many characters of a message go into a note. */
export const longestText = 4_000;

export const notTheirs =
  'You are not among the people who may decide here, so nothing was recorded. Ask one of them or an administrator to do it.';
export const tooLong = `The message is longer than ${longestText.toLocaleString('en')} characters, so nothing was recorded. Split it into several replies.`;
export const empty = 'There is neither text nor a file in the message, so nothing was recorded.';
export const stillUnclear = 'It is not clear yet whether it was written; looking again.';

export const noNotes = (erp: string) => `This app cannot write notes into ${erp}, so nothing was recorded.`;
export const noFiles = (erp: string) => `This app cannot keep files in ${erp}, so nothing was recorded.`;
export const gone = (erp: string) => `The record is not in ${erp} any more, so nothing was recorded.`;
export const paused = (connection: string) =>
  `The connection “${connection}” is paused, so nothing was recorded. Ask an administrator to resume it, then try again.`;
export const fileTooLarge = (name: string, megabytes: number) =>
  `“${name}” is larger than ${megabytes} MB, so nothing was recorded. Attach it in the ERP itself.`;
export const fileElsewhere = (name: string) =>
  `“${name}” is not kept in Slack, so nothing was recorded. Upload the file itself, or attach it in the ERP.`;
export const again = (erp: string) =>
  `Use “Record in the ERP” on the message to try again, or write it into ${erp} yourself.`;
export const fileFailed = (name: string, why: string) => `The text is recorded, but not the file “${name}”: ${why}`;
