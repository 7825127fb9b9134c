const MOST = 63;

/** What is wrong with a view's name, as the end of a sentence; undefined where it is good. */
export function nameMistake(name: string): string | undefined {
  if (name === "") return "is missing";
  if (name.length > MOST) return `has ${name.length} characters, and may have ${MOST} at most`;
  if (!/^[-a-z0-9]+$/.test(name)) return `must have only small letters a to z, digits and hyphens${suggestion(name)}`;
  if (!/^[a-z]/.test(name)) return `must begin with a letter${suggestion(name)}`;
  return name.endsWith("-") ? "must not end with a hyphen" : undefined;
}

/** What is wrong with a name that its author has not finished. */
export function unfinishedNameMistake(name: string): string | undefined {
  return name === "" || nameMistake(name.replace(/-+$/, "")) === undefined && name.length <= MOST
    ? undefined
    : nameMistake(name);
}

function suggestion(name: string): string {
  const close = closestName(name);
  return close === undefined ? "" : `. ${close} would do`;
}

/** A valid name like this text; undefined where nothing of it can be in a name. */
export function closestName(text: string): string | undefined {
  const words = text.normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const name = words.replace(/^-+|-+$/g, "");
  if (name === "") return undefined;
  return (/^[a-z]/.test(name) ? name : `view-${name}`).slice(0, MOST).replace(/-+$/, "");
}

/** The URL that a view of this name has. */
export function urlOfView(name: string, origin: string): string {
  return `${origin.replace("://", `://${name}.`)}/`;
}
