// A table's rows as icebird, a client of Iceberg that nobody here wrote, reads them from the bucket.
// In: {endpoint, metadata}, the location of the table's metadata file. Out: the rows, values that JSON lacks as text.
import { readFileSync } from "node:fs";
import { icebergRead } from "icebird";

const { endpoint, metadata } = JSON.parse(readFileSync(0, "utf8"));

// It takes buckets to be Amazon's and open to all; these are somewhere else, where any signature will do.
const scope = "test/20260101/us-east-1/s3/aws4_request";
const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`;
const fetched = globalThis.fetch;
globalThis.fetch = (url, init = {}) => {
  const headers = new Headers(init.headers);
  headers.set("authorization", authorization);
  const place = String(url).replace(/^https:\/\/([^/]+)\.s3\.amazonaws\.com\//, `${endpoint}/$1/`);
  return fetched(place, { ...init, headers });
};

function shown(value) {
  if (value === null || value === undefined) return null;
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  return value;
}

const [, tableUrl, metadataFileName] = metadata.match(/^(.*)\/metadata\/([^/]+)$/);
icebergRead({ tableUrl, metadataFileName }).then((rows) => {
  const all = rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, shown(value)])));
  process.stdout.write(JSON.stringify(all));
});
