import type { Invalid, Problem } from "@view-gateway/types";
import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ApiReply, ApiSuccess } from "../api_client.ts";
import { type FieldMistake, fieldMistakes, isAtOrBelow, mistakesIn } from "./form_field.ts";
import type { FormLimits } from "./form_limits.ts";
import { formMistakes } from "./form_mistakes.ts";
import type { ViewForm } from "./view_form.ts";

export interface ViewFormSession {
  readonly form: ViewForm;
  readonly mistakes: readonly FieldMistake[];
  /** Why the API has refused, where that is about no field. */
  readonly problem: Problem | undefined;
  /** The answer that brought the mistakes. */
  readonly refusal: Problem | undefined;
  readonly isSending: boolean;
  /** Gets the focus when there are mistakes. */
  readonly summary: RefObject<HTMLDivElement | null>;
  readonly change: (change: Partial<ViewForm>) => void;
  readonly showProblem: (problem: Problem | undefined) => void;
  /** Sends the form once, if the browser finds no mistake in it. Undefined: it stays as it is, with what is wrong. */
  readonly send: <T>(request: () => Promise<ApiReply<T>>) => Promise<ApiSuccess<T> | undefined>;
}

/** Which places of the spec a part of the form is. */
const PLACES: Readonly<Record<keyof ViewForm, string>> = {
  name: "/name",
  template: "/template",
  subsets: "/subsets",
  idle: "/idleSeconds",
  lifetime: "/maxLifetimeSeconds",
  users: "/access/users",
  groups: "/access/groups",
  everyone: "/access/everyone",
  isPublic: "/public",
};

/** A form with what a person has typed and what is wrong with it. Whatever fails, nothing that is typed is lost. */
export function useViewForm(initial: ViewForm, limits: FormLimits): ViewFormSession {
  const [form, setForm] = useState(initial);
  const [found, setFound] = useState<readonly Invalid[]>([]);
  const [answer, setAnswer] = useState<Problem>();
  const [isSending, setSending] = useState(false);
  const isBusy = useRef(false);
  const summary = useRef<HTMLDivElement>(null);
  const [tries, setTries] = useState(0);
  useLayoutEffect(() => {
    if (tries > 0) summary.current?.focus();
  }, [tries]);

  const refuse = (mistakes: readonly Invalid[], problem?: Problem) => {
    setFound(mistakes);
    setAnswer(problem);
    setTries((count) => count + 1);
  };
  const change = (next: Partial<ViewForm>) => {
    setForm((form) => ({ ...form, ...next }));
    const places = (Object.keys(next) as (keyof ViewForm)[]).map((member) => PLACES[member]);
    setFound((found) => found.filter(({ pointer }) => !places.some((place) => isAtOrBelow(pointer, place))));
  };
  const send = async <T>(request: () => Promise<ApiReply<T>>) => {
    // A second click comes before the first one is rendered.
    if (isBusy.current) return undefined;
    const mistakes = formMistakes(form, limits);
    if (mistakes.length > 0) return void refuse(mistakes);
    isBusy.current = true;
    setSending(true);
    setAnswer(undefined);
    setFound([]);
    const reply = await request();
    isBusy.current = false;
    setSending(false);
    if (!("problem" in reply)) return reply;
    refuse(mistakesIn(reply.problem) ?? [], reply.problem);
  };
  const mistakes = fieldMistakes(found, form);
  return {
    ...{ form, mistakes, isSending, summary, change, send },
    problem: found.length > 0 || answer === undefined || mistakesIn(answer) !== undefined ? undefined : answer,
    refusal: answer,
    showProblem: setAnswer,
  };
}
