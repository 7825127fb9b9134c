/** Two methods for tests, whose messages are a Check's. */
import { envoy } from "../../gen/envoy.js";
import { bidirectional, unary } from "../method.ts";

const { CheckRequest, CheckResponse } = envoy.service.auth.v3;

export type Asked = envoy.service.auth.v3.CheckRequest;
export type Answered = envoy.service.auth.v3.ICheckResponse;

export const ASK = unary({ path: "/test.Test/Ask", request: CheckRequest, response: CheckResponse });
export const TALK = bidirectional({ path: "/test.Test/Talk", request: CheckRequest, response: CheckResponse });

/** A request that names a host. */
export function asking(host: string): Asked {
  return CheckRequest.create({ attributes: { request: { http: { host } } } });
}

export function hostOf(asked: Asked): string {
  return asked.attributes?.request?.http?.host ?? "";
}

/** A response that says something. */
export function saying(message: string): Answered {
  return { status: { message } };
}
