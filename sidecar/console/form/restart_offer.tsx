import type { Problem, ViewResource } from "@view-gateway/types";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { callApi } from "../api_client.ts";
import type { ContactPoint } from "../console_page.ts";
import { ProblemNote } from "../page/problem_note.tsx";

interface RestartOfferProps {
  /** The view after the change. */
  readonly view: ViewResource;
  readonly contact?: ContactPoint | undefined;
}

/** Says that the change is saved, and what the running pod does not have yet. */
export function RestartOffer({ view: { name, restartNeeded = [] }, contact }: RestartOfferProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const [problem, setProblem] = useState<Problem>();
  const [isSending, setSending] = useState(false);
  useLayoutEffect(() => heading.current?.focus(), []);
  const restart = async () => {
    if (isSending) return;
    setSending(true);
    const reply = await callApi<ViewResource>("POST", `/_api/views/${name}/restart`);
    setSending(false);
    if ("problem" in reply) setProblem(reply.problem);
    else location.assign(`/views/${name}`);
  };
  return (
    <>
      <h1 ref={heading} tabIndex={-1}>View {name} is changed</h1>
      {restartNeeded.length > 0 && (
        <p>
          It is running, and keeps its former {restartNeeded.map((what) => WORDS[what]).join(" and ")}{" "}
          until a restart. A restart ends what people do in it now.
        </p>
      )}
      {problem !== undefined && <ProblemNote problem={problem} contact={contact} />}
      <p class="buttons">
        {restartNeeded.length > 0 && (
          <button type="button" aria-disabled={isSending} onClick={restart}>Restart it now</button>
        )}
        <a class="button quiet" href={`/views/${name}`}>{restartNeeded.length > 0 ? "Later" : "Look at it"}</a>
      </p>
    </>
  );
}

const WORDS = { subsets: "data", template: "template" } as const;
