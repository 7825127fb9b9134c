import { useState } from "preact/hooks";
import type { Problem, ViewResource } from "@view-gateway/types";
import { type ApiReply, callApi } from "../api_client.ts";
import type { ListPage } from "../console_page.ts";
import { useAnnounce } from "../page/announce.ts";
import { DeleteDialog } from "../page/delete_dialog.tsx";
import { ProblemNote } from "../page/problem_note.tsx";
import type { RowRights } from "./row_rights.ts";

interface RowActionsProps {
  readonly view: ViewResource;
  readonly rights: RowRights;
  readonly contact: ListPage["contact"] | undefined;
  /** An answer tells how the view is now; undefined: it is gone. */
  readonly onAnswer: (before: ViewResource, after: ViewResource | undefined) => void;
}

/** What a visitor may do with a view from the list. */
export function RowActions({ view, rights, contact, onAnswer }: RowActionsProps) {
  const { name, route } = view;
  const { isBusy, problem, wake, sleep, remove } = useRowActions(view, onAnswer);
  const [isAsking, setAsking] = useState(false);
  const button = (text: string, label: string, onClick: () => void) => (
    // The label names the view too, for those who hear buttons one by one.
    <button type="button" class="quiet" aria-label={label} aria-disabled={isBusy} onClick={() => isBusy || onClick()}>
      {text}
    </button>
  );
  return (
    <>
      <div class="buttons" role="group" aria-label={`Actions of ${name}`}>
        <a class="button" href={route.url} aria-label={`Open ${name}`}>Open</a>
        {rights.canWake && button("Wake", `Wake ${name}`, wake)}
        {rights.canSleep && button("Sleep", `Sleep: ${name}`, sleep)}
        {rights.canDelete && button("Delete", `Delete ${name}`, () => setAsking(true))}
      </div>
      {problem !== undefined && <ProblemNote problem={problem} contact={contact} />}
      {isAsking && <DeleteDialog name={name} onConfirm={remove} onClose={() => setAsking(false)} />}
    </>
  );
}

/** The actions of a row. Each says what it has done, or why not. */
function useRowActions(view: ViewResource, onAnswer: RowActionsProps["onAnswer"]) {
  const { name } = view;
  const announce = useAnnounce();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const act = async <T,>(call: Promise<ApiReply<T>>, done: string, then: (value: T) => void) => {
    setBusy(true);
    setProblem(undefined);
    const reply = await call;
    setBusy(false);
    if ("problem" in reply) return setProblem(reply.problem);
    announce(done);
    then(reply.value);
  };
  const path = `/_api/views/${name}` as const;
  return {
    ...{ isBusy, problem },
    wake: () =>
      act(callApi<ViewResource>("POST", `${path}/wake`), `View ${name} starts.`, (value) =>
        // The answer to somebody who may only open the view does not say that it is public.
        onAnswer(view, { ...view.public && { public: true }, ...value })),
    sleep: () =>
      act(
        callApi<ViewResource>("POST", `${path}/sleep`),
        `View ${name} goes to sleep.`,
        (value) => onAnswer(view, value),
      ),
    remove: () =>
      act(callApi("DELETE", path), `View ${name} is deleted.`, () => {
        // The focus would be lost with the row.
        document.getElementById("main")?.focus();
        onAnswer(view, undefined);
      }),
  };
}
