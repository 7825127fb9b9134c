import { ProblemNote, type ProblemNoteProps } from "../page/problem_note.tsx";

/** What went wrong in a form, and that nothing is lost: to load the page again would lose what is typed. */
export function FormProblem({ problem, contact }: Pick<ProblemNoteProps, "problem" | "contact">) {
  if (problem.status === 401) {
    return (
      <div class="problem" role="alert">
        <p>
          <b>You are signed out.</b> Nothing that you have typed is lost:{" "}
          <a href="/_auth/" target="_blank" rel="noopener">sign in in another tab</a>, then try again here.
        </p>
      </div>
    );
  }
  return (
    <>
      <ProblemNote problem={problem} contact={contact} />
      <p class="hint">Nothing that you have typed is lost.</p>
    </>
  );
}
