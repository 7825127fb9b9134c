const KEY = "view-gateway:message";

/** Leaves a message for the page that the browser opens next. */
export function carryMessage(text: string): void {
  try {
    sessionStorage.setItem(KEY, text);
  } catch {
    // The browser keeps nothing for this page: then the next one says nothing.
  }
}

/** Takes the message of the page before, if there is one. */
export function takeMessage(): string | undefined {
  try {
    const text = sessionStorage.getItem(KEY) ?? undefined;
    sessionStorage.removeItem(KEY);
    return text;
  } catch {
    return undefined;
  }
}
