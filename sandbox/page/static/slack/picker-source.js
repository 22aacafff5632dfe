import { choices, suggest } from './client.js';

/**
 * What a picker offers for what was typed: its own options, the app's, people or conversations.
 * `placeOf(picker)` names the view or message that it stands in.
 */
export function sourceFor(placeOf) {
  return (picker, typed) => {
    const { source, blockId, actionId, minQuery } = picker.dataset;
    const place = { ...placeOf(picker), block_id: blockId, action_id: actionId, value: typed };
    if (source === 'options') return { choices: narrowed(JSON.parse(picker.dataset.choices), typed) };
    if (source !== 'app') return choices(place).then((answer) => ({ choices: answer.choices.map(ofPlace) }));
    const missing = Number(minQuery) - typed.length;
    if (missing > 0) return { note: typed === '' ? 'Type to search' : `Type ${missing} more to search` };
    return suggest(place).then(ofApp);
  };
}

function narrowed(options, typed) {
  const wanted = typed.trim().toLowerCase();
  return options.filter(({ label }) => label.toLowerCase().includes(wanted));
}

/** A person's role, in brackets behind the name, is told apart from the name. */
function ofPlace({ id, label, kind, note }) {
  const [, name, role] = /^(.*) \((.*)\)$/.exec(label) ?? [];
  return { value: id, kind, label: name ?? label, note: role ? `${role} · ${note}` : note };
}

function ofApp({ failure, options, option_groups: groups }) {
  if (failure) return { note: 'The app did not say what there is to choose.' };
  const one = (group) => (option) => ({ ...option, label: option.text?.text ?? option.value, kind: 'option', group });
  return { choices: [...options.map(one()), ...groups.flatMap((group) => group.options.map(one(group.label?.text)))] };
}
