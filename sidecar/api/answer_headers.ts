/** What the headers of answers mean. */
export const ANSWER_HEADERS = {
  "Accept-Patch": "The media type that a change has to have.",
  "Allow": "The methods that the path has.",
  "ETag": "The version of the view's spec, for `If-Match`. The phase changes without it.",
  "Location": "The path of the new view.",
  "Retry-After": "Seconds after which the request can succeed.",
  "WWW-Authenticate": "How a program says who it is: with a bearer token.",
} as const;

export type AnswerHeader = keyof typeof ANSWER_HEADERS;
