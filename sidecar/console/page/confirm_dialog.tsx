import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface ConfirmDialogProps {
  readonly title: string;
  /** What happens then. */
  readonly children: ComponentChildren;
  /** The button's text, which names what it does. */
  readonly confirm: string;
  readonly onConfirm: () => void;
  /** The question is over, whatever the answer is: take the dialog away. */
  readonly onClose: () => void;
}

/** Asks before something that cannot be undone. It is open while it is there; the browser then puts the focus back. */
export function ConfirmDialog({ title, children, confirm, onConfirm, onClose }: ConfirmDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const isOver = useRef(false);
  useEffect(() => dialog.current?.showModal(), []);
  // The browser tells of `close` a task later. By then somebody may have asked again, so the end is told at once.
  const end = () => {
    dialog.current?.close();
    if (!isOver.current) onClose();
    isOver.current = true;
  };
  const cancel = (event: Event) => {
    event.preventDefault();
    end();
  };
  const go = () => {
    end();
    onConfirm();
  };
  return (
    <dialog ref={dialog} aria-label={title} onCancel={cancel} onClose={end}>
      <h2>{title}</h2>
      {children}
      <div class="buttons">
        <button type="button" class="quiet" onClick={end}>Cancel</button>
        <button type="button" class="bad" onClick={go}>{confirm}</button>
      </div>
    </dialog>
  );
}
