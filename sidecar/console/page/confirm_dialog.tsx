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
  useEffect(() => dialog.current?.showModal(), []);
  const close = () => dialog.current?.close();
  const go = () => {
    close();
    onConfirm();
  };
  return (
    <dialog ref={dialog} aria-label={title} onClose={onClose}>
      <h2>{title}</h2>
      {children}
      <div class="buttons">
        <button type="button" class="quiet" onClick={close}>Cancel</button>
        <button type="button" class="bad" onClick={go}>{confirm}</button>
      </div>
    </dialog>
  );
}
