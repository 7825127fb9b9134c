/** This folder has the pages of the console: components that the server renders and the browser hydrates. */
import type { Problem, TemplateList, ViewResource, ViewsQuery } from "@view-gateway/types";
import type { FormLimits } from "./form/form_limits.ts";

/** Who has signed in. */
export interface Visitor {
  readonly user: string;
  readonly email?: string;
  /** Whether there is a session to end; a token goes with each request. */
  readonly canSignOut: boolean;
}

/** Whom a reader asks. */
export interface ContactPoint {
  readonly text: string;
  /** An address of mail or of a page. */
  readonly url?: string;
}

/** What every page has. */
interface PageFrame {
  /** Missing where nobody has to sign in. */
  readonly visitor?: Visitor;
  /** Whom to ask about what the reader cannot mend; missing where nobody is named. */
  readonly contact?: ContactPoint;
  /** When the server has made the page. */
  readonly now: string;
  /** Where the browser reaches the gateway, such as `https://views.example.com`. */
  readonly origin: string;
}

/** Which views a list shows, as in the page's address. */
export type ListQuery = Partial<Pick<ViewsQuery, "phase" | "owner" | "q" | "after">>;

/** The list of views, at `/`. */
export interface ListPage extends PageFrame {
  readonly page: "list";
  /** By name. Of a public view that the visitor may only open, the spec is missing. */
  readonly views: readonly ViewResource[];
  /** How many views fit the query. */
  readonly total: number;
  /** The path of the list's next page; missing on the last one. */
  readonly next?: string;
  readonly query: ListQuery;
  /** Whether the visitor may create views. */
  readonly canCreate: boolean;
  /** What the visitor may do with every view, whosever it is. */
  readonly mayAll: readonly ("patch" | "delete")[];
  /** A first view for kubectl, as YAML; only where the visitor may create views and the list has none. */
  readonly manifest?: string;
}

/** One view, at `/views/NAME`. */
export interface DetailsPage extends PageFrame {
  readonly page: "view";
  /** Of a view that the visitor may only open: its name, phase, address and creation. */
  readonly view: ViewResource;
  readonly may: ViewRights;
  /** Whether everybody may open it now without signing in. */
  readonly isPublic: boolean;
  /** Missing where the visitor may only open it. */
  readonly etag?: string;
  /** What to do about its failure. */
  readonly advice?: string;
  /** The Service that the API makes of it, as YAML. Missing where the view's own one is another, or has no valid spec. */
  readonly manifest?: string;
  /** How a program gets a token. Missing where nobody has to sign in. */
  readonly tokenCommand?: string;
}

/** What the visitor may do with a view. */
export interface ViewRights {
  readonly see: boolean;
  readonly open: boolean;
  readonly change: boolean;
  readonly delete: boolean;
}

/** The form of a new view, at `/new`. */
export interface NewPage extends PageFrame {
  readonly page: "new";
  readonly templates: TemplateList;
  readonly limits: FormLimits;
}

/** The form of a view, at `/views/NAME/edit`. */
export interface EditPage extends PageFrame {
  readonly page: "edit";
  readonly view: ViewResource;
  /** The version of the view, for `If-Match`. */
  readonly etag: string;
  readonly templates: TemplateList;
  readonly limits: FormLimits;
}

/** In place of a page that cannot be shown. */
export interface ProblemPage extends PageFrame {
  readonly page: "problem";
  readonly problem: Problem;
}

/** A page of the console with all that it shows at first. */
export type ConsolePage = ListPage | DetailsPage | NewPage | EditPage | ProblemPage;
