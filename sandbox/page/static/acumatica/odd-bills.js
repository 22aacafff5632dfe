const today = () => new Date().toISOString().slice(0, 10);
const daysAway = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** Bills that are hard to show or to judge; `fields(latest)` may look at the newest bill. */
export const ODD_BILLS = [
  { id: 'plain', name: 'An ordinary bill', fields: () => ({}) },
  {
    id: 'duplicate',
    name: 'The newest bill once more (possible duplicate)',
    fields: (latest) => ({
      vendor: latest?.vendor ?? null,
      vendorRef: latest?.vendorRef ?? null,
      amount: latest?.amount ?? '100.00',
      description: latest?.description ?? null,
    }),
  },
  {
    id: 'markup',
    name: 'Markup and a mention in the names',
    fields: () => ({
      vendorName: 'Smith & <b>Sons</b> <!channel> *Ltd* </script><img src=x onerror=alert(1)>',
      description: '<!everyone> &amp; _see_ `this` <https://evil.example|your bank>',
    }),
  },
  { id: 'no-vendor', name: 'No vendor', fields: () => ({ vendor: null }) },
  { id: 'no-amount', name: 'No amount', fields: () => ({ amount: null, lines: [] }) },
  { id: 'zero', name: 'Amount of nothing', fields: () => ({ amount: '0.00' }) },
  { id: 'huge', name: 'A very large amount', fields: () => ({ amount: '9876543210.99' }) },
  { id: 'negative', name: 'A negative amount', fields: () => ({ amount: '-1250.00' }) },
  { id: 'yen', name: 'Another currency, without decimals', fields: () => ({ amount: '1500000', currency: 'JPY' }) },
  { id: 'many-lines', name: '250 lines', fields: () => ({ amount: '25000.00', lineCount: 250 }) },
  {
    id: 'long',
    name: 'A very long description',
    fields: () => ({ description: 'Supply of services as agreed, part '.repeat(8).trim() }),
  },
  {
    id: 'scripts',
    name: 'Right-to-left, emoji, accents',
    fields: () => ({ vendorName: 'شركة النور للتجارة 🌙 Ærøskøbing' }),
  },
  { id: 'overdue', name: 'Overdue by 40 days', fields: () => ({ date: daysAway(-70), dueDate: daysAway(-40) }) },
  { id: 'due-today', name: 'Due today', fields: () => ({ dueDate: today() }) },
  { id: 'two-steps', name: 'Two approval steps', fields: () => ({ steps: ['amara.okafor', 'jonas.weber'] }) },
  { id: 'adjustment', name: 'A debit adjustment', fields: () => ({ type: 'Debit Adj.', amount: '310.00' }) },
];
