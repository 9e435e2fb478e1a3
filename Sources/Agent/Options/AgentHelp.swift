/// What `--help` and `--version` print.
package enum AgentHelp {
    package static let version = "0.1.0"

    package static let text = """
        troupe-agent \(version): watches the KPIs of one resource and streams them to Troupe.

        usage: troupe-agent --server URL [flags]

          --server URL        Troupe's address, for example https://troupe.example:8470
          --token-file FILE   holds the token that the server knows the agent by; read for each request
          --resource ID       the resource's id; default: the host's name
          --fleet NAME        the resource's fleet, until the server says it
          --scrape URL        an app's Prometheus metrics, for example http://127.0.0.1:9100/metrics;
                              may be given several times
          --interval TIME     between two samples, until the server says it: 10s, 1m; default: 10s
          --spool DIR         where samples wait while the server is away; default: $STATE_DIRECTORY,
                              else /var/lib/troupe-agent
          --spool-size SIZE   how much of it: 64MiB, 1GiB; default: 64MiB. The oldest go first
          --ca-file FILE      certificates (PEM) to trust for https, in place of the system's
          --once              collects for one second, prints what would be sent, and ends
          --version, --help

        Each flag with a value can be set in the environment: TROUPE_SERVER, TROUPE_TOKEN_FILE and so on
        (TROUPE_SCRAPE: separated by commas). A flag goes before it.

        Ends with 0 after SIGTERM or SIGINT, 64 where the flags are wrong, 1 where it cannot run.
        """
}
