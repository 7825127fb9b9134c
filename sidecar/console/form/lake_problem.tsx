import { useState } from "preact/hooks";
import type { Problem } from "@view-gateway/types";
import type { ContactPoint } from "../console_page.ts";
import { FormProblem } from "./form_problem.tsx";
import { type LakePlace, typedPlace } from "./lake_place.ts";

interface LakeProblemProps {
  readonly problem: Problem;
  /** Where the lake could not be read. Undefined: its buckets. */
  readonly place: LakePlace | undefined;
  readonly contact: ContactPoint | undefined;
  readonly onAgain: () => void;
  readonly onGo: (place: LakePlace) => void;
}

/** Why a place of the lake could not be read, and how to go on. */
export function LakeProblem({ problem, place, contact, onAgain, onGo }: LakeProblemProps) {
  return (
    <div class="lake-problem">
      <FormProblem problem={problem} contact={contact} />
      {place === undefined && problem.status === 403 && <BucketByName onGo={onGo} />}
      <button type="button" onClick={onAgain}>Read the lake again</button>
    </div>
  );
}

/** A role may read a bucket without the right to list all buckets. */
function BucketByName({ onGo }: Pick<LakeProblemProps, "onGo">) {
  const [name, setName] = useState("");
  const go = () => name.trim() !== "" && onGo(typedPlace({ bucket: name, prefix: "" }));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.isComposing) return;
    // Enter would send the whole form.
    event.preventDefault();
    go();
  };
  return (
    <p>
      <label for="lake-bucket">Name of a bucket</label>
      <input
        id="lake-bucket"
        value={name}
        placeholder="lake"
        spellcheck={false}
        autocapitalize="none"
        onInput={({ currentTarget }) => setName(currentTarget.value)}
        onKeyDown={onKeyDown}
      />{" "}
      <button type="button" class="quiet" onClick={go}>Look into it</button>
    </p>
  );
}
