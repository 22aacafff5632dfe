/** Blocks as they stand now: each control begins with what is filled in, as the simulator keeps it for this view. */
export function withState(blocks, values) {
  return blocks.map((block) => {
    const held = values?.[block.block_id] ?? {};
    const fill = (element) => (held[element?.action_id] ? withValue(element, held[element.action_id]) : element);
    return {
      ...block,
      ...(block.element && { element: fill(block.element) }),
      ...(block.accessory && { accessory: fill(block.accessory) }),
      ...(Array.isArray(block.elements) && block.type === 'actions' && { elements: block.elements.map(fill) }),
    };
  });
}

/** `selected_option` becomes `initial_option`, `value` becomes `initial_value`; what is empty begins empty. */
function withValue(element, state) {
  const [key, value] = Object.entries(state).find(([name]) => name !== 'type') ?? [];
  if (!key || (key !== 'value' && !key.startsWith('selected_'))) return element;
  const initial = key === 'value' ? 'initial_value' : key.replace('selected_', 'initial_');
  const { [initial]: _, ...rest } = element;
  return value === null || value.length === 0 ? rest : { ...rest, [initial]: value };
}
