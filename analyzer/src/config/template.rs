//! The file that `init` writes: every key with its meaning, commented out.

/// A `split-advisor.toml` that changes nothing yet.
pub fn template() -> &'static str {
    TEMPLATE
}

const TEMPLATE: &str = r##"# What split-advisor should know of this repository. Every key is optional; what is commented out shows the form.
# Names of packages and modules mean everything below them: "server", "server::orders".

# ---- Limits that `split-advisor check` holds. What is not set has none.
[budgets]
# mode = "dev"                     # the builds that seconds are of: check, dev or release
# critical-path-seconds = 120      # a clean build with as many jobs as it can use
# rebuild-p90-seconds = 60         # nine in ten rebuilds after a commit take less
# redeploys-per-commit = 2.5       # binaries that an average commit deploys again
# largest-cycle = 10               # modules of the largest cycle
# package-lines = 20000            # lines of a package, outside of tests
# new-back-edges = 0               # dependencies that close a cycle, beyond those of the baseline

# ---- Who may see whom: each layer sees those below it, from the top to the bottom.
# [layers]
# order = [
#   ["server", "cli"],
#   ["domain"],
#   ["storage", "base"],           # side by side: these may not see each other
# ]
# except = [
#   { from = "domain::legacy", to = "server::config", reason = "goes with the old API" },
# ]

# ---- Single dependencies that may not be.
# [[forbidden]]
# from = "domain"
# to = "storage"
# reason = "the domain is tested without a database"
# except = [{ from = "domain::migrate", to = "storage::schema", reason = "needs the tables" }]
# [[forbidden]]
# from = "domain"
# to = "sqlx"                      # a package from elsewhere, or what lies in it: "tokio::fs"
# reason = "queries belong to storage"

# ---- What a finding does: "allow" (is not looked for), "warn" (is reported), "deny" (fails).
[lints]
# layer = "deny"
# forbidden = "deny"
# back-edge = "deny"
# largest-cycle = "deny"
# package-lines = "deny"
# critical-path = "deny"
# rebuild-p90 = "deny"
# redeploys-per-commit = "deny"
# blocker = "allow"

# ---- What `check` needs to say anything.
[check]
# min-followed = 0.9               # share of the references that have to be followed
# max-unread-files = 0             # files that may be unread
# slack-percent = 0                # how much a figure may grow beyond what the baseline has of it
# baseline = "split-advisor-baseline.toml"

# ---- What is deployed, where the files that say so leave something out.
[services]
# drop = ["loadtest"]              # deployables or binaries that are none
# rename = { "app work" = "jobs" }
# deploy = { default = 90, gateway = 300 } # seconds that a deploy takes; 120 where nothing is said
# add = [{ binary = "billing", name = "billing", role = "serve" }]
"##;
