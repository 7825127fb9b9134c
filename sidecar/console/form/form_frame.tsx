import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ContactLink } from "../page/contact_link.tsx";
import type { FieldMistake } from "./form_field.ts";
import type { FormPartProps, FormSetting } from "./form_part.ts";
import { FormProblem } from "./form_problem.tsx";
import { NameField } from "./name_field.tsx";
import { SharingPart } from "./sharing_part.tsx";
import { SubsetsPart } from "./subsets_part.tsx";
import { TemplateChoice } from "./template_choice.tsx";
import { TimesPart } from "./times_part.tsx";
import type { ViewFormSession } from "./use_view_form.ts";

interface FormFrameProps {
  readonly session: ViewFormSession;
  readonly setting: FormSetting;
  /** @param button the value of the button that was pressed */
  readonly onSubmit: (button: string) => void;
  /** What stands above the buttons. */
  readonly note?: ComponentChildren;
  readonly buttons: ComponentChildren;
}

/** A form with all parts of a view, its mistakes, and its buttons. */
export function FormFrame({ session, setting, onSubmit, note, buttons }: FormFrameProps) {
  const { form, mistakes, problem, isSending, change } = session;
  const [isReady, setReady] = useState(false);
  useEffect(() => setReady(true), []);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    onSubmit((event.submitter as HTMLButtonElement | null)?.value ?? "");
  };
  const part: FormPartProps = { form, mistakes, setting, onChange: change };
  const hasSubsets = setting.limits.hasLake || form.subsets.length > 0;
  return (
    <form class="view-form" noValidate autocomplete="off" onSubmit={submit} aria-busy={isSending}>
      {/* What is typed before the script runs would be lost. */}
      <fieldset class="whole" disabled={!isReady} aria-label="The view">
        <MistakeSummary session={session} setting={setting} />
        {setting.stored === undefined && <NameField {...part} />}
        <TemplateChoice {...part} />
        {hasSubsets && <SubsetsPart {...part} />}
        <TimesPart {...part} />
        <SharingPart {...part} />
        {note}
        {problem !== undefined && <Refusal session={session} setting={setting} />}
        <div class="buttons send">
          {buttons}
          {isSending && <span role="status">Sending …</span>}
        </div>
      </fieldset>
    </form>
  );
}

interface FrameNoteProps {
  readonly session: ViewFormSession;
  readonly setting: FormSetting;
}

/** All mistakes, with links to their fields. It gets the focus. */
function MistakeSummary({ session: { mistakes, summary, refusal }, setting: { contact } }: FrameNoteProps) {
  if (mistakes.length === 0) return null;
  return (
    <div class="problem summary" ref={summary} tabIndex={-1} role="group" aria-labelledby="summary-title">
      <h2 id="summary-title">{mistakes.length === 1 ? "One thing is wrong" : `${mistakes.length} things are wrong`}</h2>
      <ul>
        {mistakes.map((mistake) => (
          <li key={mistake.pointer + mistake.text}>
            <FieldLink mistake={mistake} />
          </li>
        ))}
      </ul>
      {refusal?.status === 403 && contact !== undefined && (
        <p>
          For more grants, ask <ContactLink contact={contact} />.
        </p>
      )}
    </div>
  );
}

function FieldLink({ mistake: { field, text } }: { readonly mistake: FieldMistake }) {
  if (field === undefined) return <>{text}</>;
  const go = (event: Event) => {
    event.preventDefault();
    document.getElementById(field)?.focus();
  };
  return <a href={`#${field}`} onClick={go}>{text}</a>;
}

/** Why the API has refused, and that nothing is lost. */
function Refusal({ session: { problem }, setting: { contact } }: FrameNoteProps) {
  return problem === undefined ? null : <FormProblem problem={problem} contact={contact} />;
}
