-- What the conformance suite tries the driver with: `troupe plugin test webhook`.
return {
  target = { url = "http://{service}", timeout = "5s" },
  service = { command = "python3", args = { "{tests}/service.py", "{port}" } },
  pause = "20ms",
  wrong = {
    { target = { url = "http://{service}/elsewhere" }, names = "/elsewhere" },
    { target = { url = "ftp://{service}" }, names = "ftp://" },
  },
}
