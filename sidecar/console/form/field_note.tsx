import type { ComponentChildren } from "preact";

/** The attributes that join a field to its hint and its mistake. */
export function described(id: string, { hint = true, mistake }: { hint?: boolean; mistake: string | undefined }) {
  const ids = [...hint ? [`${id}-hint`] : [], ...mistake !== undefined ? [`${id}-mistake`] : []];
  return {
    ...ids.length > 0 && { "aria-describedby": ids.join(" ") },
    ...mistake !== undefined && { "aria-invalid": true as const },
  };
}

export function FieldHint({ of, children }: { readonly of: string; readonly children: ComponentChildren }) {
  return <p class="hint" id={`${of}-hint`}>{children}</p>;
}

/** What is wrong with a field, at the field. */
export function FieldMistakeNote({ of, text }: { readonly of: string; readonly text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <p class="mistake" id={`${of}-mistake`}>
      <span class="unseen">Mistake:</span> {text}
    </p>
  );
}
