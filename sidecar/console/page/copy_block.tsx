import { useRef, useState } from "preact/hooks";
import { copyText } from "../browser/copy_text.ts";
import { useAnnounce } from "./announce.ts";

interface CopyBlockProps {
  /** What the text is, such as `The command`. */
  readonly label: string;
  readonly text: string;
}

/** A text for a terminal, with a button to copy it. */
export function CopyBlock({ label, text }: CopyBlockProps) {
  const announce = useAnnounce();
  const code = useRef<HTMLElement>(null);
  const [says, setSays] = useState("Copy");
  const copy = async () => {
    const isCopied = await copyText(code.current!);
    setSays(isCopied ? "Copied" : "Selected");
    announce(
      isCopied
        ? `${label} is copied.`
        : `The browser does not let this page copy. ${label} is selected: copy it with the keyboard.`,
    );
  };
  return (
    <div class="copy">
      <pre tabIndex={0} role="region" aria-label={label}><code ref={code}>{text}</code></pre>
      <button
        type="button"
        class="quiet"
        onClick={copy}
        onBlur={() => setSays("Copy")}
        onPointerLeave={() => setSays("Copy")}
        aria-label={`${says} ${label.toLowerCase()}`}
      >
        {says}
      </button>
    </div>
  );
}
