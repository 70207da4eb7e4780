// The yardstick of a relay: a change is written to PostgreSQL, and the whole row goes to everybody.
const http = require("http");
const express = require("express");
const { Pool } = require("pg");
const { Server } = require("socket.io");

const app = express();
const server = http.createServer(app);
// The same heartbeat as the desk's.
const io = new Server(server, { transports: ["websocket"], pingInterval: 6000, pingTimeout: 6000 });
const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 4 });

app.use(express.json());
app.post("/calls/:id", async (request, response) => {
  const { rows } = await pool.query(
    "UPDATE yardstick.call SET problem = $1, version = version + 1, updated_at = now() WHERE id = $2 RETURNING *",
    [request.body.problem, request.params.id],
  );
  // The machine's monotonic clock.
  const committed = process.hrtime.bigint();
  io.emit("call", rows[0]);
  response.json({ committed: String(committed) });
});

server.listen(Number(process.env.PORT), "127.0.0.1", () => console.log("ready"));
