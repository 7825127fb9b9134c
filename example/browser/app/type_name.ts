import type { LogicalType, SchemaElement } from "hyparquet";

/** A column's type in SQL. */
export function typeName(element: SchemaElement): string {
  const { type, logical_type: logical, converted_type, num_children, type_length } = element;
  if (logical !== undefined) return logicalName(logical);
  // What logical types were called before there were any, and what some writers still write alone.
  if (converted_type === "UTF8") return "varchar";
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
