/** Puts the environment into `${NAME}`; `$${` stays a literal `${`. Names that are not set are added to `missing`. */
export function fillIn(text: string, env: NodeJS.ProcessEnv, missing: Set<string>): string {
  return text.replace(/\$\$\{|\$\{([^}]*)\}/g, (whole, name: string | undefined) => {
    if (whole === '$${') return '${';
    const value = name && env[name];
    if (!value) missing.add(name || whole);
    return value || '';
  });
}

/** The text that `fillIn` gives back unchanged. */
export function escapeVariables(text: string): string {
  return text.replaceAll('${', '$${');
}
