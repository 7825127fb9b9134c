import { useState } from "preact/hooks";
import type { Problem, ViewResource } from "@view-gateway/types";
import { callApi } from "../api_client.ts";
import { carryMessage } from "../browser/carried_message.ts";
import { goTo } from "../browser/go_to.ts";
import type { DetailsPage } from "../console_page.ts";
import { useAnnounce } from "../page/announce.ts";
import { DeleteDialog } from "../page/delete_dialog.tsx";
import { ProblemNote } from "../page/problem_note.tsx";
import { actionsFor, type ViewAction } from "./offered_actions.ts";

interface ActionsProps {
  readonly page: DetailsPage;
  /** The view has changed, or an action has shown that it is another than the page says. */
  readonly onChanged: () => void;
}

/** What the visitor may do with the view. */
export function ViewActions({ page, onChanged }: ActionsProps) {
  const { view: { name, route }, contact } = page;
  const { busy, problem, act, remove } = useActions(name, onChanged);
  const [isAsking, setAsking] = useState(false);
  const offered = actionsFor(page);
  return (
    <>
      <div class="buttons acts" role="group" aria-label={`Actions of ${name}`}>
        {offered.open && <a class="button" href={route.url}>Open</a>}
        {offered.jobActions.map(({ action, label, isPossible }) => (
          // It stays where it is while it has no use, so that the focus stays too.
          <button
            key={action}
            type="button"
            class="quiet"
            aria-disabled={!isPossible || busy !== undefined}
            onClick={() => isPossible && busy === undefined && act(action)}
          >
            {label}
          </button>
        ))}
        {offered.edit && <a class="button quiet" href={`/views/${name}/edit`}>Edit</a>}
        {offered.edit && <a class="button quiet" href={`/views/${name}/edit#sharing`}>Share</a>}
        {offered.delete && (
          <button
            type="button"
            class="quiet delete"
            aria-disabled={busy !== undefined}
            onClick={() => busy === undefined && setAsking(true)}
          >
            Delete
          </button>
        )}
      </div>
      {problem !== undefined && <ProblemNote problem={problem} contact={contact} />}
      {isAsking && <DeleteDialog name={name} onConfirm={remove} onClose={() => setAsking(false)} />}
    </>
  );
}

const DONE: Readonly<Record<ViewAction, string>> = { wake: "starts", sleep: "goes to sleep", restart: "restarts" };

/** Does one action at a time. Each says what it has done, or why not. */
function useActions(name: string, onChanged: () => void) {
  const announce = useAnnounce();
  const [busy, setBusy] = useState<ViewAction | "delete">();
  const [problem, setProblem] = useState<Problem>();
  const path = `/_api/views/${name}` as const;
  const begin = (action: ViewAction | "delete") => {
    setBusy(action);
    setProblem(undefined);
  };
  return {
    ...{ busy, problem },
    act: async (action: ViewAction) => {
      begin(action);
      const reply = await callApi<ViewResource>("POST", `${path}/${action}`);
      setBusy(undefined);
      if ("problem" in reply) setProblem(reply.problem);
      else announce(`View ${name} ${DONE[action]}.`);
      onChanged();
    },
    remove: async () => {
      begin("delete");
      const reply = await callApi("DELETE", path);
      if ("problem" in reply) {
        setBusy(undefined);
        setProblem(reply.problem);
        return onChanged();
      }
      carryMessage(`View ${name} is deleted.`);
      goTo("/");
    },
  };
}
