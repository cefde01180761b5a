// Reads completed documents at least once, with Node.js and the package redis (npm install redis@5).
//
// usage: node subscribe.mjs GROUP [redis://HOST:PORT [NAMESPACE]]
//
// Prints the JSON of each event on a line of its own and then acknowledges it. Any number of copies
// may run with the same GROUP: they share the events. What a copy that was killed held comes again
// after RECLAIM_MS milliseconds (environment). SIGTERM and SIGINT end it between two events.
import { hostname } from "node:os";
import { createClient } from "redis";

const [group, url = "redis://localhost:6379", namespace = "fanmill"] = process.argv.slice(2);
const stream = `${namespace}:document.processed`;
const consumer = `${hostname()}-${process.pid}-${Math.random().toString(36).slice(2, 10)}`;
const reclaimMs = Number(process.env.RECLAIM_MS ?? 60_000);
const batch = 100;
let running = true;
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => { running = false; });

// Put the work here. An event whose handling throws is not acknowledged and comes again.
async function handle(id, event) {
  console.log(JSON.stringify(event));
}

async function deliver(entries) {
  for (const entry of entries ?? []) {
    if (!running) return;
    if (entry === null) continue; // removed from the stream
    let event;
    try {
      event = JSON.parse(entry.message.event);
    } catch (error) {
      console.error(`entry ${entry.id} is skipped: ${error.message}`);
    }
    try {
      if (event !== undefined) await handle(entry.id, event);
      await client.xAck(stream, group, entry.id);
    } catch (error) {
      console.error(`entry ${entry.id} comes again: ${error.message}`);
    }
  }
}

async function open() {
  try {
    await client.xGroupCreate(stream, group, "0", { MKSTREAM: true });
  } catch (error) {
    if (!error.message.includes("BUSYGROUP")) throw error; // it exists
  }
}

const client = createClient({ url, socket: { connectTimeout: 5_000, socketTimeout: 10_000 } });
client.on("error", (error) => console.error(`connection: ${error.message}`)); // it reconnects
await client.connect();
await open();
while (running) {
  try {
    // Take over what others got and did not acknowledge, then wait a second for new ones.
    const claimed = await client.xAutoClaim(stream, group, consumer, reclaimMs, "0-0", { COUNT: batch });
    await deliver(claimed.messages);
    const fresh = await client.xReadGroup(group, consumer, { key: stream, id: ">" }, { COUNT: batch, BLOCK: 1_000 });
    await deliver(fresh?.[0]?.messages);
  } catch (error) {
    console.error(error.message);
    if (error.message.includes("NOGROUP")) await open(); // deleted: everything comes again
    else await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
client.destroy();
