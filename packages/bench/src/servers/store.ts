import { startS3Server } from "@tagsmith/s3-server/server";

/** The embedded S3 over the folder named; prints its address. */
const [, , root = ""] = process.argv;
const { url } = await startS3Server({ root, port: 0 });
process.stdout.write(`${url}\n`);
