/** Ids that travel through Slack: what a card emits and what the listeners answer to. */
export const actionIds = {
  approve: 'decide_approve',
  reject: 'decide_reject',
  release: 'decide_release',
  hold: 'decide_hold',
  unhold: 'decide_unhold',
  expand: 'digest_expand',
  open: 'open_in_erp',
} as const;

/** The controls of App Home. */
export const homeIds = {
  approve: 'home_approve',
  reject: 'home_reject',
  release: 'home_release',
  hold: 'home_hold',
  unhold: 'home_unhold',
  decisions: 'home_decisions',
  administration: 'home_administration',
  previous: 'home_previous',
  next: 'home_next',
  pause: 'home_pause',
  resume: 'home_resume',
  runSummary: 'home_run_summary',
  replay: 'home_replay',
  replayAll: 'home_replay_all',
  push: 'home_push',
  addConnection: 'home_add_connection',
  editConnection: 'home_edit_connection',
  removeConnection: 'home_remove_connection',
  addRoute: 'home_add_route',
  editRoute: 'home_edit_route',
  retireRoute: 'home_retire_route',
} as const;

/** The controls of the form about pushes. */
export const pushIds = { renew: 'push_renew', end: 'push_end' } as const;

/** The input of a secret that the ERP makes. */
export const pushSecret = { blockId: 'push:secret', actionId: 'push_secret' } as const;

/** Linking ERP accounts and connecting connections, in Home and in what a person is told. */
export const accountIds = {
  link: 'account_link',
  unlink: 'account_unlink',
  connect: 'connection_connect',
  /** Leads to the ERP; the address is in the button. */
  follow: 'consent_follow',
} as const;

/** The form in which the ERP's people are matched. */
export const peopleIds = {
  open: 'home_people',
  again: 'people_again',
  show: 'people_show',
  search: 'people_search',
  previous: 'people_previous',
  next: 'people_next',
  byEmail: 'people_by_email',
} as const;

/** The input with which a person's Slack account is chosen, and the block that it is in. */
export const personInput = {
  actionId: 'person_account',
  blockId: ({ id, version }: { id: string; version: number }) => `person_${id}_${version}`,
} as const;

export const administratorsIds = { open: 'home_administrators' } as const;

export const administratorsInput = { blockId: 'administrators', actionId: 'administrators_named' } as const;

export const viewIds = {
  reason: 'decide_reason',
  consent: 'consent_link',
  typedLogin: 'account_login',
  push: 'push_setup',
  people: 'people',
  administrators: 'administrators',
  connection: 'setup_connection',
  history: 'document_history',
} as const;

/** What the menu of a message offers; the manifest names them. */
export const shortcutIds = { history: 'show_history', record: 'record_in_erp' } as const;

/** The controls of the form with a document's history. */
export const historyIds = {
  older: 'history_older',
  newer: 'history_newer',
  document: 'history_document',
  list: 'history_list',
} as const;

export const reasonInput = { blockId: 'reason', actionId: 'reason_text' } as const;

/** The controls of the form of a connection; each input is a block of its own, named after its field. */
export const setupIds = {
  value: 'setup_value',
  erp: 'setup_erp',
  timeZone: 'setup_time_zone',
  back: 'setup_back',
  showStored: 'setup_show_stored',
} as const;

/** The metadata by which one of our messages is found again. It is visible to the workspace: ids only. */
export const metadataType = 'countersign_message';
