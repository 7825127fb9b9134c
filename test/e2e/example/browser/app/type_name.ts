import type { LogicalType, SchemaElement } from "hyparquet";

/** A column's type as one would write it in SQL. */
export function typeName({ type, logical_type: logical, num_children, type_length }: SchemaElement): string {
  if (logical !== undefined) return logicalName(logical);
  switch (type) {
    case "BYTE_ARRAY":
      return "blob";
    case "FIXED_LEN_BYTE_ARRAY":
      return `blob(${type_length})`;
    case "INT96":
      return "timestamp";
    case undefined:
      return num_children ? "struct" : "unknown";
    default:
      return type.toLowerCase();
  }
}

function logicalName(logical: LogicalType): string {
  switch (logical.type) {
    case "DECIMAL":
      return `decimal(${logical.precision},${logical.scale})`;
    case "INTEGER":
      return `${logical.isSigned ? "" : "u"}int${logical.bitWidth}`;
    case "STRING":
    case "ENUM":
      return "varchar";
    default:
      return logical.type.toLowerCase();
  }
}
