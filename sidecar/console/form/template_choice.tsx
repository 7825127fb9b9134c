import type { TemplateResource } from "@view-gateway/types";
import { described, FieldHint, FieldMistakeNote } from "./field_note.tsx";
import { mistakesAt } from "./form_field.ts";
import type { FormPartProps } from "./form_part.ts";
import { templateCards } from "./template_cards.ts";

/** The templates, one of which a view starts from. */
export function TemplateChoice({ form, onChange, mistakes, setting: { templates, stored } }: FormPartProps) {
  const mistake = mistakesAt(mistakes, "/template");
  const cards = templateCards(templates, form.template, stored?.form.template);
  return (
    <fieldset class="part" {...described("template", { mistake })}>
      <legend>What it runs</legend>
      <FieldHint of="template">
        A template says which program the view starts.
        {stored?.hasPod && " A running view gets another template only by a restart."}
      </FieldHint>
      <FieldMistakeNote of="template" text={mistake} />
      <div class="cards">
        {cards.map(({ template, value, isChosen, isFirst }) => (
          <TemplateCard
            key={template.name}
            {...isFirst && { id: "template" }}
            template={template}
            isChosen={isChosen}
            onChoose={() => onChange({ template: value })}
          />
        ))}
      </div>
    </fieldset>
  );
}

interface TemplateCardProps {
  readonly id?: string;
  readonly template: TemplateResource;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function TemplateCard({ id, template, isChosen, onChoose }: TemplateCardProps) {
  const { name, description, isDefault, warm = 0, problem } = template;
  const about = `template-${name}-about`;
  return (
    <label class={problem === undefined ? "card" : "card broken"}>
      <input
        type="radio"
        name="template"
        id={id}
        value={name}
        checked={isChosen}
        disabled={problem !== undefined && !isChosen}
        aria-describedby={about}
        onChange={onChoose}
      />
      <span class="card-name">
        <bdi>{name}</bdi>
        {isDefault && <small class="mark">default</small>}
        {warm > 0 && problem === undefined && <small class="mark good">starts at once</small>}
      </span>
      <span class="card-about" id={about}>
        {description !== undefined && <span>{description}</span>}
        {problem !== undefined && <span class="card-problem">No view can start from it: {problem}</span>}
      </span>
    </label>
  );
}
