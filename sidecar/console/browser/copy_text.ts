/**
 * Copies the text of an element, and answers whether it could. Browsers give the clipboard only to pages that came by HTTPS or
 * from localhost; elsewhere the text is selected, for the reader to copy.
 */
export async function copyText(element: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(element.textContent ?? "");
    return true;
  } catch {
    getSelection()?.selectAllChildren(element);
    // Deprecated, and there is nothing else: https://developer.mozilla.org/docs/Web/API/Document/execCommand
    return document.execCommand("copy");
  }
}
