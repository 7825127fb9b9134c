import { described, FieldHint, FieldMistakeNote } from "./field_note.tsx";
import { mistakesAt } from "./form_field.ts";
import type { FormPartProps } from "./form_part.ts";

/** Who may open the view. */
export function SharingPart(props: FormPartProps) {
  const { form, onChange, mistakes, setting: { visitor, limits, stored } } = props;
  const isOpen = form.everyone || form.isPublic;
  return (
    <fieldset class="part" id="sharing">
      <legend>Who may open it</legend>
      <p class="hint">
        {visitor === undefined
          ? "Nobody signs in to this gateway, so everybody may open each view. This counts once people sign in."
          : `Its owner may always open it${
            stored === undefined ? ": that is you" : ""
          }. Others may open it, but not change it.`}
      </p>
      <label class="line">
        <input
          type="checkbox"
          id="everyone"
          checked={form.everyone}
          onChange={({ currentTarget }) => onChange({ everyone: currentTarget.checked })}
          {...described("everyone", { hint: false, mistake: mistakesAt(mistakes, "/access/everyone") })}
        />
        everyone who is signed in
      </label>
      <FieldMistakeNote of="everyone" text={mistakesAt(mistakes, "/access/everyone")} />
      <div class="two">
        <NamesField {...props} id="users" example={visitor?.user ?? "oidc:anna"} label="These users" />
        <NamesField {...props} id="groups" example="oidc:analysts" label="These groups" />
      </div>
      {isOpen && (
        <p class="hint">
          Users and groups add nothing while {form.isPublic ? "the view is public" : "everyone may open it"}.
        </p>
      )}
      {(limits.publicViews || stored?.form.isPublic) && <PublicField {...props} />}
    </fieldset>
  );
}

interface NamesFieldProps extends FormPartProps {
  readonly id: "users" | "groups";
  readonly label: string;
  readonly example: string;
}

function NamesField({ id, label, example, form, onChange, mistakes }: NamesFieldProps) {
  const mistake = mistakesAt(mistakes, `/access/${id}`);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <FieldHint of={id}>
        One name a line, as Kubernetes knows them: <code>{example}</code>
      </FieldHint>
      <textarea
        id={id}
        rows={3}
        spellcheck={false}
        autocapitalize="none"
        autocomplete="off"
        value={form[id]}
        onInput={({ currentTarget }) => onChange({ [id]: currentTarget.value })}
        {...described(id, { mistake })}
      />
      <FieldMistakeNote of={id} text={mistake} />
    </div>
  );
}

function PublicField({ form: { isPublic }, onChange, mistakes }: FormPartProps) {
  const mistake = mistakesAt(mistakes, "/public");
  return (
    <div class="field">
      <label class="line">
        <input
          type="checkbox"
          id="public"
          checked={isPublic}
          onChange={({ currentTarget }) => onChange({ isPublic: currentTarget.checked })}
          {...described("public", { hint: isPublic, mistake })}
        />
        everybody, without a sign-in
      </label>
      {isPublic && (
        <p class="warning" id="public-hint">
          <b>This makes the view public.</b>{" "}
          Whoever reaches the gateway may open it, and read all data that you choose above.
        </p>
      )}
      <FieldMistakeNote of="public" text={mistake} />
    </div>
  );
}
