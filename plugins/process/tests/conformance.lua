-- What the conformance suite tries the driver with: `troupe plugin test process`.
return {
  target = {
    command = "python3 -m http.server {port} --bind 127.0.0.1 --directory {folder}",
    ports = "{ports}", -- a range of 100 at which nobody listens
    drain = "5s",
  },
  wrong = {
    { target = { command = "no-such-program-anywhere {port}" }, names = "no-such-program-anywhere" },
    { target = { command = "sleep 60" }, names = "{port}" },
    { target = { ports = "many" }, names = "target.ports" },
    { target = { ready = "soon" }, names = "target.ready" },
  },
}
