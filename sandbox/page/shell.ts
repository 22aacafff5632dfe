interface Shell {
  tab: 'slack' | 'acumatica' | 'intacct' | 'faults';
  title: string;
  styles: string[];
  body: string;
  /** Stands in the top line, within reach whatever is open below it. */
  tools?: string;
}

const TABS = [
  { tab: 'slack', href: '/', name: 'Slack' },
  { tab: 'acumatica', href: '/acumatica', name: 'Acumatica' },
  { tab: 'intacct', href: '/intacct', name: 'Intacct' },
  { tab: 'faults', href: '/faults', name: 'Faults' },
] as const;

const isErp = (tab: Shell['tab']) => tab === 'acumatica' || tab === 'intacct';

function page({ tab, title, styles, body, tools = '' }: Shell): string {
  const links = TABS.map(
    (each) => `<a href="${each.href}"${each.tab === tab ? ' aria-current="page"' : ''}>${each.name}</a>`,
  );
  const sheets = ['base.css', ...styles].map((name) => `<link rel="stylesheet" href="/page/${name}">`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>${title} · Countersign sandbox</title>
<link rel="icon" href="/page/icon.svg" type="image/svg+xml">
${sheets.join('\n')}
</head>
<body class="tab-${tab}${isErp(tab) ? ' erp-tab' : ''}">
<header class="top">
  <span class="brand"><img src="/page/icon.svg" alt="" width="22" height="22"> <span>Countersign sandbox</span></span>
  <nav class="tabs" aria-label="Simulators">${links.join('')}</nav>
  <span class="top-status" id="status" role="status"></span>${tools}
</header>
${body}
<div id="toasts" class="toasts" role="status" aria-live="polite" popover="manual"></div>
<noscript><p class="noscript">This page needs JavaScript.</p></noscript>
<script type="module" src="/page/${tab}/main.js"></script>
</body>
</html>
`;
}

/** The simulated Slack client. */
export function slackPage(): string {
  return page({
    tab: 'slack',
    title: 'Slack',
    tools: '<label class="switcher"><span>You are</span><select id="me"></select></label>',
    styles: [
      'blocks-library.css',
      'blocks.css',
      'controls.css',
      'picker.css',
      'slack/layout.css',
      'slack/view.css',
      'slack/sidebar.css',
      'slack/messages.css',
      'slack/extras.css',
      'slack/narrow.css',
    ],
    body: `<div class="slack" id="slack" data-pane="main">
  <aside class="sidebar" aria-label="Workspace">
    <div class="workspace"><h1 id="team">Workspace</h1><p id="app-state" class="app-state"></p></div>
    <nav aria-label="Channels" id="places"></nav>
  </aside>
  <main class="main" id="main" aria-label="Conversation">
    <header class="place-head">
      <button type="button" class="icon-button back" id="to-sidebar" aria-label="Show channels">‹</button>
      <div class="place-name"><h2 id="place-name">…</h2><p id="place-about"></p></div>
      <button type="button" class="plain" id="add-app" hidden></button><button type="button" class="plain" id="remove-app" hidden>Remove</button>
      <div class="app-tabs" id="app-tabs" role="tablist" aria-label="App" hidden>
        <button type="button" role="tab" aria-controls="home" data-app-tab="home">Home</button><button type="button" role="tab" aria-controls="messages" data-app-tab="messages">Messages</button>
      </div>
    </header>
    <div class="scroll" id="messages" role="log" aria-live="polite" aria-label="Messages" tabindex="0"></div>
    <div class="scroll home" id="home" hidden></div>
    <button type="button" class="jump" id="jump" hidden>New messages ↓</button>
    <form class="composer" id="composer" autocomplete="off">
      <div class="suggestions" id="suggestions" hidden></div>
      <label class="hidden" for="draft">Message</label>
      <textarea id="draft" rows="1" placeholder="Message"></textarea>
      <button type="submit" class="send" aria-label="Send">➤</button>
    </form>
  </main>
  <aside class="thread" id="thread" aria-label="Thread" hidden>
    <header class="place-head"><div class="place-name"><h2>Thread</h2><p id="thread-place"></p></div>
      <button type="button" class="icon-button" id="close-thread" aria-label="Close thread">✕</button></header>
    <div class="scroll" id="thread-messages" role="log" aria-live="polite" aria-label="Thread messages" tabindex="0"></div>
    <form class="composer" id="thread-composer" autocomplete="off">
      <div class="suggestions" id="thread-suggestions" hidden></div>
      <label class="attach" title="Attach files"><input type="file" id="thread-files" multiple><span aria-hidden="true">📎</span><span class="hidden">Attach files</span> <span class="attach-name"></span></label>
      <label class="hidden" for="thread-draft">Reply</label>
      <textarea id="thread-draft" rows="1" placeholder="Reply…"></textarea>
      <button type="submit" class="send" aria-label="Send reply">➤</button>
    </form>
  </aside>
</div>
<div class="view-backdrop" id="view-backdrop" hidden></div>
<dialog class="modal view" id="view" aria-labelledby="view-title" aria-modal="true"></dialog>
<dialog class="modal wide" id="source" aria-labelledby="source-title"></dialog>`,
  });
}

/** The simulated ERP, as its own users see it. */
export function acumaticaPage(): string {
  return page({
    tab: 'acumatica',
    title: 'Acumatica',
    styles: ['controls.css', 'erp/erp.css', 'erp/drawer.css'],
    body: `<main class="erp" id="erp">
  <header class="erp-head">
    <div><h1 id="form-title">Bills and Adjustments</h1><p id="erp-about" class="muted"></p></div>
    <div class="erp-tools">
      <label class="erp-search"><span class="hidden">Search</span><input type="search" id="search" placeholder="Reference, vendor, status"></label>
      <button type="button" class="primary" id="add">+ New bill</button>
    </div>
  </header>
  <div class="filters" id="forms" role="group" aria-label="Form"></div>
  <div class="filters" id="filters" role="group" aria-label="Status"></div>
  <div class="table-wrap"><table class="bills">
    <thead><tr><th scope="col">Reference</th><th scope="col">Party</th><th scope="col" class="right">Amount</th><th scope="col">Day</th><th scope="col">Status</th><th scope="col">Changed</th></tr></thead>
    <tbody id="bills"></tbody>
  </table><p class="empty" id="empty" hidden></p></div>
  <button type="button" id="more" class="more" hidden></button>
</main>
<aside class="drawer" id="drawer" aria-labelledby="drawer-title" hidden></aside>
<dialog class="modal" id="dialog" aria-labelledby="dialog-title"></dialog>`,
  });
}

/** The other simulated ERP: its records and what its people do with them. */
export function intacctPage(): string {
  return page({
    tab: 'intacct',
    title: 'Sage Intacct',
    styles: ['controls.css', 'erp/erp.css', 'erp/drawer.css'],
    body: `<main class="erp" id="erp">
  <header class="erp-head">
    <div><h1 id="screen-title">Bills</h1><p id="erp-about" class="muted"></p></div>
    <div class="erp-tools">
      <label class="erp-search"><span class="hidden">Search</span><input type="search" id="search" placeholder="Reference, vendor, status"></label>
      <button type="button" class="primary" id="add">+ New</button>
    </div>
  </header>
  <div class="filters" id="screens" role="group" aria-label="Screen"></div>
  <div class="filters" id="filters" role="group" aria-label="Status"></div>
  <div class="table-wrap"><table class="bills">
    <thead><tr><th scope="col">Reference</th><th scope="col">What</th><th scope="col" class="right">Amount</th><th scope="col">Day</th><th scope="col">Status</th><th scope="col">Changed</th></tr></thead>
    <tbody id="records"></tbody>
  </table><p class="empty" id="empty" hidden></p></div>
</main>
<aside class="drawer" id="drawer" aria-labelledby="drawer-title" hidden></aside>
<dialog class="modal" id="dialog" aria-labelledby="dialog-title"></dialog>`,
  });
}

/** Switches that make the simulators misbehave. */
export function faultsPage(): string {
  return page({
    tab: 'faults',
    title: 'Faults',
    styles: ['controls.css', 'faults/faults.css'],
    body: `<main class="faults"><header class="faults-head"><div><h1>Faults</h1>
  <p class="muted">Make the simulators misbehave, and watch what Countersign does about it. Nothing here is needed for normal use.</p>
  <p class="numbers" id="numbers"></p></div>
  <button type="button" class="plain" id="clear-all">Switch all off</button></header>
  <div id="faults" class="fault-columns"></div></main>`,
  });
}
