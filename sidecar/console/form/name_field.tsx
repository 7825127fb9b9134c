import { useState } from "preact/hooks";
import { described, FieldHint, FieldMistakeNote } from "./field_note.tsx";
import { mistakesAt } from "./form_field.ts";
import type { FormPartProps } from "./form_part.ts";
import { nameMistake, unfinishedNameMistake, urlOfView } from "./view_name.ts";

/** The name of a new view, with the URL that the view will have. */
export function NameField({ form: { name }, onChange, mistakes, setting: { origin } }: FormPartProps) {
  const [isTyping, setTyping] = useState(false);
  const live = name === "" ? undefined : isTyping ? unfinishedNameMistake(name) : nameMistake(name);
  const mistake = mistakesAt(mistakes, "/name") ?? (live && `The name ${live}.`);
  const isTaken = mistakes.some(({ text }) => text.includes("is taken"));
  return (
    <div class="field">
      <label for="name">Name</label>
      <FieldHint of="name">
        Small letters, digits and hyphens, such as <code>sales-2025</code>. It cannot be changed later.
      </FieldHint>
      <input
        id="name"
        class="name"
        value={name}
        maxLength={200}
        spellcheck={false}
        autocapitalize="none"
        autocomplete="off"
        required
        onFocus={() => setTyping(true)}
        onBlur={() => setTyping(false)}
        onInput={({ currentTarget }) => onChange({ name: currentTarget.value.trim() })}
        {...described("name", { mistake })}
      />
      <FieldMistakeNote of="name" text={mistake} />
      {isTaken && (
        <p>
          <a href={`/views/${name}`}>Look at view {name}</a>
        </p>
      )}
      {mistake === undefined && (
        <p class="url">
          {name === "" ? "Its address will be " : "Its address: "}
          <code>{urlOfView(name || "NAME", origin)}</code>
        </p>
      )}
    </div>
  );
}
