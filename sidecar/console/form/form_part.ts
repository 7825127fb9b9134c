import type { TemplateResource } from "@view-gateway/types";
import type { ContactPoint, Visitor } from "../console_page.ts";
import type { FieldMistake } from "./form_field.ts";
import type { FormLimits } from "./form_limits.ts";
import type { ViewForm } from "./view_form.ts";

/** What a form is about, beside what a person has put into it. */
export interface FormSetting {
  readonly limits: FormLimits;
  readonly templates: readonly TemplateResource[];
  readonly origin: string;
  readonly visitor?: Visitor | undefined;
  readonly contact?: ContactPoint | undefined;
  /** What the view has now; undefined for a new one. */
  readonly stored?: {
    readonly form: ViewForm;
    /** Whether it has a pod, which gets some changes only by a restart. */
    readonly hasPod: boolean;
  };
}

/** What each part of a form gets. */
export interface FormPartProps {
  readonly form: ViewForm;
  readonly onChange: (change: Partial<ViewForm>) => void;
  readonly mistakes: readonly FieldMistake[];
  readonly setting: FormSetting;
}
