import { createServer } from "node:http";

/** Takes spans as an OTLP collector does, keeps nothing, and tells how many bytes have come to whoever asks. */
const [, , port = ""] = process.argv;
let bytes = 0;
createServer((request, response) => {
  request.on("data", (chunk: Buffer) => (bytes += chunk.length));
  request.on("end", () => response.end(request.method === "POST" ? "{}" : String(bytes)));
}).listen(Number(port), "127.0.0.1");
