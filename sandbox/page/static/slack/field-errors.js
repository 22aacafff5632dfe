/** Takes the errors away from the fields of a form. */
export function clearErrors(form) {
  for (const block of form.querySelectorAll('[data-input-block]')) {
    block.classList.remove('wrong');
    const said = block.querySelector('.kit-error');
    said.hidden = true;
    said.textContent = '';
    for (const field of fieldsOf(block)) {
      field.removeAttribute('aria-invalid');
      field.removeAttribute('aria-describedby');
    }
  }
}

/** Shows each error at its field, `{ block id: words }`, and goes to the first. */
export function showErrors(form, errors) {
  let first = null;
  for (const block of form.querySelectorAll('[data-input-block]')) {
    const message = errors[block.dataset.inputBlock];
    if (!message) continue;
    block.classList.add('wrong');
    const said = block.querySelector('.kit-error');
    said.id ||= `error-${block.dataset.inputBlock}`;
    said.textContent = message;
    said.hidden = false;
    const fields = fieldsOf(block);
    for (const field of fields) {
      field.setAttribute('aria-invalid', 'true');
      field.setAttribute('aria-describedby', said.id);
    }
    first ??= fields[0];
  }
  first?.focus();
  first?.closest('[data-input-block]').scrollIntoView({ block: 'nearest' });
}

function fieldsOf(block) {
  return [...block.querySelectorAll('input, select, textarea')];
}
