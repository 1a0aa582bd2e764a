// Statements by name come in as JSON; what the grammar says against each goes out.
import { TrinoSQL } from "dt-sql-parser";
import { readFileSync } from "node:fs";

const statements = JSON.parse(readFileSync(0, "utf8"));
const parser = new TrinoSQL();
const errors = Object.entries(statements).map(([name, text]) => [
  name,
  parser.validate(text).map((error) => `${error.startLine}:${error.startColumn} ${error.message}`),
]);
process.stdout.write(JSON.stringify(Object.fromEntries(errors)));
