import { el } from '../lib/dom.js';

function sizeOf({ size }) {
  return size < 1_000_000 ? `${Math.max(1, Math.round(size / 1_000))} kB` : `${(size / 1_000_000).toFixed(1)} MB`;
}

/** The files of a message, each with the way to what is in it. Null where it has none. */
export function fileList({ files }) {
  if (!files?.length) return null;
  return el(
    'ul',
    { class: 'files' },
    ...files.map((file) =>
      el('li', {}, el('a', { href: `/client/files/${file.id}`, download: file.name }, file.name), ` ${sizeOf(file)}`),
    ),
  );
}

async function read(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = '';
  for (let at = 0; at < bytes.length; at += 32_768) binary += String.fromCharCode(...bytes.subarray(at, at + 32_768));
  return { name: file.name, mimetype: file.type, content: btoa(binary) };
}

/** A paper clip in a message box: `take` gives the chosen files as they are sent and empties it. */
export function wireAttaching(form) {
  const input = form.querySelector('input[type="file"]');
  const label = form.querySelector('.attach-name');
  const show = () => {
    label.textContent = [...input.files].map(({ name }) => name).join(', ');
  };
  input.addEventListener('change', show);
  return {
    any: () => input.files.length > 0,
    async take() {
      const files = await Promise.all([...input.files].map(read));
      input.value = '';
      show();
      return files;
    },
  };
}
