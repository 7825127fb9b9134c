/** What the headers of answers mean. */
export const ANSWER_HEADERS = {
  "ETag": "The version of the view's spec, for `If-Match`. The phase changes without it.",
  "Location": "The path of the new view.",
  "Retry-After": "Seconds after which the request can succeed.",
  "WWW-Authenticate": "How a program says who it is: with a bearer token.",
} as const;

export type AnswerHeader = keyof typeof ANSWER_HEADERS;
