import { useAnnounce } from "./announce.ts";

interface CopyBlockProps {
  /** What the text is, such as `The command`. */
  readonly label: string;
  readonly text: string;
}

/** A text for a terminal, with a button to copy it. */
export function CopyBlock({ label, text }: CopyBlockProps) {
  const announce = useAnnounce();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      announce(`${label} is copied.`);
    } catch {
      // Browsers give the clipboard only to pages that came by HTTPS or from localhost.
      announce(`The browser does not let this page copy. Select ${label.toLowerCase()} instead.`);
    }
  };
  return (
    <div class="copy">
      <pre tabIndex={0} aria-label={label}><code>{text}</code></pre>
      <button type="button" class="quiet" onClick={copy} aria-label={`Copy ${label.toLowerCase()}`}>Copy</button>
    </div>
  );
}
