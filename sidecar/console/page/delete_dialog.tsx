import { ConfirmDialog } from "./confirm_dialog.tsx";

interface DeleteDialogProps {
  readonly name: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks whether a view shall be deleted, and tells what is lost. */
export function DeleteDialog({ name, onConfirm, onClose }: DeleteDialogProps) {
  return (
    <ConfirmDialog
      title={`Delete view ${name}?`}
      confirm={`Delete ${name}`}
      onConfirm={onConfirm}
      onClose={onClose}
    >
      <p>
        The view and its address are gone then. Requests that it answers now may break. The objects of its subsets stay
        in the lake.
      </p>
    </ConfirmDialog>
  );
}
