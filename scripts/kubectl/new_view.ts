import type { CreateView, Subset } from "@view-gateway/types";
import { InvalidArgumentError } from "commander";

export interface NewViewOptions {
  readonly subset?: readonly Subset[];
  readonly template?: string;
  readonly idle?: number;
  readonly lifetime?: number;
  readonly shareUser?: readonly string[];
  readonly shareGroup?: readonly string[];
  readonly everyone?: boolean;
  readonly public?: boolean;
}

/** The body that creates a view. */
export function newView(name: string, options: NewViewOptions): CreateView {
  const { subset = [], template, idle, lifetime, shareUser, shareGroup, everyone } = options;
  const access = {
    ...shareUser !== undefined && { users: [...shareUser] },
    ...shareGroup !== undefined && { groups: [...shareGroup] },
    ...everyone === true && { everyone },
  };
  return {
    name,
    ...template !== undefined && { template },
    subsets: [...subset],
    ...idle !== undefined && { idleSeconds: idle },
    ...lifetime !== undefined && { maxLifetimeSeconds: lifetime },
    ...Object.keys(access).length > 0 && { access },
    ...options.public === true && { public: true },
  };
}

/**
 * A subset as a person writes it: `lake/sales/2025`, `lake/sales/:readwrite`, or `lake` for a whole bucket.
 * @throws InvalidArgumentError
 */
export function subsetOf(text: string): Subset {
  const [, place = "", access] = /^(.*?)(?::(read|readwrite))?$/s.exec(text)!;
  const [, bucket = "", prefix = ""] = /^([^/]*)\/?(.*)$/s.exec(place)!;
  if (bucket === "" || bucket.includes(":")) {
    throw new InvalidArgumentError("It must be BUCKET/PREFIX, with :readwrite where the view may also write there.");
  }
  return { bucket, ...prefix !== "" && { prefix }, ...access === "readwrite" && { access } };
}
