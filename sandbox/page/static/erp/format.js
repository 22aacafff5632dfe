/** An amount as the ERP's screens show it; the decimal string is never rounded. */
export function money(amount, currency) {
  if (amount === null || amount === undefined) return '—';
  const [whole = '0', cents = ''] = String(amount).replace('-', '').split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${String(amount).startsWith('-') ? '−' : ''}${grouped}.${cents.padEnd(2, '0')} ${currency ?? ''}`.trim();
}

/** A calendar day stays one: no zone moves it. */
export function day(text) {
  if (!text) return '—';
  const [year, month, date] = text.split('-').map(Number);
  return new Intl.DateTimeFormat(undefined, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(new Date(Date.UTC(year, month - 1, date)));
}

export function moment(iso) {
  const at = new Date(iso);
  const today = at.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(undefined, {
    ...(!today && { day: 'numeric', month: 'short' }),
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).format(at);
}

const TONES = {
  'Pending Approval': 'amber',
  Balanced: 'blue',
  Open: 'green',
  Closed: 'grey',
  Rejected: 'red',
  'On Hold': 'violet',
  Voided: 'grey',
  Posted: 'green',
  Unposted: 'green',
  Completed: 'grey',
};

export function tone(status) {
  return TONES[status] ?? 'grey';
}

export function keyOf({ form, type, ref }) {
  return `${form}|${type}|${ref}`;
}
