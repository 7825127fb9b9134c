export default {
  title: "LakeListing",
  description: "The answer of `GET /_api/lake`: buckets, or with `bucket` what lies below a prefix of that bucket.",
  anyOf: [{ $ref: "#/definitions/LakeBuckets" }, { $ref: "#/definitions/LakeFolder" }],
};
