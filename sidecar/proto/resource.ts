/** This folder has protobuf's `Any`, and an xDS resource with its version. */
import { createHash } from "node:crypto";
import { envoy } from "../gen/envoy.js";
import type { MessageType } from "./any.ts";

const { Cluster } = envoy.config.cluster.v3;
const { TypedExtensionConfig } = envoy.config.core.v3;
const { ClusterLoadAssignment } = envoy.config.endpoint.v3;
const { Listener } = envoy.config.listener.v3;
const { RouteConfiguration } = envoy.config.route.v3;
const { Secret } = envoy.extensions.transport_sockets.tls.v3;

export const CLUSTER = "type.googleapis.com/envoy.config.cluster.v3.Cluster";
export const ENDPOINTS = "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment";
export const EXTENSION = "type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig";
export const LISTENER = "type.googleapis.com/envoy.config.listener.v3.Listener";
export const ROUTES = "type.googleapis.com/envoy.config.route.v3.RouteConfiguration";
export const SECRET = "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret";

/** The types of resource that Envoy is given. */
export type TypeUrl =
  | typeof CLUSTER
  | typeof ENDPOINTS
  | typeof EXTENSION
  | typeof LISTENER
  | typeof ROUTES
  | typeof SECRET;

/** One piece of Envoy's configuration, encoded once. */
export interface Resource {
  readonly type: TypeUrl;
  /** Unique within the type. */
  readonly name: string;
  /** A hash of the body: equal content has an equal version, in every process. */
  readonly version: string;
  /** The encoded message. */
  readonly body: Uint8Array;
}

export interface ResourceId {
  readonly type: TypeUrl;
  readonly name: string;
}

export function cluster(message: envoy.config.cluster.v3.ICluster & { readonly name: string }): Resource {
  return resource(CLUSTER, message.name, Cluster, message);
}

export function endpoints(
  message: envoy.config.endpoint.v3.IClusterLoadAssignment & { readonly clusterName: string },
): Resource {
  return resource(ENDPOINTS, message.clusterName, ClusterLoadAssignment, message);
}

/** A filter that a listener names, and that can change without the listener's connections (ECDS). */
export function namedFilter(message: envoy.config.core.v3.ITypedExtensionConfig & { readonly name: string }): Resource {
  return resource(EXTENSION, message.name, TypedExtensionConfig, message);
}

export function listener(message: envoy.config.listener.v3.IListener & { readonly name: string }): Resource {
  return resource(LISTENER, message.name, Listener, message);
}

export function routes(message: envoy.config.route.v3.IRouteConfiguration & { readonly name: string }): Resource {
  return resource(ROUTES, message.name, RouteConfiguration, message);
}

/** A certificate with its key, which a listener names (SDS). */
export function secret(
  message: envoy.extensions.transport_sockets.tls.v3.ISecret & { readonly name: string },
): Resource {
  return resource(SECRET, message.name, Secret, message);
}

function resource<Message>(type: TypeUrl, name: string, encoder: MessageType<Message>, message: Message): Resource {
  const body = encoder.encode(message).finish();
  return { type, name, version: createHash("sha256").update(body).digest("base64url").slice(0, 22), body };
}
