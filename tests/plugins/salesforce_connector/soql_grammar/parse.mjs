// Reads a JSON list of queries, prints for each its object and the fields it reads of it, or why it is no SOQL.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const { parseQuery } = createRequire(`${process.argv[2]}/`)("@jetstreamapp/soql-parser-js");

const told = JSON.parse(readFileSync(0, "utf8")).map((text) => {
  try {
    const query = parseQuery(text);
    const own = (query.fields || []).filter((one) => one.type === "Field").map((one) => one.field);
    return { object: query.sObject, fields: own, refused: "" };
  } catch (error) {
    return { object: "", fields: [], refused: String(error.message || error) };
  }
});
process.stdout.write(JSON.stringify(told));
