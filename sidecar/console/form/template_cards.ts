import type { TemplateResource } from "@view-gateway/types";

/** A template to choose. */
export interface TemplateCardData {
  readonly template: TemplateResource;
  /** What the form says when it is chosen: empty for the default one, whichever that is. */
  readonly value: string;
  readonly isChosen: boolean;
  /** Where a link to the choice leads. */
  readonly isFirst: boolean;
}

/**
 * The templates to choose from, with one that the view names and that is gone.
 * @param chosen as the form says
 * @param stored as the view says; undefined for a new one
 */
export function templateCards(
  templates: readonly TemplateResource[],
  chosen: string,
  stored: string | undefined,
): readonly TemplateCardData[] {
  const isGone = stored !== undefined && stored !== "" && !templates.some(({ name }) => name === stored);
  const gone = isGone ? [{ name: stored, isDefault: false, problem: "there is no such template any more" }] : [];
  const cards = [...templates, ...gone].map((template) => ({
    template,
    // A view that names the default one goes on to name it.
    value: template.isDefault && stored !== template.name ? "" : template.name,
    isChosen: chosen === "" ? template.isDefault : chosen === template.name,
  }));
  const isUsable = ({ template: { problem } }: typeof cards[number]) => problem === undefined;
  const first = cards.find(({ isChosen }) => isChosen) ?? cards.find(isUsable);
  return cards.map((card) => ({ ...card, isFirst: card === first }));
}
